// @ts-check

/**
 * How each rendition is made: arguments for ffmpeg. What comes in is a clip and nothing else: ffmpeg would
 * also follow a playlist that calls itself one, to other files and addresses.
 * @type {Record<string, (source: string, target: string) => string[]>}
 */
export const recipes = {
  clip: (source, target) =>
    wordsOf(
      `-f mov -i SOURCE -vf scale=480:-2 -c:v libx264 -preset veryfast -crf 28 -pix_fmt yuv420p -an
       -movflags +faststart -f mp4 TARGET`,
      { SOURCE: source, TARGET: target },
    ),
  picture: (source, target) =>
    wordsOf(
      `-f mov -ss 1 -i SOURCE -frames:v 1 -vf scale=320:-2 -c:v png -f image2 -update 1 TARGET`,
      {
        SOURCE: source,
        TARGET: target,
      },
    ),
};

/** @param {string} line @param {Record<string, string>} files */
const wordsOf = (line, files) => line.split(/\s+/).map((word) => files[word] ?? word);
