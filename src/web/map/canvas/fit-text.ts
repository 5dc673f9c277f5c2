const widths = new Map<string, number>();
const widthsAtMost = 4_000;
let context: CanvasRenderingContext2D | undefined | null;

/** px of a text in a font as CSS has it. */
function widthOf(text: string, font: string): number {
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  context ??= document.createElement('canvas').getContext('2d');
  if (context) context.font = font;
  const width = context?.measureText(text).width ?? text.length * 7;
  if (widths.size >= widthsAtMost) widths.clear();
  widths.set(key, width);
  return width;
}

interface Font {
  /** px */
  readonly size: number;
  readonly weight?: number;
}

const cssOf = ({ size, weight = 400 }: Font): string => `${weight} ${size}px ${sans}`;
const sans = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** px that a text takes. */
export const textWidth = (text: string, font: Font): number => widthOf(text, cssOf(font));

/** As much of a text as fits, with an ellipsis for the rest: SVG has none of its own. */
export function fitText(text: string, width: number, font: Font): string {
  const css = cssOf(font);
  if (widthOf(text, css) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (widthOf(`${text.slice(0, middle).trimEnd()}…`, css) <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : `${text.slice(0, low).trimEnd()}…`;
}

/** A text as it is drawn; `length`: drawn closer, to be so wide. */
export interface Fitted {
  readonly text: string;
  readonly length?: number;
}

/** A text that is a little too wide is drawn a little closer before any of it is left out. */
const closest = 1.14;

/** As much of a text as fits, drawn a little closer where that is enough. */
export function squeezed(text: string, width: number, font: Font): Fitted {
  const wanted = textWidth(text, font);
  if (wanted <= width) return { text };
  return wanted <= width * closest ? { text, length: width } : { text: fitText(text, width, font) };
}

/** A text in one or two lines, broken between words; the second one ends where the room does. */
export function inTwoLines(text: string, width: number, font: Font): readonly Fitted[] {
  const fits = (part: string): boolean => textWidth(part.trimEnd(), font) <= width * closest;
  if (fits(text)) return [squeezed(text, width, font)];
  const parts = text.split(/(?<=[\s/-])/);
  let first = '';
  while (parts.length > 0 && fits(first + (parts[0] ?? ''))) first += parts.shift() ?? '';
  if (first === '') return [squeezed(text, width, font)];
  return [first.trimEnd(), parts.join('')].map((part) => squeezed(part, width, font));
}
