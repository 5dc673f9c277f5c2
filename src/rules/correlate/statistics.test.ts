import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changePoints } from './change-points.ts';
import { normalQuantile, normalTwoSided, studentTwoSided } from './distributions.ts';
import { bestSplit } from './e-divisive.ts';
import { effectSize, mannWhitney, shiftOf } from './mann-whitney.ts';
import { perfherderChanges } from './perfherder.ts';
import { weighted, weightedT } from './weighted-t.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 2,
  maxLength: 30,
});

describe('distributions', () => {
  // Quantiles of any table of Student's t.
  test.for([
    { t: 12.7062, freedom: 1, p: 0.05 },
    { t: 2.2281, freedom: 10, p: 0.05 },
    { t: 2.7633, freedom: 28, p: 0.01 },
    { t: 3.3905, freedom: 100, p: 0.001 },
  ])('t of $t with $freedom', ({ t, freedom, p }) => {
    expect(studentTwoSided(t, freedom)).toBeCloseTo(p, 5);
    expect(studentTwoSided(-t, freedom)).toBe(studentTwoSided(t, freedom));
  });

  test('normal', () => {
    expect(normalQuantile(0.99)).toBeCloseTo(2.326348, 6);
    expect(normalTwoSided(1.959964)).toBeCloseTo(0.05, 6);
    expect(studentTwoSided(Infinity, 3)).toBe(0);
    expect(studentTwoSided(Number.NaN, 3)).toBe(1);
  });
});

describe('weighted means', () => {
  test('weights fall linearly with the distance from the change', () => {
    expect(weighted([1, 2, 3, 4], 0, 4, 'first')).toEqual({ mean: 2, variance: 2, n: 4 });
    expect(weighted([1, 2, 3, 4], 0, 4, 'last')).toEqual({ mean: 3, variance: 2, n: 4 });
    expect(weighted([7], 0, 1, 'last')).toEqual({ mean: 7, variance: 0, n: 1 });
  });

  test('t of constants', () => {
    expect(weightedT([1, 1, 1, 1], 2, 2, 2)).toBe(0);
    expect(weightedT([1, 1, 2, 2], 2, 2, 2)).toBe(Infinity);
    expect(weightedT([0.1, 0.1, 0.1, 0, 0, 0], 3, 3, 3)).toBe(-Infinity);
  });

  test('a series read backwards has the opposite t', () => {
    fc.assert(
      fc.property(values, ([...series]) => {
        const half = Math.floor(series.length / 2);
        const t = weightedT(series, half, half, series.length - half);
        const back = weightedT(
          series.toReversed(),
          series.length - half,
          series.length - half,
          half,
        );
        expect(back).toBeCloseTo(-t, 4);
      }),
      { examples: [[[1, 1, 2, 2]]] },
    );
  });

  test('Perfherder’s step of sixteen', () => {
    const series = Array.from({ length: 16 }, (_, i) => [i, i < 8 ? 0 : 1] as const);
    expect(perfherderChanges(series, { minBack: 5, maxBack: 5, fore: 5, t: 2 })).toEqual([8]);
  });
});

describe('Mann-Whitney', () => {
  test('the interval of R and Kayenta', () => {
    const shift = shiftOf([10, 20, 30, 40], [1, 2, 3, 4], 0.95);
    expect(shift).toEqual({ estimate: 22.5, low: 6, high: 39 });
  });

  test('by brute force', () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const differences = x.flatMap((a) => y.map((b) => a - b)).sort((a, b) => a - b);
        const { estimate, low, high } = shiftOf(x, y, 0.95);
        const below = differences.filter((d) => d < estimate).length;
        const above = differences.filter((d) => d > estimate).length;
        expect(Math.abs(below - above)).toBeLessThanOrEqual(
          differences.filter((d) => d === estimate).length,
        );
        expect(low <= estimate && estimate <= high).toBe(true);
        const wins = differences.reduce((sum, d) => sum + (d > 0 ? 1 : d === 0 ? 0.5 : 0), 0);
        expect(effectSize(x, y)).toBeCloseTo(wins / differences.length, 9);
        expect(effectSize(x, y) + effectSize(y, x)).toBeCloseTo(1, 9);
      }),
    );
  });

  test('without ties the interval leaves out 0 just when the test rejects', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), {
      minLength: 4,
      maxLength: 40,
    });
    fc.assert(
      fc.property(distinct, (all) => {
        const [x, y] = [all.slice(0, all.length / 2), all.slice(all.length / 2)];
        const { low, high } = shiftOf(x, y, 0.95);
        const holdsZero = low <= 0 && high >= 0;
        const isEveryDifference = low === Math.min(...x) - Math.max(...y);
        expect(holdsZero || isEveryDifference || mannWhitney(x, y) <= 0.05).toBe(true);
        expect(!holdsZero || mannWhitney(x, y) > 0.05).toBe(true);
      }),
    );
  });

  test('equal values have a p of 1', () => {
    expect(mannWhitney([1, 1], [1, 1, 1])).toBe(1);
    expect(mannWhitney([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12])).toBeCloseTo(0.005, 3);
  });
});

describe('E-divisive', () => {
  test('by its definition, brute force', () => {
    const mean = (all: number[]): number =>
      all.length === 0 ? 0 : all.reduce((sum, one) => sum + one, 0) / all.length;
    const among = (all: number[]): number[] =>
      all.flatMap((a, i) => all.slice(i + 1).map((b) => Math.abs(a - b)));
    fc.assert(
      fc.property(values, (series) => {
        let most = -Infinity;
        for (let t = 1; t < series.length; t++)
          for (let k = t + 1; k <= series.length; k++) {
            const [left, right] = [series.slice(0, t), series.slice(t, k)];
            const across = left.flatMap((a) => right.map((b) => Math.abs(a - b)));
            const energy = 2 * mean(across) - mean(among(left)) - mean(among(right));
            most = Math.max(most, ((t * (k - t)) / k) * energy);
          }
        const best = bestSplit(series, 0, series.length);
        expect(best.divergence).toBeCloseTo(most, 3);
        expect(best.index).toBeGreaterThan(0);
        expect(best.index).toBeLessThan(series.length);
      }),
      { numRuns: 30 },
    );
  });

  test('Otava’s series of twenty', () => {
    const series = [
      1.02, 0.95, 0.99, 1, 1.12, 1, 1.01, 0.98, 1.01, 0.96, 0.5, 0.51, 0.48, 0.48, 0.55, 0.5, 0.49,
      0.51, 0.5, 0.49,
    ];
    expect(bestSplit(series, 0, 20).index).toBe(10);
    const options = { window: 10, maxP: 0.0001, minMagnitude: 0 };
    expect(changePoints(series, options)).toMatchObject([{ index: 10 }]);
    expect(changePoints([], options)).toEqual([]);
    expect(
      changePoints(
        Array.from({ length: 50 }, () => 3),
        options,
      ),
    ).toEqual([]);
  });
});
