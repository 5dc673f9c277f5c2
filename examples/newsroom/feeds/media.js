// @ts-check
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { feeds } from './stories.js';
import { draw, sceneSize, viewSize } from './scenes.js';

/** Scenes that are drawn of one land in one weather; items share them, as agencies do with footage. */
const variants = 3;
const seconds = 3;
/** @param {import("./items.js").Item} item */
const variantOf = ({ n }) => Math.floor(n / feeds.length) % variants;

/**
 * Pictures and clips, made when they are first asked for.
 * @param {string} folder
 */
export function openMedia(folder) {
  mkdirSync(folder, { recursive: true });
  /** @type {Map<string, Promise<string>>} */
  const made = new Map();
  /**
   * @param {string} name
   * @param {(file: string) => Promise<void> | void} make writes the file
   */
  const once = (name, make) => {
    const file = join(folder, name);
    const known = made.get(name);
    if (known !== undefined) return known;
    const making = (async () => {
      if (existsSync(file)) return file;
      const part = join(folder, `part-${process.pid}-${name}`);
      await make(part);
      renameSync(part, file);
      return file;
    })();
    made.set(name, making);
    // What failed once is tried again.
    making.catch(() => made.delete(name));
    return making;
  };
  /** @param {import('./items.js').Item} item @param {{ width: number, height: number }} size */
  const picture = (item, size) => {
    const { land, weather } = item;
    const variant = variantOf(item);
    return once(`${land}-${weather}-${variant}-${size.width}.png`, (file) =>
      writeFileSync(file, draw({ land, weather, seed: variant + land.length * 7 }, size)),
    );
  };
  return {
    /**
     * @param {import('./items.js').Item} item
     * @param {'png' | 'mp4'} ending
     * @returns {Promise<Buffer>}
     */
    async bytes(item, ending) {
      if (ending === 'png') return spoilt(await readFile(await picture(item, viewSize)), item);
      const scene = await picture(item, sceneSize);
      const name = `${item.land}-${item.weather}-${variantOf(item)}.mp4`;
      return spoilt(await readFile(await once(name, (file) => film(scene, file))), item);
    },
  };
}

/**
 * A clip that pans over a picture.
 * @param {string} scene
 * @param {string} file
 */
async function film(scene, file) {
  const { width, height } = viewSize;
  const pan = `crop=${width}:${height}:(iw-${width})*t/${seconds}:0`;
  const input = ['-loop', '1', '-framerate', '15', '-t', `${seconds}`, '-i', scene];
  const output = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '30', '-pix_fmt', 'yuv420p'];
  await promisify(execFile)(
    'ffmpeg',
    [
      '-nostdin',
      '-v',
      'error',
      '-threads',
      '1',
      ...input,
      '-vf',
      pan,
      ...output,
      '-f',
      'mp4',
      file,
    ],
    { timeout: 60_000 },
  );
}

/**
 * @param {Buffer} bytes
 * @param {import('./items.js').Item} item
 */
function spoilt(bytes, { fault }) {
  if (fault === 'corrupt') {
    const broken = Buffer.from(bytes.subarray(0, Math.floor(bytes.length / 2)));
    return broken.fill(0x20, 40);
  }
  return fault === 'poison' ? captioned(bytes, '100 % of the turnout') : bytes;
}

/**
 * A PNG with a caption in its head; this one was never percent-encoded.
 * @param {Buffer} png
 * @param {string} caption
 */
function captioned(png, caption) {
  const content = Buffer.from(`tEXtCaption\0${caption}`, 'latin1');
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(content.length - 4, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  // Behind the signature and the chunk IHDR.
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

/** As PNG has it (ISO 3309); zlib's own came with Node 22.
 * @param {Buffer} bytes */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
