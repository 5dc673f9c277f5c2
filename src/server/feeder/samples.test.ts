import { expect, test } from 'vitest';
import { Samples } from './samples.ts';

test('an offset was reached at the first look that saw it', () => {
  const samples = new Samples();
  samples.add(100, 1);
  samples.add(200, 11);
  samples.add(300, 11);
  samples.add(400, 21);
  expect(samples.reached(5)).toBe(200);
  expect(samples.reached(11)).toBe(400);
  expect(samples.reached(21)).toBeUndefined();
});

test('over its bound it tells more coarsely, but within a tenth of the age', () => {
  const samples = new Samples();
  const now = 50_000;
  for (let i = 1; i <= 5000; i++) samples.add(i * 10, i);
  for (const offset of [1, 1000, 4000]) {
    const truly = (offset + 1) * 10;
    const told = samples.reached(offset) ?? Number.NaN;
    expect(Math.abs(told - truly)).toBeLessThan((now - truly) / 10);
  }
});
