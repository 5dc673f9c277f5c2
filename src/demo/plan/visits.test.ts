import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Visit, visits } from './visits.ts';

function take(seed: number, count: number): readonly Visit[] {
  const all = visits(seed);
  return Array.from({ length: count }, () => all.next().value);
}
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

test('the same seed gives the same visitors, another one others', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      expect(take(seed, 40)).toEqual(take(seed, 40));
      expect(take(seed, 40)).not.toEqual(take(seed + 1, 40));
    }),
    { numRuns: 30 },
  );
});

test('visitors come one after the other, and everybody does something', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const all = take(seed, 100);
      for (const [i, { number, at, actions }] of all.entries()) {
        expect(number).toBe(i + 1);
        expect(at).toBeGreaterThanOrEqual(all[i - 1]?.at ?? 0);
        expect(actions.length).toBeGreaterThan(0);
        expect(actions.every(({ after }) => after >= 0 && after < 4)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test('nobody orders what was not looked at', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      for (const { actions } of take(seed, 100)) {
        const kinds = actions.map(({ action }) => action.kind);
        const [looked, ordered] = [kinds.indexOf('look'), kinds.indexOf('order')];
        expect(ordered === -1 || (looked >= 0 && looked < ordered)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

test.each([1, 2, 3, 4])(
  'in ten minutes of seed %i there are four to six actions a second',
  (seed) => {
    const all = take(seed, 2_000).filter(({ at }) => at < 600);
    const actions = all.flatMap((one) => one.actions);
    expect(actions.length / 600).toBeGreaterThan(3.5);
    expect(actions.length / 600).toBeLessThan(6.5);
    const share = (kind: string): number =>
      actions.filter(({ action }) => action.kind === kind).length / actions.length;
    expect(share('search')).toBeGreaterThan(0.3);
    expect(share('order')).toBeGreaterThan(0.05);
    expect(share('write')).toBeGreaterThan(0);
    // Rules count by browser and minute: each of them has to order often enough.
    const orders = (agent: string): number =>
      all.filter(
        (one) => one.agent === agent && one.actions.some(({ action }) => action.kind === 'order'),
      ).length / 10;
    for (const agent of ['chrome', 'firefox', 'safari']) expect(orders(agent)).toBeGreaterThan(3);
  },
);
