/**
 * Widths of characters in thousandths of the size of the font: averages of the common sans serif
 * fonts (Arial, Segoe UI, DejaVu Sans, Roboto), bold enough for titles. A server has no canvas to
 * measure on, and the fonts of who looks at the picture are not known anyway.
 */
const widths: Readonly<Record<string, number>> = {
  narrow: 320, // i, l and the like
  small: 420,
  normal: 590,
  capital: 700,
  wide: 900,
  full: 1000, // East Asian characters, and pictures
};

const classes: readonly (readonly [RegExp, string])[] = [
  [/[ijlI.,:;'|!`]/, 'narrow'],
  [/[frt\s()[\]{}/\\"*-]/, 'small'],
  [/[mwMW@%—…]/, 'wide'],
  [/[A-Z]/, 'capital'],
  [
    /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u{1f000}-\u{1faff}]/u,
    'full',
  ],
  [/\p{M}/u, 'none'],
];

const known = new Map<string, number>();

function widthOfOne(character: string): number {
  const cached = known.get(character);
  if (cached !== undefined) return cached;
  const found = classes.find(([like]) => like.test(character));
  const width = widths[found?.[1] ?? 'normal'] ?? 0;
  if (known.size < 2_000) known.set(character, width);
  return width;
}

/** About how wide a text is in a font of that size, px. */
export function textWidth(text: string, size: number): number {
  let sum = 0;
  for (const character of text) sum += widthOfOne(character);
  return (sum * size) / 1_000;
}

/** As much of a text as fits into so many px, with an ellipsis for the rest. */
export function cutText(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  const characters = [...text];
  let width = textWidth('…', size);
  let end = 0;
  for (const character of characters) {
    width += textWidth(character, size);
    if (width > room) break;
    end++;
  }
  return `${characters.slice(0, end).join('').trimEnd()}…`;
}

/** A title of at most 28 characters; cut behind the 26th with an ellipsis. */
export function shortTitle(title: string): string {
  const characters = [...title];
  return characters.length <= 28 ? title : `${characters.slice(0, 26).join('').trimEnd()}…`;
}
