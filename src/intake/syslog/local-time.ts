import { Temporal } from 'temporal-polyfill';

/** A time as clocks on a wall show it, in a zone that is known otherwise. */
export interface WallTime {
  /** From 0. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Left out by RFC 3164. */
  readonly year?: number | undefined;
}

/**
 * Makes times of wall times in one zone: ms since the epoch, UTC; undefined for a day that no
 * calendar has. Without a year it is the one that makes the time nearest to now: December's messages
 * arrive in January, and clocks go ahead. An hour that comes twice is the one nearer to now; one that
 * never comes is read as an hour later. Throws a RangeError for a zone that nobody knows.
 */
export function localTimes(
  zone: string | undefined,
): (wall: WallTime, now: number) => number | undefined {
  const offsetAt = zone === undefined || zone === 'UTC' ? undefined : zoneOffsets(zone);
  return (wall, now) => {
    const years = wall.year === undefined ? nearYears(now) : [wall.year];
    let best: number | undefined;
    for (const year of years) {
      const local = utcOf(wall, year);
      if (local === undefined) continue;
      const time = offsetAt === undefined ? local : local - offsetAt(local, now);
      if (best === undefined || Math.abs(time - now) < Math.abs(best - now)) best = time;
    }
    return best;
  };
}

/** Within half a year of a change of years the neighbour may be meant. */
function nearYears(now: number): number[] {
  const date = new Date(now);
  const year = date.getUTCFullYear();
  return [year, date.getUTCMonth() < 6 ? year - 1 : year + 1];
}

/** The wall time as if it were UTC. */
function utcOf(wall: WallTime, year: number): number | undefined {
  const { month, day, hour, minute, second, millisecond } = wall;
  if (hour > 23 || minute > 59 || second > 60 || day < 1) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  if (date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

/** Quarters of an hour: no zone changes within one. */
const step = 900_000;
const remembered = 1_000;

/** Offsets of a zone by wall time; asking Temporal costs more than all else of a message. */
function zoneOffsets(zone: string): (local: number, now: number) => number {
  const known = new Map<number, readonly number[]>();
  offsetsOf(zone, 0);
  return (local, now) => {
    const quarter = Math.floor(local / step) * step;
    let offsets = known.get(quarter);
    if (offsets === undefined) {
      if (known.size >= remembered) known.clear();
      offsets = offsetsOf(zone, quarter);
      known.set(quarter, offsets);
    }
    const [first = 0, second = first] = offsets;
    return Math.abs(local - second - now) < Math.abs(local - first - now) ? second : first;
  };
}

/** What is between the wall time and UTC, ms: two when the hour comes twice. */
function offsetsOf(zone: string, local: number): number[] {
  const wall = Temporal.Instant.fromEpochMilliseconds(local)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime();
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' });
  // An hour that never comes: a clock shows it that was not put forward, and `later` reads it so.
  const skipped = !earlier.toPlainDateTime().equals(wall);
  const times = skipped ? [later] : [earlier, later];
  return times.map((time) => local - time.epochMilliseconds);
}
