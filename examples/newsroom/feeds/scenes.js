// @ts-check
import { PNG } from 'pngjs';
import { randomOf } from './random.js';

/**
 * What a clip shows.
 * @typedef {'hills' | 'town' | 'sea'} Land
 * @typedef {'clear' | 'rain' | 'snow' | 'fog'} Weather
 * @typedef {{ land: Land, weather: Weather, seed: number }} Scene
 * @typedef {readonly [number, number, number]} Colour red, green, blue, 0 to 255
 */

/** Wider than it is shown: a clip pans over it. */
export const sceneSize = { width: 800, height: 360 };
/** What is seen of it at once. */
export const viewSize = { width: 640, height: 360 };

/** @type {Record<Weather, { top: Colour, low: Colour }[]>} */
const skies = {
  clear: [
    { top: [58, 110, 190], low: [250, 214, 165] },
    { top: [76, 60, 130], low: [255, 150, 110] },
    { top: [30, 140, 200], low: [220, 240, 250] },
  ],
  rain: [{ top: [70, 80, 96], low: [150, 160, 170] }],
  snow: [{ top: [120, 130, 160], low: [225, 230, 240] }],
  fog: [{ top: [170, 178, 184], low: [226, 228, 226] }],
};

/** @type {Record<Land, Colour>} */
const grounds = { hills: [46, 96, 70], town: [52, 50, 72], sea: [24, 92, 130] };

/**
 * Draws a scene: a sky, a sun, and three rows of hills, houses or waves before it.
 * @param {Scene} scene
 * @param {{ width: number, height: number }} size
 * @returns {Buffer} a PNG
 */
export function draw({ land, weather, seed }, { width, height }) {
  const random = randomOf(seed);
  const png = new PNG({ width, height });
  const choice = skies[weather];
  const sky = choice[Math.floor(random() * choice.length)] ?? { top: [0, 0, 0], low: [0, 0, 0] };
  const sun = { x: (0.2 + random() * 0.5) * width, y: (0.2 + random() * 0.25) * height, r: 34 };
  const rows = [0.55, 0.68, 0.82].map((share, row) => skylineOf(land, row, share, random));
  const fog = weather === 'fog' ? 0.75 : 0.45;
  // What is the same for a whole line or column is computed once: a picture has 230,000 pixels.
  const lines = Array.from({ length: height }, (_, y) =>
    mix(sky.top, sky.low, Math.min(1, y / (height * 0.75))),
  );
  const colours = rows.map((_, row) =>
    mix(sky.low, grounds[land], 0.88 - fog * (1 - (row + 1) / rows.length)),
  );
  const hasSun = weather !== 'rain';
  for (let x = 0; x < width; x++) {
    const tops = rows.map((top) => top(x) * height);
    for (let y = 0; y < height; y++) {
      const row = tops.findLastIndex((top) => y > top);
      const line = lines[y] ?? sky.low;
      put(png, x, y, colours[row] ?? (hasSun ? shone(line, sun, x, y) : line));
    }
  }
  if (land === 'town') lightWindows(png, rows[2], random);
  if (weather === 'rain' || weather === 'snow') fall(png, weather, random);
  return PNG.sync.write(png, { colorType: 2, deflateLevel: 6 });
}

/**
 * The sky's colour where the sun shines.
 * @param {Colour} colour
 * @param {{ x: number, y: number, r: number }} sun
 * @param {number} x
 * @param {number} y
 */
function shone(colour, sun, x, y) {
  const away = Math.hypot(x - sun.x, y - sun.y) / sun.r;
  if (away > 2.4) return colour;
  return mix([255, 246, 214], colour, Math.min(1, Math.max(0, (away - 0.9) / 1.5)));
}

/**
 * @param {Land} land
 * @param {number} row
 * @param {number} share of the height
 * @param {() => number} random
 * @returns {(x: number) => number} where it begins, as a share of the height
 */
function skylineOf(land, row, share, random) {
  const waves = [1, 2, 3].map((n) => ({
    length: (land === 'sea' ? 26 : 190) / n,
    size: (land === 'sea' ? 0.006 : 0.05) / n,
    shift: random() * 7,
  }));
  const heights = Array.from({ length: 40 }, () => random());
  return (x) => {
    if (land === 'town') {
      const house = heights[Math.floor((x + row * 17) / (26 + row * 10)) % heights.length] ?? 0;
      return share - 0.05 - house * 0.2;
    }
    const above = waves.reduce(
      (sum, { length, size, shift }) => sum + size * Math.sin(x / length + shift),
      0,
    );
    return share + above;
  };
}

/**
 * @param {PNG} png
 * @param {((x: number) => number) | undefined} top
 * @param {() => number} random
 */
function lightWindows(png, top, random) {
  if (top === undefined) return;
  for (let y = 40; y < png.height - 20; y += 16)
    for (let x = 4; x < png.width - 8; x += 12)
      if (y > top(x) * png.height + 10 && random() < 0.35) putWindow(png, x, y);
}

/** @param {PNG} png @param {number} left @param {number} top */
function putWindow(png, left, top) {
  for (let at = 0; at < 24; at++)
    put(png, left + (at % 4), top + Math.floor(at / 4), [255, 214, 130]);
}

/**
 * @param {PNG} png
 * @param {'rain' | 'snow'} weather
 * @param {() => number} random
 */
function fall(png, weather, random) {
  const length = weather === 'rain' ? 9 : 2;
  for (let n = 0; n < 700; n++) {
    const [x, y] = [random() * (png.width - 4), random() * (png.height - length)];
    for (let at = 0; at < length; at++)
      put(png, Math.floor(x + at / 4), Math.floor(y + at), [236, 240, 246]);
  }
}

/** @param {Colour} a @param {Colour} b @param {number} share of b @returns {Colour} */
const mix = (a, b, share) => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

/** @param {PNG} png @param {number} x @param {number} y @param {Colour} colour */
function put(png, x, y, [red, green, blue]) {
  const at = (y * png.width + x) * 4;
  png.data[at] = red;
  png.data[at + 1] = green;
  png.data[at + 2] = blue;
  png.data[at + 3] = 255;
}
