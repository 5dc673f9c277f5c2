import { expect, test } from 'vitest';
import { sparkline } from './sparkline.ts';

test('draws values between their own least and greatest', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 10)).toBe('▁▂▃▄▅▆▇█');
});

test('no data is a gap, never a low bar', () => {
  expect(sparkline([1, null, 2], 10)).toBe('▁ █');
  expect(sparkline([null, null], 10)).toBe('  ');
});

test('a level course is drawn in the middle', () => {
  expect(sparkline([5, 5], 10)).toBe('▅▅');
});

test('more values than fit are averaged, and gaps do not count as 0', () => {
  expect(sparkline([0, 2, null, null, 10, null], 3)).toBe('▁ █');
});
