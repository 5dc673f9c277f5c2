// @ts-check
import { createHash } from 'node:crypto';

/**
 * A picture for a clip that has none: hills and a sun, in colours and shapes of its id.
 * @param {string} id
 */
export function drawn(id) {
  const bytes = createHash('sha256').update(id).digest();
  /** @param {number} at @param {number} from @param {number} to */
  const value = (at, from, to) => from + ((bytes[at] ?? 0) / 255) * (to - from);
  const hue = Math.round(value(0, 0, 360));
  const sky = `hsl(${hue} 45% 78%)`;
  const low = `hsl(${(hue + 40) % 360} 60% 88%)`;
  const hills = [0, 1, 2].map((row) => {
    const y = 96 + row * 26;
    const [a, b, c] = [1, 2, 3].map((at) => Math.round(value(row * 3 + at, -34, 26)));
    const colour = `hsl(${(hue + 200) % 360} 28% ${56 - row * 16}%)`;
    return `<path fill="${colour}" d="M0 ${y + (a ?? 0)}C80 ${y + (b ?? 0)} 120 ${y - (b ?? 0)} 180 ${y}S290 ${y + (c ?? 0)} 320 ${y - (a ?? 0)}V180H0Z"/>`;
  });
  const sun = `<circle cx="${Math.round(value(12, 40, 280))}" cy="${Math.round(value(13, 28, 80))}" r="${Math.round(value(14, 12, 26))}" fill="hsl(${(hue + 20) % 360} 90% 94%)"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky}"/><stop offset="1" stop-color="${low}"/></linearGradient></defs><rect width="320" height="180" fill="url(#s)"/>${sun}${hills.join('')}</svg>`;
}
