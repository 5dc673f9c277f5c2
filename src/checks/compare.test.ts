import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSlower } from './compare.ts';

/** 60 values around `middle`, the same at each run. */
const around = (middle: number, count = 60): number[] =>
  Array.from({ length: count }, (_, i) => middle * (0.8 + ((i * 37) % 41) / 100));

describe('a release against the one before', () => {
  test.each([
    ['the same', 100, 100, 'not-slower'],
    ['faster', 60, 100, 'not-slower'],
    ['slower within what is allowed', 105, 100, 'not-slower'],
    ['slower by far', 150, 100, 'slower'],
  ] as const)('%s', (_, now, before, verdict) => {
    const found = isSlower({ now: around(now), before: around(before), byMoreThan: 0.1 });
    expect(found).toMatchObject({ verdict });
  });

  test('too few values say nothing, and so does a difference that may be chance', () => {
    const few = { now: around(200, 29), before: around(100), byMoreThan: 0.1 };
    expect(isSlower(few)).toEqual({
      verdict: 'unknown',
      why: '29 values now, 60 before; 30 of each are needed',
    });
    const close = { now: around(112, 30), before: around(100, 30), byMoreThan: 0.1 };
    expect(isSlower(close)).toMatchObject({ verdict: 'unknown' });
  });

  test('all the same values differ by nothing', () => {
    const same = Array.from({ length: 40 }, () => 5);
    expect(isSlower({ now: same, before: same, byMoreThan: 0 })).toMatchObject({
      verdict: 'not-slower',
      why: expect.stringContaining('p = 1.0'),
    });
  });
});

test('of the same distribution about one in a hundred is called slower', () => {
  const values = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 40, maxLength: 40 });
  const samples = fc.sample(fc.tuple(values, values), { numRuns: 2000, seed: 7 });
  const slower = samples.filter(
    ([now, before]) => isSlower({ now, before, byMoreThan: 0 }).verdict === 'slower',
  );
  expect(slower.length / samples.length).toBeLessThan(0.02);
});
