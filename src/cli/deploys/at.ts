import { Temporal } from 'temporal-polyfill';
import { cliErrors } from '../errors.ts';
import { parseAhead } from '../gates/asking.ts';

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const perWeek = 7;

/** Where the clock hangs by which a time without a zone is read. */
export function zoneOf(named: string | undefined): string {
  const zone = named ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return Temporal.Now.zonedDateTimeISO(zone).timeZoneId;
  } catch {
    throw cliErrors(
      'USAGE',
      `"${zone.slice(0, 60)}" is no time zone; write a name of the IANA database such as Europe/London, or UTC`,
      { field: '--tz' },
    );
  }
}

interface Wall {
  readonly field: string;
  readonly now: number;
  readonly zone: string;
}

/**
 * A time ahead as people write it, in ms: `Fri 10:00`, `tomorrow 10:00`, `10:00` (the next of them by
 * the clock of the zone), `2026-05-01 10:00` there, or what `parseAhead` reads: `2h`, RFC 3339, ms.
 * A time that the clock skips is the same distance behind the change. Throws TERR_CLI_USAGE.
 */
export function parseAt(text: string, { field, now, zone }: Wall): number {
  const said = text.trim().toLowerCase();
  const dated = /^(\d{4}-\d\d-\d\d)[ t](\d{1,2}:\d\d)$/.exec(said);
  if (dated) return onDay(dated[1] ?? '', dated[2] ?? '', { field, now, zone });
  const named = /^(?:([a-z]+) )?(\d{1,2}:\d\d)$/.exec(said);
  if (!named) return parseAhead(text.trim(), field, now);
  return nextOf(named[1], named[2] ?? '', { field, now, zone });
}

function nextOf(day: string | undefined, clock: string, wall: Wall): number {
  const today = Temporal.Instant.fromEpochMilliseconds(wall.now).toZonedDateTimeISO(wall.zone);
  const [first, step] = daysAhead(day, today.dayOfWeek, wall);
  for (const ahead of [first, first + step]) {
    const date = today.toPlainDate().add({ days: ahead }).toString();
    const at = onDay(date, clock, wall);
    if (at > wall.now) return at;
  }
  throw cliErrors('USAGE', `${day ?? ''} ${clock} is over`, { field: wall.field });
}

/** So many days from today, and if that is over so many more. */
function daysAhead(
  day: string | undefined,
  today: number,
  { field }: Wall,
): readonly [first: number, step: number] {
  if (day === undefined) return [0, 1];
  if (day === 'today') return [0, 0];
  if (day === 'tomorrow') return [1, 0];
  const index = days.findIndex((one) => day.startsWith(one));
  if (index < 0)
    throw cliErrors('USAGE', `"${day}" is no day; write e.g. Fri 10:00 or tomorrow 10:00`, {
      field,
    });
  return [(index + 1 - today + perWeek) % perWeek, perWeek];
}

function onDay(date: string, clock: string, { field, zone }: Wall): number {
  try {
    const wall = Temporal.PlainDateTime.from(`${date}T${clock.padStart(5, '0')}`);
    return wall.toZonedDateTime(zone).epochMilliseconds;
  } catch {
    throw cliErrors('USAGE', `"${date} ${clock}" is no time`, { field });
  }
}
