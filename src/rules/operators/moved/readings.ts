import type { Event } from '../../../event/event.ts';
import type { Point } from '../../correlate/weighted-t.ts';

/** A move that was said of a key and has not ended. */
export interface Standing {
  /** Attributes of the event that said so: they are those of its end too. */
  readonly attributes: Readonly<Record<string, string>>;
  /** When the change happened, ms. */
  readonly since: number;
  /** Weighted means before and after the move. */
  readonly from: number;
  readonly to: number;
  /** When it is looked at again, ms. */
  due: number;
}

/** What is kept of one metric: the mean of each interval in which it had a reading. */
export interface Readings {
  /** Starts of the intervals, ms, ascending; sums and numbers of the readings in them. */
  readonly starts: number[];
  readonly sums: number[];
  readonly counts: number[];
  name: string | undefined;
  /** A business metric or an error rate. */
  first: boolean;
  standing: Standing | undefined;
  /** When it is forgotten unless there are new readings, ms. */
  forgetAt: number;
}

/** So many intervals are kept: the history of 660 splits with the longest samples. */
export const mostReadings = 2_048;
/** They are let go of by so many at once. */
const slack = 256;
const startsFirst = /error|fail|exception/i;

export function noReadings(forgetAt: number): Readings {
  return {
    starts: [],
    sums: [],
    counts: [],
    name: undefined,
    first: false,
    standing: undefined,
    forgetAt,
  };
}

/** Adds a reading to the interval that starts at `start`, ms. */
export function addReading(readings: Readings, start: number, event: Event): void {
  const { name = readings.name, tags = [], metric = 0 } = event;
  readings.name = name;
  readings.first ||= tags.includes('business') || startsFirst.test(name ?? '');
  const { starts, sums, counts } = readings;
  const i = starts.findLastIndex((one) => one <= start);
  if (starts[i] === start) {
    sums[i] = (sums[i] ?? 0) + metric;
    counts[i] = (counts[i] ?? 0) + 1;
    return;
  }
  starts.splice(i + 1, 0, start);
  sums.splice(i + 1, 0, metric);
  counts.splice(i + 1, 0, 1);
  if (starts.length < mostReadings + slack) return;
  for (const list of [starts, sums, counts]) list.splice(0, slack);
}

/**
 * The means of the intervals of `width` ms that have ended by `until`. Those in which the change may
 * lie, at most `late` ms before it was told, are part of neither side, and left out.
 */
export function pointsUntil(
  { starts, sums, counts }: Readings,
  until: number,
  {
    width,
    change,
    late,
  }: { readonly width: number; readonly change: number; readonly late: number },
): Point[] {
  const points: Point[] = [];
  for (const [i, start] of starts.entries()) {
    const end = start + width;
    if (end > until) break;
    if (start < change && change - late < end) continue;
    points.push([start, (sums[i] ?? 0) / (counts[i] ?? 1)]);
  }
  return points;
}
