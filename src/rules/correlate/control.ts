import { median } from './mann-whitney.ts';
import type { Evidence } from './verdict.ts';
import type { Point } from './weighted-t.ts';

/** What is compared: the metric, or its difference to the control. */
export interface Compared {
  /** ms, ascending. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** The metric itself at the same times: what an effect is relative to. */
  readonly levels: readonly number[];
  readonly control: Evidence['control'];
}

/** A control that has readings at less than this share of the times says too little. */
const leastShare = 0.9;

/**
 * Takes the control off the metric, so that what both do (more visitors, a slow network) is not
 * laid at the change's door. Where both are positive the control is first scaled to the metric's
 * median before the change, since a shared cause acts in proportion. Only readings of equal times
 * are compared: put both into the same intervals before.
 */
export function againstControl(
  series: readonly Point[],
  control: readonly Point[] | undefined,
  change: number,
): Compared {
  const times = series.map((point) => point[0]);
  const levels = series.map((point) => point[1]);
  if (!control) return { times, values: levels, levels, control: 'none' };
  const byTime = new Map(control);
  const common = series.filter((point) => byTime.has(point[0]));
  if (common.length < leastShare * series.length)
    return { times, values: levels, levels, control: 'incomplete' };
  const others = common.map((point) => byTime.get(point[0]) ?? Number.NaN);
  const scale = scaleOf(common, others, change);
  return {
    times: common.map((point) => point[0]),
    values: common.map((point, i) => point[1] - scale * (others[i] ?? Number.NaN)),
    levels: common.map((point) => point[1]),
    control: 'used',
  };
}

function scaleOf(common: readonly Point[], others: readonly number[], change: number): number {
  const until = common.filter((point) => point[0] < change).length;
  const middle = (values: readonly number[]): number =>
    median(values.slice(0, until).sort((a, b) => a - b));
  const own = middle(common.map((point) => point[1]));
  const other = middle(others);
  return own > 0 && other > 0 ? own / other : 1;
}
