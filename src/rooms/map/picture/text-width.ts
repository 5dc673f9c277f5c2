/**
 * Widths of characters in thousandths of the size of the font, as in Arial and what is as wide. A
 * server has no canvas to measure on, and the fonts of who looks at the picture are not known anyway.
 */
const widths: Readonly<Record<string, number>> = {
  none: 0, // stands above the character before it
  narrow: 260, // i, l and the like
  small: 350,
  normal: 560,
  capital: 680,
  wide: 880,
  full: 1000, // East Asian characters, and pictures
};
/** Bold letters are wider, by so much. */
const bolder = 1.08;

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

export interface Font {
  /** px */
  readonly size: number;
  readonly bold?: boolean | undefined;
}

/** About how wide a text is, px. */
export function textWidth(text: string, { size, bold = false }: Font): number {
  let sum = 0;
  for (const character of text) sum += widthOfOne(character);
  return (sum * size * (bold ? bolder : 1)) / 1_000;
}

/** As much of a text as fits into so many px, with an ellipsis for the rest. */
export function cutText(text: string, font: Font, room: number): string {
  if (textWidth(text, font) <= room) return text;
  let width = textWidth('…', font);
  let kept = '';
  for (const character of text) {
    width += textWidth(character, font);
    if (width > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** A title of at most 28 characters; cut behind the 26th with an ellipsis. */
export function shortTitle(title: string): string {
  const characters = Array.from(title);
  return characters.length <= 28 ? title : `${characters.slice(0, 26).join('').trimEnd()}…`;
}
