import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Heard, coverageOf, deliveryMs } from './coverage.ts';

const minute = 60_000;
const from = 60 * minute;
const to = 80 * minute;

/** Minutes in which it was heard; all of it is read, and everything is kept. */
const heardAt = (minutes: readonly number[], more: Partial<Heard> = {}): Heard => ({
  buckets: minutes.map((at) => at * minute),
  bucketMs: minute,
  since: 0,
  watermark: to,
  oldest: -1,
  ...more,
});

const every = (step: number, until = 80, start = 0): number[] =>
  Array.from({ length: Math.ceil((until - start) / step) }, (_, i) => start + i * step);

const ask = (heard: Heard) => coverageOf({ from, to }, heard);

describe('a window is covered', () => {
  test.each([
    ['by one that is heard all the time', heardAt(every(1))],
    ['by one that is heard now and then, as before', heardAt(every(5))],
    [
      'by three times the longest silence before',
      heardAt([0, 2, 5, 8, 10, 59, ...every(10, 80, 60)]),
    ],
    ['though the last minute is still on its way', heardAt(every(1, 79))],
  ] as const)('%s', (_, heard) => {
    expect(ask(heard)).toMatchObject({ isComplete: true, gaps: [] });
  });
});

describe('a window is not covered', () => {
  test.each([
    [
      'it was silent',
      heardAt([...every(1, 65), ...every(1, 80, 72)]),
      'silent for 7.0 min',
      [65, 72],
    ],
    ['it fell silent', heardAt(every(1, 70)), 'silent for 10.0 min', [70, 80]],
    [
      'it was silent from before',
      heardAt([...every(1, 50), ...every(1, 80, 65)]),
      'silent for 5.0',
      [60, 65],
    ],
    ['nobody spoke', heardAt([]), 'never heard', [60, 80]],
    ['it is gone', heardAt(every(1), { oldest: 63 * minute }), 'nothing so old', [60, 63]],
    ['it lags', heardAt(every(1), { watermark: 75 * minute }), 'can not be asked yet', [75, 80]],
  ] as const)('because %s', (_, heard, why, [start, end]) => {
    const { isComplete, gaps, why: said } = ask(heard);
    expect([isComplete, said]).toEqual([false, expect.stringContaining(why)]);
    expect(gaps).toEqual([{ from: start * minute, to: end * minute }]);
  });

  test('because it is not known how often it is heard', () => {
    const within = every(1, 80, 60);
    expect(ask(heardAt([55, ...within]))).toMatchObject({
      isComplete: false,
      why: expect.stringContaining('too little'),
      allowedMs: undefined,
    });
    expect(ask(heardAt([51, 53, 55, ...within]))).toMatchObject({ isComplete: true });
  });
});

/** Heard each `step` minutes before the window, and in it whenever it was. */
const heartbeats = fc.tuple(
  fc.integer({ min: 1, max: 10 }).map((step) => every(step, 60)),
  fc.uniqueArray(fc.integer({ min: 60, max: 79 })).map((all) => all.toSorted((a, b) => a - b)),
);

test('hearing less of a heartbeat never makes a window covered', () => {
  fc.assert(
    fc.property(heartbeats, fc.nat(), ([before, within], which) => {
      const less = within.filter((_, i) => i !== which % Math.max(1, within.length));
      const [some, whole] = [less, within].map(
        (one) => ask(heardAt([...before, ...one])).isComplete,
      );
      expect(whole === true || some === false).toBe(true);
    }),
  );
});

test('gaps lie in the window, in order, apart, and nothing was heard in them', () => {
  fc.assert(
    fc.property(heartbeats, ([before, within]) => {
      const { gaps, isComplete } = ask(heardAt([...before, ...within]));
      expect(isComplete).toBe(gaps.length === 0);
      for (const [i, gap] of gaps.entries()) {
        expect(gap.from).toBeGreaterThanOrEqual(gaps[i - 1]?.to ?? from);
        expect(gap.to).toBeGreaterThan(gap.from);
        expect(gap.to).toBeLessThanOrEqual(to);
        for (const at of within) expect(at * minute < gap.from || at * minute >= gap.to).toBe(true);
      }
    }),
  );
});

test('what may be late is not taken for silence', () => {
  const heard = heardAt(every(1, 79), { watermark: to - deliveryMs });
  expect(ask(heard).isComplete).toBe(true);
});
