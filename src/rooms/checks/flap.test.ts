import { describe, expect, test } from 'vitest';
import type { CheckState } from './definition.ts';
import { type Flap, flapPercent, observe, steadyFlap } from './flap.ts';

const ok: Flap = { ...steadyFlap, last: 'ok' };

function after(states: readonly CheckState[], from: Flap = ok): Flap {
  let flap = from;
  for (const state of states) flap = observe(flap, state);
  return flap;
}

/** One bit for each result, the oldest first. */
const flapOf = (bits: string): Flap => ({ ...ok, changes: Number.parseInt(bits, 2) });

describe('the share of changes', () => {
  test.each([
    ['00000000000000000000', 0],
    // Weights: 0.80 for the oldest, 1.18 for the newest of twenty.
    ['10000000000000000000', 4],
    ['00000000000000000001', 5.9],
    ['11111111111111111111', 99],
    ['00000000000000011111', 28.5],
    ['11111000000000000000', 21],
    ['01010101010101010101', 50],
    // The example of Icinga 2's documentation, "Check Flapping: How it works".
    ['00111100010001001001', 39.1],
  ])('%s is %f %%', (bits, percent) => {
    expect(flapPercent(flapOf(bits))).toBeCloseTo(percent, 9);
  });

  test('the first result of all is no change', () => {
    expect(flapPercent(after(['critical'], steadyFlap))).toBe(0);
  });

  test('a change between two kinds of trouble is one as well', () => {
    expect(flapPercent(after(['warning', 'critical', 'critical']))).toBeCloseTo(5.7 + 5.8, 9);
  });
});

describe('when it begins and ends', () => {
  const turns = (n: number): CheckState[] =>
    Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 'critical' : 'ok'));

  test('it begins above 30 %, with the sixth change in a row', () => {
    expect(after(turns(5))).toMatchObject({ flapping: false });
    const six = after(turns(6));
    expect(six.flapping).toBe(true);
    expect(flapPercent(six)).toBeCloseTo(33.9, 9);
  });

  test('the example of Icinga calms down with the next seven results that are no change', () => {
    const flapping = { ...flapOf('00111100010001001001'), flapping: true };
    const calm = after(
      Array.from({ length: 7 }, () => 'ok' as const),
      flapping,
    );
    expect(calm.flapping).toBe(false);
  });

  test('it ends at 25 % or below', () => {
    let flap = after(turns(6));
    let quiet = 0;
    while (flap.flapping) {
      flap = observe(flap, 'ok');
      quiet++;
    }
    // Six changes weigh 0.6 % less with each quiet result, until the first of them is forgotten.
    expect(quiet).toBe(15);
    expect(flapPercent(flap)).toBeLessThanOrEqual(25);
  });
});
