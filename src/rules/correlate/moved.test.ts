import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looks } from './looks.ts';
import { defaultMoved, moved, type Question } from './moved.ts';
import type { Verdict } from './verdict.ts';
import type { Point } from './weighted-t.ts';

const minute = 60_000;
const change = Date.UTC(2026, 0, 15, 12);

/** Noise that is the same in every run: mulberry32, then the sum of four. */
function noise(seed: number): () => number {
  let a = seed;
  const next = (): number => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => (next() + next() + next() + next() - 2) * Math.sqrt(3);
}

/** One reading a minute: `past` of them before the change, 24 after it. */
function readings(
  value: (i: number, noise: number) => number,
  past = 700,
  seed = 1,
  after = 24,
): Point[] {
  const random = noise(seed);
  return Array.from({ length: past + after }, (_, i) => [
    change + (i - past) * minute,
    value(i - past, random()),
  ]);
}

const kindOf = (question: Partial<Question>): Verdict['kind'] =>
  moved({ series: [], change, ...question }).kind;

function evidenceOf(verdict: Verdict) {
  if (verdict.kind === 'cannotTell') throw new Error('cannot tell');
  return verdict.evidence;
}

describe('what it says', () => {
  test('a level that rises with the change moved', () => {
    const series = readings((i, e) => 100 + 5 * e + (i >= 0 ? 30 : 0));
    const verdict = moved({ series, change });
    expect(verdict).toMatchObject({ kind: 'moved', direction: 'up' });
    const { shift, rank, commonLanguage, relative, location, before, after } = evidenceOf(verdict);
    expect(shift.estimate).toBeCloseTo(30, -1);
    expect(shift.low).toBeLessThan(shift.estimate);
    expect(shift.high).toBeGreaterThan(shift.estimate);
    expect(rank).toEqual({ p: 1 / 211, larger: 0, splits: 210, wanted: 0.01 });
    expect(commonLanguage).toBe(1);
    expect(relative).toBeCloseTo(0.3, 1);
    expect(location).toEqual({ at: change, points: 0 });
    expect([before.n, before.to, after.n, after.from]).toEqual([48, change - minute, 24, change]);
  });

  test('noise did not, and every gate says why', () => {
    const verdict = moved({ series: readings((_, e) => 100 + 5 * e), change });
    expect(verdict).toMatchObject({
      kind: 'notMoved',
      because: ['rank', 'effect', 'commonLanguage'],
    });
  });

  test('what moved ten minutes before the change moved elsewhere', () => {
    const series = readings((i, e) => 100 + 5 * e + (i >= -10 ? 40 : 0));
    expect(moved({ series, change })).toMatchObject({
      kind: 'movedElsewhere',
      at: change - 10 * minute,
      side: 'before',
    });
  });

  test('but within the rollout it is the change’s', () => {
    const series = readings((i, e) => 100 + 5 * e + (i >= 6 ? 40 : 0));
    expect(moved({ series, change })).toMatchObject({ kind: 'movedElsewhere', side: 'after' });
    expect(kindOf({ series, rollout: 6 * minute })).toBe('moved');
  });

  test('a metric that does so all the time did not move', () => {
    // Up and down by 30 every two hours.
    const series = readings((i, e) => 100 + 5 * e + (Math.floor(i / 120) % 2 === 0 ? 30 : 0));
    expect(moved({ series, change })).toMatchObject({ kind: 'notMoved', because: ['rank'] });
  });

  test('what it does at this hour every day is no move, once it is known for a week', () => {
    const daily = (i: number, e: number): number =>
      100 + 5 * e + (((i % 1440) + 1440) % 1440 < 60 ? 30 : 0);
    expect(kindOf({ series: readings(daily, 1_000) })).toBe('moved');
    expect(kindOf({ series: readings(daily, 8 * 1_440) })).toBe('notMoved');
  });

  test('the side that was not asked for is no move', () => {
    const series = readings((i, e) => 100 + 5 * e - (i >= 0 ? 30 : 0));
    expect(moved({ series, change }, { ...defaultMoved, direction: 'down' }).kind).toBe('moved');
    expect(moved({ series, change }, { ...defaultMoved, direction: 'up' })).toMatchObject({
      kind: 'notMoved',
      because: ['rank', 'direction'],
    });
  });
});

