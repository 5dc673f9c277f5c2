import type { Range } from '../history.ts';

/** The buckets that a range touches: half-open, `every` ms wide, aligned to the epoch. */
export interface Buckets {
  /** Where the first begins, ms; at or before the range's start. */
  readonly first: number;
  readonly every: number;
  readonly count: number;
}

/** The buckets of `every` ms that a range touches. */
export function bucketsOf(range: Range, every: number): Buckets {
  const first = Math.floor(range.from / every) * every;
  return { first, every, count: Math.max(0, Math.ceil((range.to - first) / every)) };
}

/** How many seconds of a bucket lie in the range: the first and the last may be cut. */
export function secondsWithin(start: number, every: number, range: Range): number {
  return (Math.min(start + every, range.to) - Math.max(start, range.from)) / 1000;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const widths: readonly (readonly [ms: number, name: string])[] = [
  ...[1, 5, 10, 30].map((n) => [n * second, `${n}s`] as const),
  ...[1, 5, 10, 30].map((n) => [n * minute, `${n}m`] as const),
  ...[1, 6, 12].map((n) => [n * hour, `${n}h`] as const),
  ...[1, 7, 30, 365].map((n) => [n * 24 * hour, `${n}d`] as const),
];

/** The narrowest usual width, as it is written in a query, with which a range has `most` buckets. */
export function widthFor(range: Range, most: number): string {
  const fits = widths.find(([ms]) => bucketsOf(range, ms).count <= most);
  return fits?.[1] ?? `${Math.ceil((range.to - range.from) / most / (24 * hour))}d`;
}
