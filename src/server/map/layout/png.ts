import { renderAsync } from '@resvg/resvg-js';
import { mapError } from '../errors.ts';

const defaultWidth = 1_920;

/**
 * An SVG of ours as a PNG, `width` px wide. Text is set in the fonts of the system; without any font
 * it would silently be left out, so that is an error.
 * Throws TERR_MAP_FONT.
 */
export async function pngOf(svg: string, width = defaultWidth): Promise<Buffer> {
  if (!(await hasFont()))
    throw mapError(
      'FONT',
      'no font is installed, so a PNG would have no text; install one, such as fonts-dejavu-core, or ask for the SVG',
    );
  const image = await renderAsync(svg, {
    fitTo: { mode: 'width', value: width },
    font: { loadSystemFonts: true, sansSerifFamily: 'DejaVu Sans' },
  });
  return image.asPng();
}

let known: Promise<boolean> | undefined;

/** Whether a letter leaves a trace. */
async function hasFont(): Promise<boolean> {
  known ??= renderAsync(probe, { font: { loadSystemFonts: true } }).then(({ pixels }) =>
    pixels.some((value) => value !== 0),
  );
  const found = await known;
  // Fonts may be installed while we run.
  if (!found) known = undefined;
  return found;
}

const probe =
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="2" y="16" font-size="16" font-family="sans-serif">M</text></svg>';
