import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTime } from './time.ts';

describe('RFC 3339', () => {
  test('every millisecond from year 0 to 9999 is read back', () => {
    const range = {
      noInvalidDate: true,
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
    };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(parseTime(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  test.each([
    ['2026-01-31T10:00:00Z', Date.UTC(2026, 0, 31, 10)],
    ['2026-01-31t10:00:00.5z', Date.UTC(2026, 0, 31, 10, 0, 0, 500)],
    ['2026-01-31T10:00:00.1239999-05:30', Date.UTC(2026, 0, 31, 15, 30, 0, 123)],
    ['2024-02-29T23:59:59+00:00', Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2017-01-01T00:59:60+01:00', Date.UTC(2017, 0, 1)],
  ])('%s', (text, time) => {
    expect(parseTime(text)).toBe(time);
  });

  test.each([
    'yesterday',
    '2026-01-31',
    '2026-01-31 10:00:00Z',
    '2026-01-31T10:00:00',
    '2026-01-31T10:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T10:60:00Z',
    '2026-01-31T10:00:60Z',
    '2026-13-01T10:00:00Z',
    '2025-02-29T10:00:00Z',
    '2026-01-31T10:00:00.Z',
    '2026-01-31T10:00:00+24:00',
    '2026-01-31T10:00:00Z ',
    '20260131T100000Z',
    '+002026-01-31T10:00:00Z',
  ])('not %s', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });
});
