import { type Picture, svgOf } from '../../../rooms/map/picture/svg.ts';
import { pngOf } from './png.ts';

/** A picture as it is asked for. */
export interface PictureOrder extends Omit<Picture, 'title'> {
  readonly type: 'svg' | 'png';
  /** Of a PNG, px. */
  readonly width?: number | undefined;
}

/** The map as a file: an SVG as text, or a PNG. Throws TERR_MAP_FONT. */
export async function pictureOf(order: PictureOrder): Promise<string | Buffer> {
  const { type, width, ...picture } = order;
  const svg = svgOf({ ...picture, title: picture.model.title });
  return type === 'svg' ? svg : pngOf(svg, width);
}