describe('what it cannot tell', () => {
  test.for([
    { lack: 'before', past: 20, after: 24, have: 20, need: 24 },
    { lack: 'after', past: 700, after: 5, have: 5, need: 12 },
    { lack: 'after', past: 700, after: 0, have: 0, need: 12 },
    { lack: 'history', past: 400, after: 24, have: 110, need: 200 },
  ])('$lack: $have of $need', ({ past, after, ...want }) => {
    const series = readings((i) => (i < 0 ? 1 : 100), past, 1, after);
    expect(moved({ series, change })).toMatchObject({ kind: 'cannotTell', ...want });
  });

  test('no reading at all', () => {
    expect(kindOf({})).toBe('cannotTell');
  });

  test('an early look needs more history than a late one', () => {
    const series = readings((i, e) => 100 + 5 * e + (i >= 0 ? 40 : 0));
    const verdicts = looks.map(
      ({ spend }) => moved({ series, change }, { ...defaultMoved, falseAlarms: spend * 0.01 }).kind,
    );
    expect(verdicts).toEqual(['cannotTell', 'cannotTell', 'moved']);
    expect(looks.map((look) => look.spend * 0.01)).toEqual([0.002, 0.003, 0.005]);
  });

  test('history that other changes and incidents touch does not count', () => {
    const series = readings((i, e) => 100 + 5 * e + (i >= 0 ? 30 : 0));
    const skip = [{ from: change - 600 * minute, to: change - 500 * minute }];
    expect(moved({ series, change, skip })).toMatchObject({ lack: 'history', have: 153 });
  });
});

describe('both variances 0', () => {
  test.for([
    { to: 104, kind: 'notMoved' },
    { to: 105, kind: 'moved' },
    { to: 100, kind: 'notMoved' },
    { to: 0, kind: 'moved' },
  ])('100 to $to: $kind, whatever effect is asked for', ({ to, kind }) => {
    const series = readings((i) => (i < 0 ? 100 : to));
    expect(moved({ series, change }, { ...defaultMoved, minEffect: 0.01 }).kind).toBe(kind);
  });

  test('a rise from 0 has no relative effect, and is a move', () => {
    const verdict = moved({ series: readings((i) => (i < 0 ? 0 : 3)), change });
    expect(verdict.kind).toBe('moved');
    expect(evidenceOf(verdict).relative).toBeUndefined();
  });
});

describe('a control', () => {
  const shared = (i: number, e: number): number => 100 + 5 * e + (i >= 0 ? 40 : 0);

  test('takes off what both do, in proportion', () => {
    const series = readings(shared);
    const control = readings((i, e) => shared(i, e) / 10, 700, 2);
    expect(kindOf({ series })).toBe('moved');
    const verdict = moved({ series, control, change });
    expect(verdict.kind).toBe('notMoved');
    expect(evidenceOf(verdict).control).toBe('used');
  });

  test('leaves what only the metric does', () => {
    const control = readings((_, e) => 100 + 5 * e, 700, 2);
    expect(kindOf({ series: readings(shared), control })).toBe('moved');
  });

  test('of which too much is missing is not used, and said so', () => {
    const control = readings(shared, 700, 2).filter((_, i) => i % 5 > 0);
    const verdict = moved({ series: readings(shared), control, change });
    expect(evidenceOf(verdict).control).toBe('incomplete');
  });
});

test('other changes that fall into the samples are named', () => {
  const inside = { from: change + 5 * minute, to: change + 20 * minute };
  const outside = { from: change - 300 * minute, to: change - 290 * minute };
  const series = readings((i, e) => 100 + 5 * e + (i >= 0 ? 30 : 0), 900);
  expect(evidenceOf(moved({ series, change, skip: [outside, inside] })).also).toEqual([inside]);
});

