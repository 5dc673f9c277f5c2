import { expect, test } from 'vitest';
import { parseTime } from './duration.ts';

const now = Date.UTC(2026, 4, 1, 12);

test.each([
  ['15m', now - 900_000],
  ['2026-05-01T12:00:00Z', now],
  ['2026-05-01T14:00:00+02:00', now],
  ['2026-05-01', Date.UTC(2026, 4, 1)],
  ['1777636800000', 1777636800000],
])('%s', (text, time) => {
  expect(parseTime(text, '--since', now)).toBe(time);
});

test.each(['yesterday', '2026-05-01T12:00:00', '2026-13-01', '', '12'])(
  '%s is refused, and the flag is named',
  (text) => {
    expect(() => parseTime(text, '--since', now)).toThrowError(
      expect.objectContaining({ code: 'TERR_CLI_USAGE', details: { field: '--since' } }),
    );
  },
);
