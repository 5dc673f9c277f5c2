import type { Past, SliPlan } from './plan.ts';

/** Half-open, ms since the epoch, UTC. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const hour = 3_600_000;
const day = 24 * hour;

/** The range that a measure is over when it is asked at `end`. */
export const rangeNow = ({ window }: SliPlan, end: number): TimeRange => ({
  from: end - window,
  to: end,
});

/**
 * The range of a past, for a window that ends at `end`. `same hour …` is the whole hour of the clock
 * in UTC in which the end of the window lay then; `yesterday` and `last week` are the same window
 * then; `last hour` is the hour before the window.
 */
export function rangeThen({ window }: SliPlan, past: Past, end: number): TimeRange {
  switch (past) {
    case 'same hour last week':
      return wholeHour(end - 7 * day);
    case 'same hour yesterday':
      return wholeHour(end - day);
    case 'last week':
      return { from: end - window - 7 * day, to: end - 7 * day };
    case 'yesterday':
      return { from: end - window - day, to: end - day };
    case 'last hour':
      return { from: end - window - hour, to: end - window };
  }
}

function wholeHour(time: number): TimeRange {
  const from = Math.floor(time / hour) * hour;
  return { from, to: from + hour };
}

/**
 * What was measured over another span, as if over the window: what adds up over time (`count`,
 * `sum`) in proportion, all else as it is. A ratio does not add up.
 */
export function asOverWindow(
  { aggregate, ratio, window }: SliPlan,
  value: number | null,
  { from, to }: TimeRange,
): number | null {
  const addsUp = ratio === undefined && (aggregate === 'count' || aggregate === 'sum');
  return value === null || !addsUp ? value : (value * window) / (to - from);
}
