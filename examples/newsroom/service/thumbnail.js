// @ts-check
import { PNG } from 'pngjs';

/**
 * @typedef {object} Thumbnail
 * @property {Buffer} png
 * @property {number} width
 * @property {number} height
 * @property {string} caption that the photographer wrote into the picture; may be empty
 */

/** Pixels of the largest picture that is taken; a small file can unfold into any number of them. */
const maxPixels = 12_000_000;

/**
 * A picture made small, in JavaScript alone. Rejects with what is wrong where it is no PNG.
 * @param {Buffer} bytes a PNG
 * @param {{ width: number }} wish it is never made larger
 * @returns {Promise<Thumbnail>}
 */
export async function thumbnailOf(bytes, { width }) {
  const size = sizeOf(bytes);
  if (size === undefined) throw new Error('it is no PNG');
  if (size.width * size.height > maxPixels)
    throw new Error(`${size.width} × ${size.height} pixels are too many`);
  return new Promise((resolve, reject) => {
    new PNG()
      // What throws in this function is in nobody's hands, and ends the process: a fault that stays
      // here as the story's poison (examples/newsroom/README.md).
      .on('parsed', function () {
        const caption = captionIn(bytes);
        const small = shrink(this, Math.min(width, this.width));
        const png = PNG.sync.write(small, { colorType: 2, deflateLevel: 6 });
        resolve({ png, width: small.width, height: small.height, caption });
      })
      .on('error', (error) => reject(new Error(`it is no whole PNG: ${error.message}`)))
      .end(bytes);
  });
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/**
 * What its head says; undefined where it is no PNG.
 * @param {Buffer} bytes
 */
function sizeOf(bytes) {
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(signature)) return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/**
 * The caption in a tEXt chunk; photographers' programs write it percent-encoded.
 * @param {Buffer} bytes
 */
function captionIn(bytes) {
  for (let at = 8; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const [keyword, text = ''] = bytes.toString('latin1', at + 8, at + 8 + length).split('\0', 2);
    if (type === 'tEXt' && keyword === 'Caption') return decodeURIComponent(text);
    at += length + 12;
  }
  return '';
}

/**
 * Each pixel is the mean of those that it stands for.
 * @param {{ width: number, height: number, data: Buffer }} from
 * @param {number} width
 */
function shrink(from, width) {
  const height = Math.max(1, Math.round((from.height * width) / from.width));
  const to = new PNG({ width, height });
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const box = {
        left: Math.floor((x * from.width) / width),
        right: Math.max(1, Math.floor(((x + 1) * from.width) / width)),
        top: Math.floor((y * from.height) / height),
        bottom: Math.max(1, Math.floor(((y + 1) * from.height) / height)),
      };
      to.data.writeUInt32BE(meanIn(from, box), (y * width + x) * 4);
    }
  return to;
}

/**
 * @param {{ width: number, data: Buffer }} from
 * @param {{ left: number, right: number, top: number, bottom: number }} box
 * @returns {number} red, green, blue and full opacity, a byte each
 */
function meanIn({ width, data }, { left, right, top, bottom }) {
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++)
    for (let at = (y * width + left) * 4; at < (y * width + right) * 4; at += 4) {
      red += data[at] ?? 0;
      green += data[at + 1] ?? 0;
      blue += data[at + 2] ?? 0;
    }
  const count = (right - left) * (bottom - top);
  const [r, g, b] = [red, green, blue].map((sum) => Math.round(sum / count));
  return (((r ?? 0) << 24) | ((g ?? 0) << 16) | ((b ?? 0) << 8) | 255) >>> 0;
}
