import type { Span } from './verdict.ts';

/** What the history of a metric is cut into. */
export interface Cut {
  /** Times of all readings, ms, ascending. */
  readonly times: ArrayLike<number>;
  /** Index of the first reading after the change: nothing from there on is used. */
  readonly change: number;
  /** Readings before and after each split. */
  readonly before: number;
  readonly after: number;
  /** Other changes and incidents: what touches them is left out. */
  readonly skip: readonly Span[];
}

const step = 3;
/** At most so many splits of what came just before, and so many of the same hours of earlier days. */
export const mostSplits = 1_000;
const day = 86_400_000;
const hour = 3_600_000;

/**
 * The splits of the history before a change: every third, from the change backwards; and where the
 * history reaches seven days back, those of the same hours (an hour to either side, UTC) of earlier
 * days, so that what a metric does every night is known.
 */
export function splitsOf(cut: Cut): number[] {
  const { times, change, before, after } = cut;
  const at = (i: number): number => times[i] ?? Number.NaN;
  const isGood = (split: number): boolean => {
    const [from, to] = [at(split - before), at(split + after - 1)];
    return !cut.skip.some((span) => span.from <= to && span.to >= from);
  };
  const splits: number[] = [];
  let split = change - after;
  for (; split >= before && splits.length < mostSplits; split -= step)
    if (isGood(split)) splits.push(split);
  if (at(change) - at(0) < 7 * day) return splits;
  const most = splits.length + mostSplits;
  for (; split >= before && splits.length < most; split -= step)
    if (isSameHour(at(split), at(change)) && isGood(split)) splits.push(split);
  return splits;
}

function isSameHour(a: number, b: number): boolean {
  const apart = Math.abs(a - b) % day;
  return Math.min(apart, day - apart) <= hour;
}

/** How many splits a p of `wanted` needs: 200, or as many as make it possible at all. */
export function splitsNeeded(wanted: number): number {
  // 1/(1 + n) <= wanted; the share may have lost its last bits (0.2 × 0.01).
  return Math.max(200, Math.ceil(1 / wanted - 1 - 1e-6));
}
