import { studentTwoSided } from './distributions.ts';
import { bestSplit } from './e-divisive.ts';

/** How all changes of a series are looked for. */
export interface ChangePointOptions {
  /** Values that are looked at together; at least 2. Hunter: 50. */
  readonly window: number;
  /** How rare the difference must be, by a t-test. Hunter: 0.001. */
  readonly maxP: number;
  /** Smaller relative changes of the mean are left out. */
  readonly minMagnitude: number;
}

/** A change of a series: the index of its first value, and how the values on its two sides differ. */
export interface ChangePoint {
  readonly index: number;
  readonly p: number;
  /** The larger of the relative changes forward and backward; 0 where the mean is 0. */
  readonly magnitude: number;
}

/**
 * Every change of a series by the algorithm of Hunter (Fleming et al., Hunter: Using Change Point
 * Detection to Hunt for Performance Regressions, 2023; Apache Otava): windows that overlap by half
 * are split at their best splits (E-divisive) as long as a t-test finds the sides different at a
 * lenient level, and of those weak points the weakest are merged away until all pass the strict
 * one. No chance in it: the same series gives the same points. Checked against Otava's own cases,
 * test/vectors/changepoint.json.
 */
export function changePoints(
  values: readonly number[],
  { window, maxP, minMagnitude }: ChangePointOptions,
): ChangePoint[] {
  const points = judgeAll(values, weakPoints(values, window, lenient(maxP)));
  for (;;) {
    const weakest = weakestOf(points, maxP, minMagnitude);
    if (weakest === undefined) return points;
    const at = points.indexOf(weakest);
    points.splice(at, 1);
    // Only what lies to the right is judged anew: so does Otava, whose answers these must be.
    const anew = judgeAll(
      values,
      points.map((point) => point.index),
    );
    points.splice(at, 2, ...anew.slice(at, at + 2));
  }
}

function lenient(maxP: number): number {
  if (maxP < 0.05) return maxP * 10;
  return maxP < 0.5 ? maxP * 2 : maxP;
}

/** The point to merge away next: the least certain, or else the smallest; undefined when all are good. */
function weakestOf(
  points: readonly ChangePoint[],
  maxP: number,
  minMagnitude: number,
): ChangePoint | undefined {
  const [first] = points;
  if (!first) return undefined;
  const doubtful = points.reduce((worst, one) => (one.p > worst.p ? one : worst), first);
  if (doubtful.p >= maxP) return doubtful;
  const small = points.reduce(
    (least, one) => (one.magnitude < least.magnitude ? one : least),
    first,
  );
  return small.magnitude > minMagnitude ? undefined : small;
}

function weakPoints(values: readonly number[], window: number, maxP: number): number[] {
  const found = new Set<number>();
  const step = Math.floor(window / 2);
  for (let start = 0; start < values.length;) {
    const inside = splitWindow(values.slice(start, start + window), maxP).map((i) => i + start);
    for (const index of inside) found.add(index);
    start = Math.max(inside.at(-1) ?? 0, start + step);
  }
  return [...found].sort((a, b) => a - b);
}

/** Splits one window at its best splits as long as they are significant. */
function splitWindow(values: readonly number[], maxP: number): number[] {
  const points: number[] = [];
  for (;;) {
    const candidate = intervals(points, values.length)
      .filter(([from, to]) => to - from > 1)
      .map(([from, to]) => ({ from, to, ...bestSplit(values, from, to) }))
      .reduce<Candidate | undefined>(
        (best, one) => (best && best.divergence >= one.divergence ? best : one),
        undefined,
      );
    if (!candidate) return points;
    const { from, index, to } = candidate;
    if (compare(values, [from, index, to]).p > maxP) return points;
    points.push(index);
    points.sort((a, b) => a - b);
  }
}

interface Candidate {
  readonly from: number;
  readonly to: number;
  readonly index: number;
  readonly divergence: number;
}

/** The pieces that the points cut a series of `length` into. */
function intervals(points: readonly number[], length: number): [from: number, to: number][] {
  const edges = [0, ...points, length];
  return edges.slice(1).map((to, i) => [edges[i] ?? 0, to]);
}

/** Every point with the values up to its neighbours on both sides. */
function judgeAll(values: readonly number[], points: readonly number[]): ChangePoint[] {
  return points.map((index, i) =>
    compare(values, [points[i - 1] ?? 0, index, points[i + 1] ?? values.length]),
  );
}

/**
 * Student's t-test of the values on the two sides of `index`. As in Hunter and Otava the pooled
 * variance is made of population variances, which makes it a little bolder than the textbook's.
 */
function compare(
  values: readonly number[],
  [from, index, to]: readonly [from: number, index: number, to: number],
): ChangePoint {
  const left = moments(values, from, index);
  const right = moments(values, index, to);
  const freedom = left.n + right.n - 2;
  const pooled = ((left.n - 1) * left.variance + (right.n - 1) * right.variance) / freedom;
  const t = (left.mean - right.mean) / Math.sqrt(pooled * (1 / left.n + 1 / right.n));
  const magnitude = Math.max(
    left.mean === 0 ? 0 : Math.abs(right.mean / left.mean - 1),
    right.mean === 0 ? 0 : Math.abs(left.mean / right.mean - 1),
  );
  return { index, p: freedom > 0 ? studentTwoSided(t, freedom) : 1, magnitude };
}

function moments(
  values: readonly number[],
  from: number,
  to: number,
): { n: number; mean: number; variance: number } {
  const n = to - from;
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] ?? Number.NaN;
  const mean = sum / n;
  let squares = 0;
  for (let i = from; i < to; i++) squares += ((values[i] ?? Number.NaN) - mean) ** 2;
  return { n, mean, variance: squares / n };
}
