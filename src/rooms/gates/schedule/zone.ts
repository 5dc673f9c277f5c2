import { Temporal } from 'temporal-polyfill';
import { gatesError } from '../errors.ts';

/** A stretch of time in which the clocks of a zone are so far ahead of UTC. ms. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** The zone as it is called. Throws TERR_GATES_SCHEDULE when nobody knows it. */
export function checkedZone(zone: string): string {
  try {
    return at(0, zone).timeZoneId;
  } catch {
    throw gatesError(
      'SCHEDULE',
      `"${zone.slice(0, 60)}" is no time zone; write a name of the IANA database such as Europe/London, or UTC`,
      { field: 'zone' },
    );
  }
}

/** The stretches of one offset from one instant until before another, in order. */
export function stretches(zone: string, from: number, to: number): Stretch[] {
  const found: Stretch[] = [];
  let start = from;
  while (start < to) {
    const here = at(start, zone);
    const next = here.getTimeZoneTransition('next')?.epochMilliseconds ?? to;
    const end = Math.min(next, to);
    found.push({ from: start, to: end, offset: here.offsetNanoseconds / 1e6 });
    start = end;
  }
  return found;
}

function at(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}
