// @ts-check

/**
 * Numbers from 0 up to 1, the same for the same seed: mulberry32, by Tommy Ettinger.
 * @param {number} seed
 * @returns {() => number}
 */
export function randomOf(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @template T
 * @param {readonly T[]} list not empty
 * @param {() => number} random
 * @returns {T}
 */
export const pick = (list, random) => /** @type {T} */ (list[Math.floor(random() * list.length)]);
