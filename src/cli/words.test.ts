import { expect, test } from 'vitest';
import { printable, showNumber, showTime } from './words.ts';

test.each([
  [null, 'no data'],
  [0, '0'],
  [1234567, '1,234,567'],
  [0.1 + 0.2, '0.3'],
  [1234.5678, '1,234.57'],
  [0.0000012, '1.2000e-6'],
])('%s is shown as %s', (value, shown) => {
  expect(showNumber(value)).toBe(shown);
});

test('text from elsewhere can not steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u0007\n\u202ec')).toBe('a\\u001b[2Jb\\u0007\\u000a\\u202ec');
  expect(printable('Zoë 🦊')).toBe('Zoë 🦊');
});

test('times are UTC, and a time that can not be is said so', () => {
  expect(showTime(Date.UTC(2026, 4, 1, 12))).toBe('2026-05-01 12:00:00Z');
  expect(showTime(Date.UTC(2026, 4, 1, 12) + 5)).toBe('2026-05-01 12:00:00.005Z');
  expect(showTime(1e300)).toBe('no time');
});
