import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chanceOf } from './chance.ts';
import { type Work, isHarmful, workOf } from './work.ts';

function take(seed: number, count: number): readonly Work[] {
  const all = workOf(seed);
  return Array.from({ length: count }, () => all.next().value);
}
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

test('the story of seed 1 begins with a good change and then one that is slow', () => {
  expect(take(1, 3)).toEqual([
    { nth: 0, at: 3, repository: 'site', kind: 'good' },
    { nth: 1, at: 60, repository: 'site', kind: 'latency' },
    { nth: 2, at: 388, repository: expect.any(String), kind: 'good' },
  ]);
});

test.each([
  [1, 'latency'],
  [2, 'browser'],
  [3, 'migration'],
  [4, 'leak'],
  [5, 'latency'],
  [0, 'leak'],
])('seed %i is about %s', (seed, kind) => {
  expect(take(seed, 2)[1]?.kind).toBe(kind);
});

test('the same seed gives the same changes, another one others', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      expect(take(seed, 60)).toEqual(take(seed, 60));
      expect(take(seed, 60)).not.toEqual(take((seed + 4) % 2 ** 31, 60));
    }),
  );
});

test('changes come every two to four minutes, and after a harmful one there is time', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const all = take(seed, 80);
      for (const [i, one] of all.entries()) {
        expect(one.nth).toBe(i);
        const next = all[i + 1];
        if (i === 0 || next === undefined) continue;
        const [least, most] = isHarmful(one.kind) ? [270, 330] : [120, 240];
        expect(next.at - one.at).toBeGreaterThanOrEqual(least);
        expect(next.at - one.at).toBeLessThanOrEqual(most);
      }
    }),
  );
});

test('one of four does harm, never two in a row, and every kind comes up', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const all = take(seed, 82);
      const harmful = all.map(({ kind }) => isHarmful(kind));
      expect(harmful.filter(Boolean)).toHaveLength(21);
      expect(harmful.some((one, i) => one && harmful[i + 1])).toBe(false);
      expect(new Set(all.slice(0, 18).map(({ kind }) => kind)).size).toBe(5);
      const where = all.filter(({ kind }) => isHarmful(kind)).map(({ repository }) => repository);
      expect(new Set(where)).toEqual(new Set(['site']));
      expect(all.some(({ repository }) => repository === 'pipeline')).toBe(true);
    }),
  );
});

test('what chance gives for one purpose does not depend on another', () => {
  fc.assert(
    fc.property(anySeed, fc.nat(20), (seed, calls) => {
      const [a, b] = [chanceOf(seed, 'a'), chanceOf(seed, 'b')];
      const alone = Array.from({ length: 5 }, () => chanceOf(seed, 'a')).map((one) => one.part());
      for (let i = 0; i < calls; i += 1) b.part();
      expect(a.part()).toBe(alone[0]);
      expect(new Set(alone).size).toBe(1);
    }),
  );
});

test('chance stays within its bounds', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const chance = chanceOf(seed, 'bounds');
      for (let i = 0; i < 50; i += 1) {
        const part = chance.part();
        expect(part >= 0 && part < 1).toBe(true);
        expect(chance.whole(3, 5)).toBeOneOf([3, 4, 5]);
        expect(chance.gap(2)).toBeGreaterThanOrEqual(0);
        expect(chance.happens(0)).toBe(false);
        expect(chance.happens(1)).toBe(true);
      }
    }),
  );
});
