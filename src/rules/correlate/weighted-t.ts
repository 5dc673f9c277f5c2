/** One reading: when (ms since the epoch, UTC) and how much. */
export type Point = readonly [time: number, value: number];

/** What two samples are compared by. */
export interface Weighted {
  /** Weights fall linearly with the distance from the change: n/n for the nearest, 1/n for the last. */
  readonly mean: number;
  /** Unweighted sum of the squared distances from that mean, over n - 1; 0 for one value. */
  readonly variance: number;
  readonly n: number;
}

/** Of the sample `values[from..to)` whose nearest value to the change is at `nearest`. */
export function weighted(
  values: ArrayLike<number>,
  from: number,
  to: number,
  nearest: 'first' | 'last',
): Weighted {
  const n = to - from;
  let sum = 0;
  let weights = 0;
  for (let i = from; i < to; i++) {
    const weight = (nearest === 'first' ? to - i : i - from + 1) / n;
    const value = values[i] ?? Number.NaN;
    sum += value * weight;
    weights += weight;
  }
  const first = values[from] ?? Number.NaN;
  // The weighted sum of equal values may be off by the last bit, and the variance of 10⁻³² that
  // follows would be taken for noise.
  const mean = isConstant(values, from, to) ? first : sum / weights;
  let squares = 0;
  for (let i = from; i < to; i++) squares += ((values[i] ?? Number.NaN) - mean) ** 2;
  return { mean, variance: n > 1 ? squares / (n - 1) : 0, n };
}

function isConstant(values: ArrayLike<number>, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (values[i] !== values[from]) return false;
  return true;
}

/**
 * Perfherder's statistic for a change at `split`: the difference of the weighted means of the
 * `before` values before it and the `after` values from it on, over its standard error with both
 * variances. Positive when it rose. 0 when the means are equal, ±Infinity when both samples are
 * constant and differ.
 */
export function weightedT(
  values: ArrayLike<number>,
  split: number,
  before: number,
  after: number,
): number {
  const old = weighted(values, split - before, split, 'last');
  const young = weighted(values, split, split + after, 'first');
  const difference = young.mean - old.mean;
  if (difference === 0) return 0;
  return difference / Math.sqrt(old.variance / old.n + young.variance / young.n);
}
