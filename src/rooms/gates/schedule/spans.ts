import { beginsOn } from './cron.ts';
import type { Schedule } from './schedule.ts';
import { type Stretch, stretches } from './zone.ts';

/** From one instant until before another: ms since the epoch, UTC. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const day = 86_400_000;
const minute = 60_000;

/**
 * When a schedule is open between two instants: apart from each other, in order, cut at the ends.
 * Times are what the clock on the wall shows: an hour that comes twice is open twice, one that never
 * comes never. A cron whose minute never comes begins when the clocks are put forward instead: what
 * must be closed is then not left open for a night.
 */
export function openSpans(schedule: Schedule, zone: string, { from, to }: Span): Span[] {
  const back = schedule.kind === 'cron' ? schedule.lasts : 0;
  const parts = stretches(zone, from - back, to);
  const spans =
    schedule.kind === 'cron'
      ? cronSpans(schedule, parts)
      : parts.flatMap((part) => timesSpans(schedule, part));
  return merged(spans)
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.from < span.to);
}

/** Whether it is open at an instant. */
export function isOpen(schedule: Schedule, zone: string, now: number): boolean {
  return openSpans(schedule, zone, { from: now, to: now + 1 }).length > 0;
}

/** Times come again each week; in two of them also what the change of the clocks leaves out once. */
const near = 16 * day;
const far = 400 * day;

/**
 * When it is next as it is not now: the end of what is open, the start of what is closed. Undefined
 * when that is not within 400 days.
 */
export function nextChange(schedule: Schedule, zone: string, now: number): number | undefined {
  for (const ahead of schedule.kind === 'cron' ? [near, far] : [near]) {
    const [first] = openSpans(schedule, zone, { from: now, to: now + ahead });
    if (first === undefined) continue;
    if (first.from > now) return first.from;
    if (first.to < now + ahead) return first.to;
  }
  return undefined;
}

/** Within one stretch the wall's time and UTC differ by its offset. */
function timesSpans({ times }: Schedule & { kind: 'times' }, part: Stretch): Span[] {
  const { from, to, offset } = part;
  const spans: Span[] = [];
  for (let date = dayOf(from + offset) - 1; date <= dayOf(to + offset); date++)
    for (const one of times) {
      if (!one.days.has(weekdayOf(date))) continue;
      const begins = Math.max(from, date * day + one.from * minute - offset);
      const ends = Math.min(to, date * day + one.to * minute - offset);
      if (begins < ends) spans.push({ from: begins, to: ends });
    }
  return spans;
}

function cronSpans(schedule: Schedule & { kind: 'cron' }, parts: readonly Stretch[]): Span[] {
  const spans: Span[] = [];
  for (const [n, part] of parts.entries())
    for (const begins of beginnings(schedule, part, parts[n - 1]))
      spans.push({ from: begins, to: begins + schedule.lasts });
  return spans;
}

/** The instants in one stretch at which cron begins. */
function beginnings(
  { cron }: Schedule & { kind: 'cron' },
  { from, to, offset }: Stretch,
  before: Stretch | undefined,
): number[] {
  const wallFrom = from + offset;
  // What the clocks jumped over.
  const jumpedFrom = before === undefined ? wallFrom : Math.min(wallFrom, from + before.offset);
  const found: number[] = [];
  for (let date = dayOf(jumpedFrom); date <= dayOf(to + offset); date++) {
    if (!beginsOn(cron, date)) continue;
    for (const start of cron.starts) {
      const wall = date * day + start * minute;
      if (wall >= jumpedFrom && wall < to + offset) found.push(Math.max(wall, wallFrom) - offset);
    }
  }
  return found;
}

const dayOf = (wall: number): number => Math.floor(wall / day);
/** 1970-01-01 was a Thursday. */
const weekdayOf = (date: number): number => ((((date + 3) % 7) + 7) % 7) + 1;

/** Joins what overlaps or touches. */
function merged(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && span.from <= last.to)
      found[found.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else found.push(span);
  }
  return found;
}
