import { gatesError } from '../errors.ts';

/** Five fields of cron as sets of the numbers that match. */
export interface Cron {
  /** Minutes of the day, ascending. */
  readonly starts: readonly number[];
  readonly days: ReadonlySet<number>;
  /** From 1. */
  readonly months: ReadonlySet<number>;
  /** From 0, which is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Both days are restricted: one of them is enough (POSIX crontab). */
  readonly either: boolean;
}

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const dayNames = 'sun mon tue wed thu fri sat'.split(' ');
/** What begins more often is written as times; it bounds the work of a year. */
const maxStarts = 24;

/** Reads `0 22 * * 1-5`. Throws TERR_GATES_SCHEDULE. */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (
    fields.length !== 5 ||
    minute === undefined ||
    hour === undefined ||
    day === undefined ||
    month === undefined ||
    weekday === undefined
  )
    throw refused(
      `"${text}" has ${fields.length} fields; cron has five: minute hour day month weekday`,
    );
  const minutes = numbers(minute, { low: 0, high: 59 });
  const hours = numbers(hour, { low: 0, high: 23 });
  if (minutes.size * hours.size > maxStarts)
    throw refused(
      `"${text}" begins ${minutes.size * hours.size} times a day, and ${maxStarts} are allowed; write the times themselves, e.g. "daily 00:00-24:00"`,
    );
  const weekdays = numbers(weekday, { low: 0, high: 7, names: dayNames, first: 0 });
  return {
    starts: [...hours].flatMap((h) => [...minutes].map((m) => h * 60 + m)).sort((a, b) => a - b),
    days: numbers(day, { low: 1, high: 31 }),
    months: numbers(month, { low: 1, high: 12, names: monthNames, first: 1 }),
    weekdays: new Set([...weekdays].map((n) => n % 7)),
    either: !day.startsWith('*') && !weekday.startsWith('*'),
  };
}

/** Whether it begins on a day, given as days since 1970-01-01 of the wall's calendar. */
export function beginsOn({ days, months, weekdays, either }: Cron, epochDay: number): boolean {
  const date = new Date(epochDay * 86_400_000);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const day = days.has(date.getUTCDate());
  const weekday = weekdays.has(date.getUTCDay());
  return either ? day || weekday : day && weekday;
}

interface Range {
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
  /** The number of the first name. */
  readonly first?: number;
}

function numbers(field: string, range: Range): ReadonlySet<number> {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) throw refused(`"${part}" in "${field}" is no field of cron`);
    const [, , from, to, every] = match;
    const low = from === undefined ? range.low : numberOf(from, range);
    // `5/10` is from 5 to the end, as in other crons.
    const open = from === undefined || (to === undefined && every !== undefined);
    const high = open ? range.high : to === undefined ? low : numberOf(to, range);
    const step = Number(every ?? 1);
    if (low > high || step === 0) throw refused(`"${part}" selects nothing`);
    for (let n = low; n <= high; n += step) found.add(n);
  }
  return found;
}

function numberOf(text: string, { low, high, names = [], first = 0 }: Range): number {
  const named = names.indexOf(text.toLowerCase());
  const number = named === -1 ? (/^\d+$/.test(text) ? Number(text) : NaN) : named + first;
  if (number >= low && number <= high) return number;
  throw refused(`"${text}" is not between ${low} and ${high}`);
}

function refused(message: string) {
  return gatesError('SCHEDULE', message, { field: 'schedule' });
}