describe('properties', () => {
  const noisy = fc.record({
    seed: fc.integer(),
    spread: fc.double({ min: 0.1, max: 30, noNaN: true }),
    step: fc.double({ min: -200, max: 200, noNaN: true }),
    memory: fc.double({ min: 0, max: 0.95, noNaN: true }),
  });
  const series = noisy.map(({ seed, spread, step, memory }) => {
    let last = 0;
    return readings(
      (i, e) => {
        last = memory * last + e;
        return 1_000 + spread * last + (i >= 0 ? step : 0);
      },
      700,
      seed,
    );
  });

  test('p lies in (0, 1], and a verdict never contradicts it', () => {
    fc.assert(
      fc.property(series, (points) => {
        const verdict = moved({ series: points, change });
        const { rank, commonLanguage, shift } = evidenceOf(verdict);
        expect(rank.p).toBeGreaterThan(0);
        expect(rank.p).toBeLessThanOrEqual(1);
        expect(commonLanguage).toBeGreaterThanOrEqual(0);
        expect(commonLanguage).toBeLessThanOrEqual(1);
        expect(shift.low).toBeLessThanOrEqual(shift.estimate);
        expect(shift.estimate).toBeLessThanOrEqual(shift.high);
        expect(rank.p <= rank.wanted || verdict.kind === 'notMoved').toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('the unit does not matter', () => {
    const scale = fc.constantFrom(2 ** -20, 0.25, 8, 2 ** 30);
    fc.assert(
      fc.property(series, scale, (points, by) => {
        const scaled = points.map(([time, value]): Point => [time, value * by]);
        const [one, other] = [points, scaled].map((p) => moved({ series: p, change }));
        expect(other?.kind).toBe(one?.kind);
        expect(other && evidenceOf(other).rank).toEqual(one && evidenceOf(one).rank);
      }),
      { numRuns: 30 },
    );
  });

  test('nor does where 0 is, but for the relative effect', () => {
    fc.assert(
      fc.property(noisy, fc.integer({ min: -8, max: 8 }), ({ seed, step }, by) => {
        // Whole numbers, so that adding is exact.
        const at =
          (offset: number) =>
          (i: number, e: number): number =>
            Math.round(e * 1_000) + (i >= 0 ? Math.round(step) : 0) + offset;
        const [one, other] = [0, by * 1_048_576].map((offset) =>
          evidenceOf(moved({ series: readings(at(offset), 700, seed), change })),
        );
        expect(other?.commonLanguage).toBe(one?.commonLanguage);
        expect(other?.shift).toEqual(one?.shift);
        expect(other?.location).toEqual(one?.location);
        expect(Math.abs((other?.rank.larger ?? 0) - (one?.rank.larger ?? 9))).toBeLessThan(2);
      }),
      { numRuns: 30 },
    );
  });

  test('a larger effect is never less certain', () => {
    const effects = fc.tuple(noisy, fc.double({ min: 0, max: 100, noNaN: true }));
    fc.assert(
      fc.property(effects, ([{ seed, spread }, more]) => {
        const at = (step: number): Point[] =>
          readings((i, e) => 1_000 + spread * e + (i >= 0 ? step : 0), 700, seed);
        const up = { ...defaultMoved, direction: 'up' } as const;
        const [small, large] = [10, 10 + more].map((step) =>
          evidenceOf(moved({ series: at(step), change }, up)),
        );
        expect(large?.rank.p).toBeLessThanOrEqual(small?.rank.p ?? 0);
        expect(large?.commonLanguage).toBeGreaterThanOrEqual(small?.commonLanguage ?? 1);
        expect(large?.relative).toBeGreaterThanOrEqual(small?.relative ?? 1);
      }),
      { numRuns: 30 },
    );
  });

  test('a constant never moved', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(kindOf({ series: readings(() => value) })).toBe('notMoved');
      }),
      { numRuns: 30 },
    );
  });
});
