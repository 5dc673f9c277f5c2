/** Where a series falls apart best. */
export interface Split {
  /** Index of the first value that is different; never the first of all. */
  readonly index: number;
  /** Matteson and James' divergence: 0 when nothing differs; in the unit of the values. */
  readonly divergence: number;
}

/**
 * The split of `values[from..to)` whose two sides differ most in their whole distribution, by the
 * energy distance with exponent 1 (Matteson and James, A Nonparametric Approach for Multiple Change
 * Point Analysis of Multivariate Data, 2014). For every pair τ < κ it compares the values before τ
 * with those from τ to κ, so that what comes after a second change does not blur the first. At
 * least two values; time and memory grow with the square of their number.
 */
export function bestSplit(values: ArrayLike<number>, from: number, to: number): Split {
  const n = to - from;
  const distances = distanceSums(values, from, n);
  let index = 1;
  let divergence = Number.NEGATIVE_INFINITY;
  let within = 0;
  for (let t = 1; t < n; t++) {
    let across = 0;
    let behind = 0;
    for (let k = t + 1; k <= n; k++) {
      const row = (k - 1) * (n + 1);
      const toLeft = distances[row + t] ?? 0;
      across += toLeft;
      behind += (distances[row + k - 1] ?? 0) - toLeft;
      const right = k - t;
      const q =
        ((across -
          (t > 1 ? (right / (t - 1)) * within : 0) -
          (right > 1 ? (t / (right - 1)) * behind : 0)) *
          2) /
        k;
      if (q > divergence) {
        divergence = q;
        index = t;
      }
    }
    within += distances[t * (n + 1) + t] ?? 0;
  }
  return { index: from + index, divergence };
}

/** Row i, column j: the sum of the distances of value i to the first j values. */
function distanceSums(values: ArrayLike<number>, from: number, n: number): Float64Array {
  const sums = new Float64Array(n * (n + 1));
  for (let i = 0; i < n; i++) {
    const value = values[from + i] ?? Number.NaN;
    let sum = 0;
    for (let j = 0; j < n; j++) {
      sum += Math.abs(value - (values[from + j] ?? Number.NaN));
      sums[i * (n + 1) + j + 1] = sum;
    }
  }
  return sums;
}
