import type { HealthWord } from '../../../server/api/contract-map.ts';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import type { Span } from './moments.ts';

/** The worse, the higher; what is not known is low and drawn as an outline. Parts of the strip's height. */
export const heightOf: Readonly<Record<HealthWord, number>> = {
  ok: 0.22,
  'at-risk': 0.48,
  degraded: 0.74,
  down: 1,
  'no-evidence': 0.34,
};

/** A stretch of the strip, in parts of its width. */
export interface Stretch {
  readonly left: number;
  readonly width: number;
}
export interface StateStretch extends Stretch {
  readonly state: HealthWord;
  readonly from: number;
  readonly to: number;
  readonly changes: number;
}

/** Where a time stands in a window, 0 to 1. */
export const placeIn = ({ from, to }: Span, time: number): number =>
  to > from ? Math.min(1, Math.max(0, (time - from) / (to - from))) : 0;

/** The buckets, with neighbours of the same state as one. Nothing is drawn where nothing was recorded. */
export function statesOf(timeline: TimelineAnswer): readonly StateStretch[] {
  const { buckets, to } = timeline;
  const stretches: StateStretch[] = [];
  for (const [at, { time, worst, changes }] of buckets.entries()) {
    const end = buckets[at + 1]?.time ?? to;
    const last = stretches.at(-1);
    const isSame = last?.state === worst && last.to === time;
    const from = isSame ? last.from : time;
    const all = changes + (isSame ? last.changes : 0);
    if (isSame) stretches.pop();
    stretches.push({ ...placed(timeline, from, end), state: worst, from, to: end, changes: all });
  }
  return stretches;
}

/** Where nothing was recorded: when Territory did not run, and before it was there at all. */
export function unrecorded(timeline: TimelineAnswer): readonly (Stretch & Span)[] {
  const { from, to, first, gaps } = timeline;
  const before = { from, to: Math.min(to, first ?? to) };
  return [
    before,
    ...gaps.map((gap) => ({ from: Math.max(from, gap.from), to: Math.min(to, gap.to) })),
  ]
    .filter((gap) => gap.to > gap.from)
    .map((gap) => ({ ...gap, ...placed(timeline, gap.from, gap.to) }));
}

const placed = (window: Span, from: number, to: number): Stretch => {
  const left = placeIn(window, from);
  return { left, width: placeIn(window, to) - left };
};

/** More marks than that side by side are one line anyway. */
const marksAtMost = 400;

/** Where changes stand, each place once. */
export function marksOf(window: Span, times: readonly number[]): readonly number[] {
  const places = times.map((time) => Math.round(placeIn(window, time) * marksAtMost));
  return [...new Set(places)].map((place) => place / marksAtMost);
}

const minute = 60_000;
const hour = 60 * minute;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (step) => step * minute,
);

/**
 * Round times of a window to write under it, at most so many. `offset`: of the zone, ms east of
 * UTC, so that six o'clock is six o'clock there.
 */
export function ticksOf(window: Span, atMost: number, offset: number): readonly number[] {
  const span = window.to - window.from;
  const step = steps.find((one) => span / one <= atMost) ?? 7 * 24 * hour;
  const first = Math.ceil((window.from + offset) / step) * step - offset;
  const ticks: number[] = [];
  for (let time = first; time <= window.to; time += step) ticks.push(time);
  return ticks;
}
