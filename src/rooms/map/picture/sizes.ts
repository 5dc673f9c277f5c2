import type { Collapsed } from './collapse.ts';

/** px */
export const boxHeight = 48;
const leastWidth = 132;
const mostWidth = 216;
/** Beside the title: the state and the margins. */
const besideTitle = 46;
const anchorWidth = 180;

/** Characters of a title that are drawn. */
export const maxTitle = 28;

/** Widths of characters at 13 px, in px: good enough for a box, and no font is needed to know them. */
const narrow = new Set("iljtfI.,:;'|!()[]/ ".split(''));
const wide = new Set('mwMW@%'.split(''));

/** About how wide a text is at 13 px, in px. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width += narrow.has(character)
      ? 4.2
      : wide.has(character)
        ? 11.4
        : /[A-Z]/.test(character)
          ? 9
          : 7.4;
  return width;
}

/** A title as it is drawn. */
export function shortTitle(title: string): string {
  return title.length <= maxTitle ? title : `${title.slice(0, maxTitle - 1).trimEnd()}…`;
}

/** How large a box is, whole px. */
export function sizeOf({ title, anchor }: Pick<Collapsed, 'title' | 'anchor'>): {
  readonly width: number;
  readonly height: number;
} {
  const wanted = textWidth(shortTitle(title)) + besideTitle;
  const width = Math.max(anchor ? anchorWidth : leastWidth, Math.min(mostWidth, wanted));
  // So that boxes of alike titles stand in line.
  return { width: Math.ceil(width / 12) * 12, height: boxHeight };
}
