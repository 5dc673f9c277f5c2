import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, day, hour, minute } from '../gates.suite.ts';
import { parseSchedule } from './schedule.ts';
import { type Span, isOpen, nextChange, openSpans } from './spans.ts';
import { checkedZone } from './zone.ts';

/** As times of the wall, to be read. */
function spansOf(schedule: string, zone: string, from: string, to: string): string[] {
  const spans = openSpans(parseSchedule(schedule), zone, { from: at(from), to: at(to) });
  const utc = (ms: number): string => new Date(ms).toISOString().slice(5, 16).replace('T', ' ');
  return spans.map((span) => `${utc(span.from)} – ${utc(span.to)}`);
}

test('the windows of GOV.UK: shorter on Fridays, none at the weekend, an hour earlier in UTC in summer', () => {
  const text = 'Mon-Thu 09:30-17:00; Fri 09:30-16:00';
  expect(spansOf(text, 'Europe/London', '2026-01-08T00:00Z', '2026-01-13T00:00Z')).toEqual([
    '01-08 09:30 – 01-08 17:00',
    '01-09 09:30 – 01-09 16:00',
    '01-12 09:30 – 01-12 17:00',
  ]);
  expect(spansOf(text, 'Europe/London', '2026-07-02T00:00Z', '2026-07-03T00:00Z')).toEqual([
    '07-02 08:30 – 07-02 16:00',
  ]);
});

test.each([
  ['over midnight', 'Fri 22:00-06:00', 'UTC', ['01-09 22:00 – 01-10 06:00']],
  ['the whole of two days is one', 'Sat,Sun 00:00-24:00', 'UTC', ['01-10 00:00 – 01-12 00:00']],
  ['over the end of the week', 'Sun-Mon 00:00-24:00', 'UTC', ['01-11 00:00 – 01-13 00:00']],
  ['cron, elapsed time', '0 22 * * 5 for 90m', 'UTC', ['01-09 22:00 – 01-09 23:30']],
  [
    'cron by name, in a zone',
    '30 9 * JAN fri for 1h',
    'Asia/Kolkata',
    ['01-09 04:00 – 01-09 05:00'],
  ],
  [
    'cron, day of month or of week',
    '0 0 10 * sun for 1h',
    'UTC',
    ['01-10 00:00 – 01-10 01:00', '01-11 00:00 – 01-11 01:00'],
  ],
  ['cron that began before', '0 20 8 1 * for 8h', 'UTC', ['01-09 00:00 – 01-09 04:00']],
  ['cron that overlaps itself', '0 */6 9 1 * for 8h', 'UTC', ['01-09 00:00 – 01-10 02:00']],
])('%s: %s', (_, text, zone, spans) => {
  expect(spansOf(text, zone, '2026-01-09T00:00Z', '2026-01-13T00:00Z')).toEqual(spans);
});

describe('where clocks change (Europe/Berlin: 03-29 from 2 to 3 o’clock, 10-25 from 3 to 2)', () => {
  test.each([
    ['an hour that never comes opens nothing', 'daily 02:15-02:45', '03-29', []],
    [
      'what ends in it ends as it does',
      'daily 01:00-02:30',
      '03-29',
      ['03-29 00:00 – 03-29 01:00'],
    ],
    [
      'what begins in it begins with the next hour',
      'daily 02:30-04:00',
      '03-29',
      ['03-29 01:00 – 03-29 02:00'],
    ],
    [
      'an hour that comes twice opens twice',
      'daily 02:15-02:45',
      '10-25',
      ['10-25 00:15 – 10-25 00:45', '10-25 01:15 – 10-25 01:45'],
    ],
    [
      'and is two hours when the whole of it is meant',
      'daily 02:00-03:00',
      '10-25',
      ['10-25 00:00 – 10-25 02:00'],
    ],
    [
      'a cron whose minute never comes begins at the change',
      '30 2 * * * for 4h',
      '03-29',
      ['03-29 01:00 – 03-29 05:00'],
    ],
    [
      'a cron whose minute comes twice begins twice',
      '30 2 * * * for 30m',
      '10-25',
      ['10-25 00:30 – 10-25 01:00', '10-25 01:30 – 10-25 02:00'],
    ],
  ])('%s: %s on %s', (_, text, date, spans) => {
    const from = at(`2026-${date}T00:00+01:00`);
    const range = { from: from - 30 * minute, to: from + 12 * hour };
    const found = openSpans(parseSchedule(text), 'Europe/Berlin', range);
    const utc = (ms: number): string => new Date(ms).toISOString().slice(5, 16).replace('T', ' ');
    expect(found.map((span) => `${utc(span.from)} – ${utc(span.to)}`)).toEqual(spans);
  });

  test('a zone that skips a whole day has no windows in it', () => {
    // Samoa went over the date line and had no 30 December 2011, a Friday.
    const range = ['2011-12-28T00:00Z', '2012-01-02T00:00Z'] as const;
    expect(spansOf('Fri 09:00-17:00', 'Pacific/Apia', ...range)).toEqual([]);
    expect(spansOf('Sat 09:00-17:00', 'Pacific/Apia', ...range)).toEqual([
      '12-30 19:00 – 12-31 03:00',
    ]);
  });
});

