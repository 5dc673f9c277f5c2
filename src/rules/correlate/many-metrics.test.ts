import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { falseDiscovery } from './false-discovery.ts';
import { judgeTogether } from './many-metrics.ts';
import type { Evidence, Verdict } from './verdict.ts';

describe('false discoveries', () => {
  test('the example of Benjamini and Hochberg (1995), table 1: four of fifteen at 0.05', () => {
    const ps = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
      0.6528, 0.759, 1,
    ];
    const rates = falseDiscovery(ps.map((p) => ({ p, first: false })));
    expect(rates.filter((rate) => rate <= 0.05)).toHaveLength(4);
    expect(rates[0]).toBeCloseTo(0.0015);
    expect(rates[3]).toBeCloseTo((0.0095 * 15) / 4);
  });

  test('a few that come first have half of all weight', () => {
    const others = Array.from({ length: 45 }, () => ({ p: 0.5, first: false }));
    const errors = [0.004, 0.5, 0.5, 0.5, 0.5].map((p) => ({ p, first: true }));
    expect(falseDiscovery([...others, ...errors])[45]).toBeCloseTo(0.04);
    expect(falseDiscovery([...others, { p: 0.004, first: false }])[45]).toBeCloseTo(0.184);
  });

  const tests = fc.array(
    fc.record({ p: fc.double({ min: 1e-4, max: 1, noNaN: true }), first: fc.boolean() }),
    { minLength: 1, maxLength: 60 },
  );

  test('a rate lies in (0, 1], is never below its p over the largest weight, and keeps the order', () => {
    fc.assert(
      fc.property(tests, (given) => {
        const rates = falseDiscovery(given);
        expect(rates.every((rate) => rate > 0 && rate <= 1)).toBe(true);
        const inOrder = (first: boolean): number[] =>
          given
            .map(({ p, first: f }, i) => ({ p, f, rate: rates[i] ?? 0 }))
            .filter(({ f }) => f === first)
            .sort((a, b) => a.p - b.p)
            .map(({ rate }) => rate);
        for (const first of [true, false])
          expect(inOrder(first)).toEqual(inOrder(first).toSorted((a, b) => a - b));
      }),
    );
  });

  test('with equal weights the rate is at least p', () => {
    fc.assert(
      fc.property(tests, (given) => {
        const rates = falseDiscovery(given.map(({ p }) => ({ p, first: false })));
        expect(given.every(({ p }, i) => (rates[i] ?? 0) >= p - 1e-12)).toBe(true);
      }),
    );
  });
});

describe('all metrics of one change', () => {
  const evidence = (p: number): Evidence =>
    ({ rank: { p, larger: 0, splits: 300, wanted: 0.01 } }) as Evidence;
  const movedAt = (p: number): Verdict => ({
    kind: 'moved',
    direction: 'up',
    evidence: evidence(p),
  });
  const quiet: Verdict = { kind: 'notMoved', because: ['rank'], evidence: evidence(0.6) };
  const unknown: Verdict = { kind: 'cannotTell', lack: 'history', have: 3, need: 200 };
  const kinds = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ kind }) => kind);

  test('one of two stands, one of forty is to be expected', () => {
    const one = { verdict: movedAt(0.004), first: false };
    const other = { verdict: quiet, first: false };
    expect(kinds(judgeTogether([one, other]))).toEqual(['moved', 'notMoved']);
    const [judged] = judgeTogether([one, ...Array.from({ length: 39 }, () => other)]);
    expect(judged).toMatchObject({ kind: 'notMoved', because: ['manyMetrics'] });
  });

  test('of forty, the error rate stands', () => {
    const others = Array.from({ length: 39 }, () => ({ verdict: quiet, first: false }));
    const [judged] = judgeTogether([{ verdict: movedAt(0.002), first: true }, ...others]);
    expect(judged?.kind).toBe('moved');
  });

  test('what cannot be told is neither counted nor changed', () => {
    const lost = Array.from({ length: 39 }, () => ({ verdict: unknown, first: false }));
    const judged = judgeTogether([{ verdict: movedAt(0.004), first: false }, ...lost]);
    expect(kinds(judged)).toEqual(['moved', ...lost.map(() => 'cannotTell')]);
  });
});
