import { parseDuration } from '../../../event/quantity.ts';
import { gatesError } from '../errors.ts';
import { type Cron, parseCron } from './cron.ts';

/** When a window is open, by the clock on the wall of its zone. */
export type Schedule =
  | { readonly kind: 'times'; readonly times: readonly DayTimes[] }
  /** It begins when cron says, and lasts so long, ms of elapsed time. */
  | { readonly kind: 'cron'; readonly cron: Cron; readonly lasts: number };

/** From one minute until before another on some days. */
export interface DayTimes {
  /** From 1, which is Monday (ISO 8601). */
  readonly days: ReadonlySet<number>;
  /** Minutes of the day. */
  readonly from: number;
  /** Above `from`; above 1440 when it ends on the next day. */
  readonly to: number;
}

const dayNames = 'mon tue wed thu fri sat sun'.split(' ');
const minutesOfDay = 1_440;
const maxText = 500;
const maxTimes = 20;
const longest = 31 * 86_400_000;

/**
 * Reads `Mon-Thu 09:30-17:00; Fri 09:30-16:00`, `daily 22:00-06:00` or `0 22 * * 1-5 for 8h`.
 * Throws TERR_GATES_SCHEDULE.
 */
export function parseSchedule(text: string): Schedule {
  if (text.trim() === '' || text.length > maxText)
    throw refused(`write 1 to ${maxText} characters, e.g. "Mon-Fri 09:30-17:00"`);
  const cron = /^(.*\S)\s+for\s+(\S+)\s*$/i.exec(text);
  if (cron !== null) return cronOf(cron[1] ?? '', cron[2] ?? '');
  const parts = text.split(';').filter((part) => part.trim() !== '');
  if (parts.length > maxTimes) throw refused(`there are ${maxTimes} times at most in one window`);
  return { kind: 'times', times: parts.map(dayTimesOf) };
}

function cronOf(fields: string, duration: string): Schedule {
  const lasts = parseDuration(duration);
  if (lasts === undefined || lasts < 60_000 || lasts > longest)
    throw refused(`"for ${duration}" is no time span from 1m to 31d, such as 8h`);
  return { kind: 'cron', cron: parseCron(fields), lasts };
}

function dayTimesOf(text: string): DayTimes {
  const match = /^\s*(\S+)\s+(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)\s*$/.exec(text);
  if (match === null)
    throw refused(
      `"${text.trim()}" cannot be read; write e.g. "Mon-Thu 09:30-17:00; Fri 09:30-16:00", "daily 22:00-06:00" or "0 22 * * 1-5 for 8h"`,
    );
  const [, days = '', ...clock] = match;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = clock.map(Number);
  const from = minuteOf(fromHour, fromMinute, minutesOfDay - 1);
  const to = minuteOf(toHour, toMinute, minutesOfDay);
  if (from === to) throw refused(`"${text.trim()}" is empty; a whole day is 00:00-24:00`);
  return { days: daysOf(days), from, to: to > from ? to : to + minutesOfDay };
}

function minuteOf(hour: number, minute: number, highest: number): number {
  const at = hour * 60 + minute;
  if (minute < 60 && at <= highest) return at;
  throw refused(`${hour}:${String(minute).padStart(2, '0')} is no time of a day`);
}

function daysOf(text: string): ReadonlySet<number> {
  if (/^(daily|every-?day)$/i.test(text)) return new Set([1, 2, 3, 4, 5, 6, 7]);
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first = '', last = first, more] = part.split('-');
    if (more !== undefined) throw refused(`"${part}" are no days`);
    const end = dayOf(last);
    // Over the end of the week as well: Sat-Mon.
    for (let day = dayOf(first); ; day = (day % 7) + 1) {
      days.add(day);
      if (day === end) break;
    }
  }
  return days;
}

function dayOf(text: string): number {
  const found = dayNames.indexOf(text.slice(0, 3).toLowerCase());
  const long = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  if (found !== -1 && (text.length === 3 || long[found] === text.toLowerCase())) return found + 1;
  throw refused(`"${text}" is no day; write Mon, Tue, Wed, Thu, Fri, Sat, Sun or daily`);
}

function refused(message: string) {
  return gatesError('SCHEDULE', message, { field: 'schedule' });
}
