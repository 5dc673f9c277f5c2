import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bucketsOf,
  type Counted,
  minus,
  ofExponential,
  ofHistogram,
  quantileOf,
} from './distribution.ts';
import { JsonInput } from './fields.ts';

function counted(made: Counted | string): Counted {
  if (typeof made === 'string') throw new Error(made);
  return made;
}

const exponential = (scale: number, offset: number, bucketCounts: readonly number[]): Counted =>
  counted(
    ofExponential({
      count: bucketCounts.reduce((a, b) => a + b, 0),
      scale,
      positive: new JsonInput({ offset, bucketCounts }),
    }),
  );

describe('quantiles', () => {
  const buckets = (counts: readonly number[], bounds: readonly number[]) =>
    bucketsOf(counted(ofHistogram({ count: 1, bucketCounts: counts, explicitBounds: bounds })));

  test.each([
    [[0, 10, 0], [10, 20], 0.5, {}, 15],
    [[10, 0, 0], [10, 20], 0.5, {}, 5],
    [[0, 0, 10], [10, 20], 0.5, {}, 20],
    [[0, 0, 10], [10, 20], 0.5, { min: 30, max: 40 }, 35],
    [[4, 4, 2], [1, 2], 0.5, { max: 9 }, 1.25],
    [[5], [], 0.5, { min: 2, max: 4 }, 3],
    [[0, 0, 0], [1, 2], 0.5, {}, undefined],
  ])('of %j in %j the share %d is below, with %j: %j', (...[counts, bounds, q, known, value]) => {
    expect(quantileOf(buckets(counts, bounds), q, known)).toBe(value);
  });

  test('grow with the share, and stay within what was counted', () => {
    const shape = fc.tuple(fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }), fc.nat(8));
    fc.assert(
      fc.property(shape, ([counts, offset]) => {
        const sorted = bucketsOf(exponential(2, offset - 4, counts));
        const found = [0.1, 0.5, 0.9, 1].map((q) => quantileOf(sorted, q, {}) ?? 0);
        expect(found).toEqual(found.toSorted((a, b) => a - b));
        expect(found[3]).toBeLessThanOrEqual(sorted.at(-1)?.high ?? 0);
      }),
    );
  });
});

describe('between two points', () => {
  test('of an exponential histogram that became coarser', () => {
    const before = exponential(1, 0, [1, 1, 1, 1]); // (1, 4]
    const after = exponential(0, 0, [2, 5]); // (1, 2], (2, 4]
    const between = minus(after, before);
    expect(between?.count).toBe(3);
    expect(between && bucketsOf(between)).toEqual([{ low: 2, high: 4, count: 3 }]);
  });

  test('with negative indices, too', () => {
    const between = minus(exponential(0, -2, [3, 3]), exponential(1, -4, [1, 1, 1, 1]));
    expect(between && bucketsOf(between)).toEqual([
      { low: 0.25, high: 0.5, count: 1 },
      { low: 0.5, high: 1, count: 1 },
    ]);
  });

  test.each([
    ['other bounds', { bucketCounts: [1, 1], explicitBounds: [5] }],
    ['fewer in one bucket', { bucketCounts: [0, 9], explicitBounds: [1] }],
    ['no buckets', {}],
  ])('with %s nothing is known', (_, point) => {
    const before = counted(
      ofHistogram({ count: 2, sum: 1, bucketCounts: [1, 1], explicitBounds: [1] }),
    );
    expect(minus(counted(ofHistogram({ count: 9, sum: 9, ...point })), before)).toBeUndefined();
  });
});

test.each([
  [{ bucketCounts: [1, 2, 3], explicitBounds: [1] }, /3 counts for 1 bounds/],
  [{ bucketCounts: [1, 2, 3], explicitBounds: [2, 1] }, /do not grow/],
  [{ bucketCounts: Array.from({ length: 5_000 }, () => 1) }, /more than 2048/],
])('a histogram that is none is refused', (point, words) => {
  expect(ofHistogram(point)).toMatch(words);
});

test('a scale that nobody uses is refused', () => {
  expect(ofExponential({ scale: 99 })).toMatch(/-11 to 20/);
});
