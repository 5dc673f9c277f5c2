import { Resvg, renderAsync } from '@resvg/resvg-js';
import { mapError } from '../errors.ts';

const defaultWidth = 1_920;

/** Fonts that servers have, those first that run as wide as the picture was measured for. */
const families = [
  'Liberation Sans',
  'Arial',
  'Nimbus Sans',
  'Helvetica',
  'Roboto',
  'Inter',
  'Noto Sans',
  'DejaVu Sans',
];

/**
 * An SVG of ours as a PNG, `width` px wide. Text is set in the fonts of the system; without any font
 * it would silently be left out, so that is an error.
 * Throws TERR_MAP_FONT.
 */
export async function pngOf(svg: string, width = defaultWidth): Promise<Buffer> {
  // Fonts may be installed while we run, so that only what was found is remembered.
  font ??= findFont();
  if (font === undefined)
    throw mapError(
      'FONT',
      'no font is installed, so a PNG would have no text; install one, such as fonts-dejavu-core, or ask for the SVG',
    );
  const image = await renderAsync(svg, {
    fitTo: { mode: 'width', value: width },
    font: { loadSystemFonts: true, defaultFontFamily: font, sansSerifFamily: font },
  });
  return image.asPng();
}

let font: string | undefined;

/** The first of the families that is there, any font otherwise; undefined: there is none. */
function findFont(): string | undefined {
  const unknown = widthIn('no such font');
  if (unknown === undefined) return undefined;
  return families.find((family) => widthIn(family) !== unknown) ?? 'sans-serif';
}

/** How wide a word is; an unknown family is set in whatever is there. */
function widthIn(family: string): number | undefined {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="20"><text y="15" font-size="12" font-family="${family}">Customers at risk</text></svg>`;
  return new Resvg(svg, { font: { loadSystemFonts: true } }).getBBox()?.width;
}
