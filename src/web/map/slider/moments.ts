import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';

/** A part of the past, ms since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When the map became otherwise: changes of health, other maps, edges of what was recorded. Ascending, ms. */
export function momentsOf(timeline: TimelineAnswer): readonly number[] {
  const { from, to, gaps, versions, changes } = timeline;
  const all = [
    ...changes.map(({ time }) => time),
    ...versions.map(({ time }) => time),
    ...gaps.flatMap((gap) => [gap.from, gap.to]),
  ].filter((time) => time >= from && time <= to);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** The changes that have become another word. The others have another cause, or are the first known. */
export const toldOf = ({ changes }: TimelineAnswer): TimelineAnswer['changes'] =>
  changes.filter(({ from, to }) => from !== to);

/** How many changes a window has. Where not all are in the answer, those without another word count too. */
export const countOf = (timeline: TimelineAnswer): number =>
  timeline.cut
    ? timeline.buckets.reduce((sum, { changes }) => sum + changes, 0)
    : toldOf(timeline).length;

/** The next moment after a time, or the last one before it; undefined: there is none. */
export function stepFrom(
  moments: readonly number[],
  at: number,
  direction: 'back' | 'forward',
): number | undefined {
  if (direction === 'forward') return moments.find((moment) => moment > at);
  return moments.findLast((moment) => moment < at);
}

/** The last moment that is not after a time: between two moments the map is the same. */
export const momentBefore = (moments: readonly number[], at: number): number | undefined =>
  moments.findLast((moment) => moment <= at);

export const within = (at: number, { from, to }: Span): number => Math.min(to, Math.max(from, at));

/** Quiet for longer than that on the screen is jumped over, ms. */
const boredAfterMs = 2_000;
/** So long before the next moment the jump ends, ms on the screen. */
const leadInMs = 500;

interface Playing {
  readonly at: number;
  /** Of the recording in one ms on the screen. */
  readonly speed: number;
  readonly moments: readonly number[];
  readonly end: number;
  /** Time in which nothing changes is jumped over. */
  readonly skipsQuiet: boolean;
}

/** Where playing is after so many ms on the screen. Never past its end, and never over a moment by a jump. */
export function advance(playing: Playing, elapsed: number): number {
  const { at, speed, moments, end, skipsQuiet } = playing;
  const next = stepFrom(moments, at, 'forward') ?? end;
  if (skipsQuiet && next - at > boredAfterMs * speed) return Math.min(end, next - leadInMs * speed);
  return Math.min(end, at + elapsed * speed);
}
