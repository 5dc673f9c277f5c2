import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addTo,
  hasBin,
  makeSketch,
  mergeSketch,
  type Sketch,
  sizeOf,
  valueAt,
} from '../../../sketches/ddsketch.ts';
import { distinct } from './distinct.ts';
import type { Fold } from './fold.ts';
import { quantiles } from './quantiles.ts';

const number = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: -5, max: 5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

function sketchOf(values: readonly number[]): Sketch {
  const sketch = makeSketch();
  for (const value of values) addTo(sketch, value);
  return sketch;
}

/** How far the sketch is off at a rank, relative to what is there. */
function error(sketch: Sketch, sorted: readonly number[], rank: number): number {
  const exact = sorted[rank] ?? Number.NaN;
  const found = valueAt(sketch, rank);
  return found === exact ? 0 : Math.abs(found - exact) / Math.abs(exact);
}

describe('DDSketch', () => {
  test('is at most 1 % off at any rank, and exact at both ends', () => {
    fc.assert(
      // Within the 17 orders of magnitude of its bins.
      fc.property(
        fc.array(fc.double({ min: 1e-8, max: 1e8, noNaN: true }), { minLength: 1 }),
        fc.func(fc.boolean()),
        (sizes, isNegative) => {
          const values = sizes.map((size) => (isNegative(size) ? -size : size));
          const sorted = values.toSorted((a, b) => a - b);
          const sketch = sketchOf(values);
          for (const rank of sorted.keys())
            expect(error(sketch, sorted, rank)).toBeLessThan(0.0101);
          expect([valueAt(sketch, 0), valueAt(sketch, sorted.length - 1)]).toEqual([
            sorted[0],
            sorted.at(-1),
          ]);
        },
      ),
    );
  });

  test('merged, is as if one had counted all', () => {
    fc.assert(
      fc.property(fc.array(number), fc.array(number), (some, others) => {
        const merged = sketchOf(some);
        const from = sketchOf(others);
        const before = structuredClone(from);
        mergeSketch(merged, from);
        expect(from).toEqual(before);
        const whole = sketchOf([...some, ...others]);
        for (let rank = 0; rank < whole.n; rank++)
          expect(valueAt(merged, rank)).toBe(valueAt(whole, rank));
      }),
    );
  });

  test('a number with a weight counts as if it had come as often', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.integer({ min: 1, max: 5 }))), (weighted) => {
        const once = makeSketch();
        for (const [value, times] of weighted) addTo(once, value, times);
        const often = sketchOf(
          weighted.flatMap(([value, times]) => Array.from({ length: times }, () => value)),
        );
        expect(once).toEqual(often);
      }),
    );
  });

  test('knows before whether a number takes more memory', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), number, (values, next) => {
        const sketch = sketchOf(values);
        const before = sizeOf(sketch);
        const known = hasBin(sketch, next);
        addTo(sketch, next);
        expect(known && sizeOf(sketch) !== before).toBe(false);
      }),
    );
  });

  test('has at most 2,048 bins of a sign; the lowest are taken together', () => {
    const values = Array.from({ length: 5_000 }, (_, i) => 1.05 ** (i - 2_500));
    for (const order of [values, values.toReversed()]) {
      const sketch = sketchOf(order);
      expect(sketch.positive.counts.length).toBe(2_048);
      expect(sketch.positive.counts.reduce((a, b) => a + b)).toBe(5_000);
      expect(error(sketch, values, 4_950)).toBeLessThan(0.0101);
    }
  });
});

/** The numbers that a fold says of items. */
function saidOf(fold: Fold, parts: readonly (readonly unknown[])[]): (number | undefined)[] {
  const keep = (items: readonly unknown[]): unknown =>
    items.reduce((kept, item) => fold.add(kept, item), fold.make());
  const all = parts.map(keep).reduce((into, from) => fold.merge?.(into, from));
  return fold.results(all).map(({ metric }) => metric);
}

describe('quantiles', () => {
  test('under 1,000 values: the one at rank floor(q·n)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 999 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const sorted = values.toSorted((a, b) => a - b);
          const rank = Math.min(Math.floor(q * values.length), values.length - 1);
          expect(saidOf(quantiles([q]), [values])).toEqual([sorted[rank]]);
        },
      ),
    );
  });

  test('from 1,000 values on: within 1 %, however the windows were cut', () => {
    const values = Array.from({ length: 3_000 }, (_, i) => ((i * 7_919) % 3_000) + 1);
    const parts = [
      values.slice(0, 400),
      values.slice(400, 900),
      values.slice(900, 2_950),
      values.slice(2_950),
    ];
    for (const said of [
      saidOf(quantiles([0.5, 0.99]), [values]),
      saidOf(quantiles([0.5, 0.99]), parts),
    ]) {
      expect(Math.abs((said[0] ?? 0) / 1_501 - 1)).toBeLessThan(0.0101);
      expect(Math.abs((said[1] ?? 0) / 2_971 - 1)).toBeLessThan(0.0101);
    }
  });
});

describe('distinct', () => {
  const texts = (n: number, from = 0): string[] =>
    Array.from({ length: n }, (_, i) => `user-${from + i}`);

  test('is exact to 1,000 values', () => {
    expect(saidOf(distinct('host'), [[...texts(1_000), ...texts(1_000)]])).toEqual([1_000]);
    expect(saidOf(distinct('host'), [texts(600), texts(600, 300)])).toEqual([900]);
  });

  test.each([1_001, 5_000, 20_000, 200_000])('is near %i', (n) => {
    const [whole = 0] = saidOf(distinct('host'), [texts(n)]);
    expect(Math.abs(whole / n - 1)).toBeLessThan(0.05);
    const half = Math.ceil(n / 2);
    expect(saidOf(distinct('host'), [texts(half), texts(n - half, half)])).toEqual([whole]);
  });
});
