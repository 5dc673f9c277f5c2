import type { Input } from './fields.ts';
import { mostNumbers, read } from './fields.ts';
import { type Buckets, buckets, type ExponentialPoint, type HistogramPoint } from './shapes.ts';

/** Values between two bounds: more than `low`, at most `high`; both may be infinite. */
export interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** What a histogram point counted. */
export interface Counted {
  readonly count: number;
  readonly sum: number | undefined;
  readonly shape: Explicit | Exponential | undefined;
}

interface Explicit {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** Buckets with the bounds (b^i, b^(i+1)], where b = 2^(2^-scale). */
interface Exponential {
  readonly scale: number;
  readonly zero: number;
  readonly threshold: number;
  /** Count by index. */
  readonly positive: ReadonlyMap<number, number>;
  readonly negative: ReadonlyMap<number, number>;
}

/** Scales that OpenTelemetry's SDKs use, and some room. */
const leastScale = -11;
const mostScale = 20;

/** A histogram with bounds; a text where it is none. */
export function ofHistogram(point: Partial<HistogramPoint>): Counted | string {
  const { count = 0, sum, bucketCounts: counts = [], explicitBounds: bounds = [] } = point;
  if (counts.length === 0) return { count, sum, shape: undefined };
  if (counts.length > mostNumbers) return `it has more than ${mostNumbers} buckets`;
  if (counts.length !== bounds.length + 1)
    return `it has ${counts.length} counts for ${bounds.length} bounds: there is one more count than bounds`;
  if (bounds.some((bound, i) => !(bound > (bounds[i - 1] ?? -Infinity))))
    return 'its bounds do not grow';
  return { count, sum, shape: { bounds, counts } };
}

/** An exponential histogram; a text where it is none. */
export function ofExponential(point: Partial<ExponentialPoint>): Counted | string {
  const { count = 0, sum, scale = 0, zeroCount: zero = 0, zeroThreshold: threshold = 0 } = point;
  if (!(scale >= leastScale && scale <= mostScale && Number.isInteger(scale)))
    return `its scale is ${scale}, and ${leastScale} to ${mostScale} are taken`;
  const positive = byIndex(point.positive);
  const negative = byIndex(point.negative);
  if (positive === undefined || negative === undefined)
    return `it has more than ${mostNumbers} buckets`;
  return { count, sum, shape: { scale, zero, threshold, positive, negative } };
}

function byIndex(input: Input | undefined): Map<number, number> | undefined {
  const { offset = 0, bucketCounts = [] }: Partial<Buckets> =
    input === undefined ? {} : read(buckets, input);
  if (bucketCounts.length > mostNumbers) return undefined;
  const counts = new Map<number, number>();
  for (const [i, count] of bucketCounts.entries()) if (count !== 0) counts.set(offset + i, count);
  return counts;
}

/**
 * What was counted between two points. Undefined when something fell or the buckets are others;
 * exponential ones that became coarser are compared at the coarser scale.
 */
export function minus(later: Counted, earlier: Counted): Counted | undefined {
  const count = later.count - earlier.count;
  if (count < 0) return undefined;
  const sum =
    later.sum === undefined || earlier.sum === undefined ? undefined : later.sum - earlier.sum;
  if (later.shape === undefined && earlier.shape === undefined)
    return { count, sum, shape: undefined };
  const shape = minusShape(later.shape, earlier.shape);
  return shape === undefined ? undefined : { count, sum, shape };
}

function minusShape(later: Counted['shape'], earlier: Counted['shape']): Counted['shape'] {
  if (later === undefined || earlier === undefined) return undefined;
  if ('bounds' in later) return 'bounds' in earlier ? minusExplicit(later, earlier) : undefined;
  return 'bounds' in earlier ? undefined : minusExponential(later, earlier);
}

function minusExplicit(later: Explicit, earlier: Explicit): Explicit | undefined {
  const { bounds } = later;
  if (bounds.length !== earlier.bounds.length) return undefined;
  if (bounds.some((bound, i) => bound !== earlier.bounds[i])) return undefined;
  const counts = later.counts.map((count, i) => count - (earlier.counts[i] ?? 0));
  return counts.some((count) => count < 0) ? undefined : { bounds, counts };
}

function minusExponential(later: Exponential, earlier: Exponential): Exponential | undefined {
  const { scale, threshold } = later;
  const coarser = earlier.scale - scale;
  const zero = later.zero - earlier.zero;
  if (coarser < 0 || zero < 0 || threshold !== earlier.threshold) return undefined;
  const positive = minusCounts(later.positive, coarsen(earlier.positive, coarser));
  const negative = minusCounts(later.negative, coarsen(earlier.negative, coarser));
  if (positive === undefined || negative === undefined) return undefined;
  return { scale, zero, threshold, positive, negative };
}

function minusCounts(
  later: ReadonlyMap<number, number>,
  earlier: ReadonlyMap<number, number>,
): Map<number, number> | undefined {
  const left = new Map(later);
  for (const [index, count] of earlier) {
    const more = (left.get(index) ?? 0) - count;
    if (more < 0) return undefined;
    if (more === 0) left.delete(index);
    else left.set(index, more);
  }
  return left;
}

/** Buckets of a scale that is lower by `by`: 2^by of them become one. */
function coarsen(counts: ReadonlyMap<number, number>, by: number): ReadonlyMap<number, number> {
  if (by === 0) return counts;
  const coarse = new Map<number, number>();
  for (const [index, count] of counts) {
    const into = Math.floor(index / 2 ** by);
    coarse.set(into, (coarse.get(into) ?? 0) + count);
  }
  return coarse;
}

/** The buckets that hold something, ascending. */
export function bucketsOf({ shape }: Counted): Bucket[] {
  if (shape === undefined) return [];
  if (!('bounds' in shape)) return exponentialBuckets(shape);
  const { bounds, counts } = shape;
  return counts.flatMap((count, i) =>
    count > 0 ? [{ low: bounds[i - 1] ?? -Infinity, high: bounds[i] ?? Infinity, count }] : [],
  );
}

function exponentialBuckets({ scale, zero, threshold, ...shape }: Exponential): Bucket[] {
  const bound = (index: number): number => 2 ** (index * 2 ** -scale);
  const ascending = (counts: ReadonlyMap<number, number>): Bucket[] =>
    [...counts]
      .toSorted(([a], [b]) => a - b)
      .map(([index, count]) => ({ low: bound(index), high: bound(index + 1), count }));
  const below = ascending(shape.negative).reverse();
  return [
    ...below.map(({ low, high, count }) => ({ low: -high, high: -low, count })),
    ...(zero > 0 ? [{ low: -threshold, high: threshold, count: zero }] : []),
    ...ascending(shape.positive),
  ];
}

/**
 * The value that the share `q` of what was counted does not exceed: linear within its bucket, as
 * Prometheus' `histogram_quantile`. The first bucket begins at 0 or, where its values are negative,
 * has but its end; the last one ends where it begins. `extremes` are better bounds than those.
 */
export function quantileOf(
  sorted: readonly Bucket[],
  q: number,
  extremes: { readonly min?: number | undefined; readonly max?: number | undefined },
): number | undefined {
  const total = sorted.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  for (const { low, high, count } of sorted) {
    if (below + count >= q * total && count > 0) {
      const { min = Number.isFinite(low) ? low : Math.min(0, high) } = extremes;
      const { max = Number.isFinite(high) ? high : low } = extremes;
      const from = Math.max(low, min);
      const to = Math.max(from, Math.min(high, max));
      return from + (to - from) * ((q * total - below) / count);
    }
    below += count;
  }
  return undefined;
}