test.each([
  ['', 'write 1 to 500 characters'],
  ['Mon', 'cannot be read'],
  ['Mun 09:00-10:00', '"Mun" is no day'],
  ['Mon 09:00-09:00', 'is empty'],
  ['Mon 24:00-25:00', '24:00 is no time'],
  ['Mon 09:60-10:00', '9:60 is no time'],
  ['0 22 * * for 1h', 'has 4 fields'],
  ['60 22 * * * for 1h', '"60" is not between 0 and 59'],
  ['* * * * * for 1h', 'begins 1440 times a day'],
  ['0 22 * * * for ever', '"for ever" is no time span'],
  ['0 22 * * 5-1 for 1h', '"5-1" selects nothing'],
])('"%s" is refused: %s', (text, why) => {
  expect(() => parseSchedule(text)).toThrow(why);
});

test('a zone that nobody knows is refused', () => {
  expect(checkedZone('Europe/London')).toBe('Europe/London');
  expect(() => checkedZone('Europe/Atlantis')).toThrow('no time zone');
});

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
const clock = fc
  .integer({ min: 0, max: 95 })
  .map((n) => `${Math.floor(n / 4)}:${String((n % 4) * 15).padStart(2, '0')}`);
const times = fc
  .tuple(fc.constantFrom('Mon', 'Sat,Sun', 'Mon-Fri', 'daily', 'Fri-Mon'), clock, clock)
  .filter(([, from, to]) => from !== to)
  .map(([days, from, to]) => `${days} ${from}-${to}`);
const cron = fc
  .tuple(
    fc.integer({ min: 0, max: 59 }),
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 1, max: 2_000 }),
  )
  .map(([m, h, lasts]) => `${m} ${h} * * * for ${lasts}m`);
const instant = fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-12-31T00:00Z') });

/** What the clock on the wall shows, by another road: Intl. */
function wall(zone: string, ms: number): { readonly weekday: string; readonly minutes: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { weekday: of('weekday'), minutes: Number(of('hour')) * 60 + Number(of('minute')) };
}

test('times are open exactly when the clock on the wall is between them', () => {
  const one = fc.tuple(fc.constantFrom(...zones), clock, clock, instant);
  fc.assert(
    fc.property(one, ([zone, from, to, now]) => {
      fc.pre(from !== to);
      const minutesOf = (text: string): number => {
        const [h = 0, m = 0] = text.split(':').map(Number);
        return h * 60 + m;
      };
      const { minutes } = wall(zone, now);
      const [begin, end] = [minutesOf(from), minutesOf(to)];
      const expected =
        begin < end ? minutes >= begin && minutes < end : minutes >= begin || minutes < end;
      expect(isOpen(parseSchedule(`daily ${from}-${to}`), zone, now)).toBe(expected);
    }),
  );
});

test('spans are apart, in order, and agree with each instant; a change is the next of them', () => {
  fc.assert(
    fc.property(fc.oneof(times, cron), fc.constantFrom(...zones), instant, (text, zone, now) => {
      const schedule = parseSchedule(text);
      const range = { from: now, to: now + 3 * day };
      const spans = openSpans(schedule, zone, range);
      let last: Span = { from: 0, to: 0 };
      for (const span of spans) {
        expect(span.from).toBeLessThan(span.to);
        expect(span.from).toBeGreaterThan(last.to);
        last = span;
      }
      for (let probe = now; probe < range.to; probe += 7 * hour + 11 * minute) {
        const inside = spans.some((span) => span.from <= probe && probe < span.to);
        expect(isOpen(schedule, zone, probe)).toBe(inside);
      }
      const change = nextChange(schedule, zone, now);
      if (change === undefined) return;
      expect(isOpen(schedule, zone, change)).toBe(!isOpen(schedule, zone, now));
      expect(isOpen(schedule, zone, change - 1)).toBe(isOpen(schedule, zone, now));
    }),
    { numRuns: 200 },
  );
});
