import { expect, test } from 'vitest';
import { parseAt, zoneOf } from './at.ts';

/** A Wednesday. */
const now = Date.parse('2026-05-06T12:00:00Z');

test.each([
  ['Fri 10:00', 'UTC', '2026-05-08T10:00:00Z'],
  ['friday 10:00', 'Europe/London', '2026-05-08T09:00:00Z'],
  ['Wed 13:00', 'UTC', '2026-05-06T13:00:00Z'],
  ['Wed 12:00', 'UTC', '2026-05-13T12:00:00Z'],
  ['9:30', 'UTC', '2026-05-07T09:30:00Z'],
  ['09:30', 'America/New_York', '2026-05-06T13:30:00Z'],
  ['tomorrow 10:00', 'Asia/Tokyo', '2026-05-07T01:00:00Z'],
  ['2026-12-24 18:00', 'Europe/Berlin', '2026-12-24T17:00:00Z'],
  ['2h', 'Asia/Tokyo', '2026-05-06T14:00:00Z'],
  ['2026-05-07T10:00:00+02:00', 'Asia/Tokyo', '2026-05-07T08:00:00Z'],
  // The clocks skip 01:00 to 02:00 on that day.
  ['2027-03-28 01:30', 'Europe/London', '2027-03-28T01:30:00Z'],
])('%s in %s is %s', (text, zone, expected) => {
  expect(new Date(parseAt(text, { field: '--at', now, zone })).toISOString()).toBe(
    new Date(expected).toISOString(),
  );
});

test.each(['today 11:00', 'Fro 10:00', 'Fri 25:00', '2026-02-30 10:00', 'soon'])(
  '%s is refused',
  (text) => {
    expect(() => parseAt(text, { field: '--at', now, zone: 'UTC' })).toThrow(
      expect.objectContaining({ code: 'TERR_CLI_USAGE' }),
    );
  },
);

test('a zone is one of the IANA database', () => {
  expect(zoneOf('Europe/London')).toBe('Europe/London');
  expect(() => zoneOf('Mars/Base')).toThrow('no time zone');
});
