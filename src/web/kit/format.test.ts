import { expect, test } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatClockMs,
  formatDuration,
  formatNumber,
  formatTime,
} from './format.ts';
import { formatIn, unitOf } from './units.ts';

test.each([
  [null, '–'],
  [0, '0'],
  [0.12345, '0.123'],
  [-2.5, '-2.5'],
  [42, '42'],
  [999.6, '1,000'],
  [4217, '4,217'],
  [12_345, '12.3 k'],
  [3_200_000_000, '3.2 G'],
])('%j is written %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [0.25, '0.25 ms'],
  [340, '340 ms'],
  [12_000, '12 s'],
  [250_000, '4 min 10 s'],
  [11_100_000, '3 h 5 min'],
  [12 * 86_400_000, '12 d'],
])('%d ms last %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('bytes, ages and times', () => {
  expect(formatBytes(0)).toBe('0 B');
  expect(formatBytes(1536)).toBe('1.5 KiB');
  expect(formatAge(0, 180_000)).toBe('3 min ago');
  expect(formatAge(7_200_000, 0)).toBe('in 2 h');
  const at = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  expect(formatTime(at, 'utc')).toBe('2026-01-02 03:04:05');
  expect(formatClockMs(at, 'utc')).toBe('03:04:05.006');
});

test.each([
  ['memory.used.bytes', 'mean', 2048, '2 KiB'],
  ['cpu.utilization', 'mean', 0.5, '50 %'],
  ['http.duration', 'p95', 0.2, '200 ms'],
  ['memory.used.bytes', 'count', 2048, '2,048'],
  ['orders', 'sum', null, '–'],
] as const)('%s, %s of %j is written %s…', (name, aggregate, value, text) => {
  expect(formatIn(unitOf(name, aggregate), value)).toBe(text);
});
