import { normalQuantile, normalTwoSided } from './distributions.ts';

/** By how much a sample lies above another. */
export interface Shift {
  /** Hodges and Lehmann's estimate: the median of all differences between a value of each. */
  readonly estimate: number;
  /** Bounds of its interval of confidence, which is found by inverting the Mann-Whitney test. */
  readonly low: number;
  readonly high: number;
}

/**
 * The shift of `x` over `y` and its interval of confidence (0 to 1), as R's `wilcox.test` computes
 * them with the normal approximation, continuity correction and correction for ties (Hollander and
 * Wolfe, Nonparametric Statistical Methods, 4.1 to 4.3). R and Kayenta search the bounds by
 * iteration, to 10⁻⁴; here they are the differences themselves at which the test changes its mind.
 * Samples must not be empty. The interval takes the values for independent; those of a metric are
 * not, and for them it is too narrow.
 */
export function shiftOf(x: readonly number[], y: readonly number[], confidence: number): Shift {
  const differences = new Float64Array(x.length * y.length);
  let at = 0;
  for (const a of x) for (const b of y) differences[at++] = a - b;
  differences.sort();
  const pairs = differences.length;
  const ties = tiesOf([...x].sort(ascending)) + tiesOf([...y].sort(ascending));
  const reach = normalQuantile((1 + confidence) / 2) * deviation(x.length, y.length, ties) + 0.5;
  // Just above the k-th difference the statistic is pairs/2 - k: the first k is sought for which
  // that is within reach, and the first for which it is no more.
  const low = Math.max(Math.ceil(pairs / 2 - reach), 1);
  const high = Math.min(Math.ceil(pairs / 2 + reach), pairs);
  return {
    estimate: median(differences),
    low: differences[low - 1] ?? Number.NaN,
    high: differences[high - 1] ?? Number.NaN,
  };
}

/** Share of the pairs in which `x` is above `y`, those that are equal half (common language effect size). */
export function effectSize(x: readonly number[], y: readonly number[]): number {
  const sorted = Float64Array.from(y).sort();
  let wins = 0;
  for (const value of x) wins += (countBelow(sorted, value) + countUpTo(sorted, value)) / 2;
  return wins / (x.length * y.length);
}

/** Two-sided p of the Mann-Whitney test of no shift, as for `shiftOf`; 1 when all values are equal. */
export function mannWhitney(x: readonly number[], y: readonly number[]): number {
  const pairs = x.length * y.length;
  const distance = Math.abs(effectSize(x, y) * pairs - pairs / 2);
  const ties = tiesOf([...x, ...y].sort(ascending));
  const scale = deviation(x.length, y.length, ties);
  return scale === 0 ? 1 : normalTwoSided(Math.max(distance - 0.5, 0) / scale);
}

/** Median of values in ascending order. */
export function median(sorted: ArrayLike<number>): number {
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(half)] ?? Number.NaN;
  return low + (high - low) / 2;
}

/** Standard deviation of U when nothing moved; `ties` is the sum of t³ - t over the tied groups. */
function deviation(m: number, n: number, ties: number): number {
  const all = m + n;
  return Math.sqrt(Math.max(((m * n) / 12) * (all + 1 - ties / (all * (all - 1))), 0));
}

function tiesOf(sorted: readonly number[]): number {
  let sum = 0;
  let first = 0;
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[first]) continue;
    sum += (i - first) ** 3 - (i - first);
    first = i;
  }
  return sum;
}

const ascending = (a: number, b: number): number => a - b;

function countBelow(sorted: Float64Array, value: number): number {
  return firstWhere(sorted, (other) => other >= value);
}

function countUpTo(sorted: Float64Array, value: number): number {
  return firstWhere(sorted, (other) => other > value);
}

/** Index of the first value for which `holds`, which then holds for all that follow. */
function firstWhere(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] ?? Number.NaN)) high = middle;
    else low = middle + 1;
  }
  return low;
}
