import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sli } from '../model.ts';
import { type Found, judge } from './judge.ts';
import { parseSli } from './parse.ts';
import { asOverWindow, rangeThen } from './past.ts';
import { type Past, pasts, type SliPlan } from './plan.ts';

function planOf(measure: string, ok: string, down?: string): SliPlan {
  const sli: Sli = { measure, ok, ...(down !== undefined && { down }) };
  const parsed = parseSli(sli);
  if ('fault' in parsed) throw new Error(parsed.fault.message);
  return parsed.plan;
}

const found = (value: number | null, more: Partial<Found> = {}): Found => ({
  value,
  units: [],
  past: new Map(),
  othersCame: true,
  ...more,
});
const was = (past: Past, value: number | null) => ({ past: new Map([[past, value]]) });
const said = (plan: SliPlan, of: Found) => {
  const { state, text } = judge(plan, of);
  return `${state}: ${text}`;
};

describe('a measure against a number', () => {
  const rate = planOf('rate(order.placed)', '> 0.5/s', '> 0.1/s');
  test.each([
    [0.8, 'ok: rate(order.placed) is 0.8/s, ok is > 0.5/s'],
    [0.5, 'degraded: rate(order.placed) is 0.5/s, ok is > 0.5/s'],
    [0.05, 'down: rate(order.placed) is 0.05/s, down unless > 0.1/s'],
    [0, 'down: rate(order.placed) is 0/s, down unless > 0.1/s'],
    [null, 'no-evidence: no order.placed came in the last 5 min'],
  ])('%s', (value, text) => {
    expect(said(rate, found(value))).toBe(text);
  });

  test('without `down` it is degraded at worst', () => {
    expect(judge(planOf('rate(x)', '> 1'), found(0)).state).toBe('degraded');
  });

  test.each([
    ['>', 1, false],
    ['>=', 1, true],
    ['<', 1, false],
    ['<=', 1, true],
  ])('%s 1 of %d holds: %s', (op, value, holds) => {
    expect(judge(planOf('max(x)', `${op} 1`), found(value)).state).toBe(holds ? 'ok' : 'degraded');
  });

  test('between takes both ends', () => {
    const plan = planOf('max(x)', 'between 1 and 3');
    const states = [0.9, 1, 2, 3, 3.1].map((value) => judge(plan, found(value)).state);
    expect(states).toEqual(['degraded', 'ok', 'ok', 'ok', 'degraded']);
  });

  test('a ratio is said in percent where it is asked in percent', () => {
    const plan = planOf('ratio(failed / asked)', '< 1%');
    expect(said(plan, found(0.0123))).toBe('degraded: ratio(failed / asked) is 1.23%, ok is < 1%');
  });
});

describe('times', () => {
  const plan = planOf('p95(duration)', '< 500ms');
  test.each([
    [['ms'], 400, 'ok: p95(duration) is 400 ms, ok is < 500ms'],
    [['s'], 0.6, 'degraded: p95(duration) is 0.6 s, ok is < 500ms'],
    [['us'], 400_000, 'ok: p95(duration) is 400000 us, ok is < 500ms'],
    // Events that say no unit are taken as it is written.
    [[''], 600, 'degraded: p95(duration) is 600 ms, ok is < 500ms'],
    [['s', 'ms'], 1, 'no-evidence: p95(duration) has values in several units: s, ms'],
    [['By'], 1, 'no-evidence: p95(duration) has values in By, which is no unit of time'],
  ])('in %j', (units, value, text) => {
    expect(said(plan, found(value, { units }))).toBe(text);
  });
});

test('each number is compared in its own unit', () => {
  const plan = planOf('p95(duration)', '< 500ms', '< 2s');
  const states = (unit: string, values: readonly number[]) =>
    values.map((value) => judge(plan, found(value, { units: [unit] })).state);
  expect(states('s', [0.4, 0.6, 2.1])).toEqual(['ok', 'degraded', 'down']);
  expect(states('', [400, 600, 2_100])).toEqual(['ok', 'degraded', 'down']);
});

describe('a measure against its past', () => {
  const plan = planOf('rate(order.placed)', '> 0.5 of same hour last week');
  test('is compared with a share of it', () => {
    const of = found(0.4, was('same hour last week', 0.9));
    expect(judge(plan, of)).toEqual({
      state: 'degraded',
      value: 0.4,
      against: 0.45,
      text: 'rate(order.placed) is 0.4/s, ok is > 0.5 of same hour last week (same hour last week: 0.9/s)',
    });
  });

  test('without data then nothing is known, and it says so', () => {
    expect(judge(plan, found(0.4, was('same hour last week', null)))).toMatchObject({
      state: 'no-evidence',
      value: 0.4,
      against: null,
      text: expect.stringContaining('(same hour last week: no data)') as string,
    });
  });

  test('a bound that is a number can still tell that it is down', () => {
    const both = planOf('rate(order.placed)', '> 0.5 of yesterday', '> 0.1');
    expect(said(both, found(0.05))).toBe('down: rate(order.placed) is 0.05/s, down unless > 0.1');
    expect(judge(both, found(0.2)).state).toBe('no-evidence');
  });

  test('of two bounds one that fails decides', () => {
    const band = planOf('count(x)', 'between 0.5 of yesterday and 2 of last week');
    const of = (value: number, yesterday: number | null, week: number | null) =>
      judge(
        band,
        found(value, {
          past: new Map([
            ['yesterday', yesterday],
            ['last week', week],
          ]),
        }),
      );
    expect(of(100, 100, 100)).toMatchObject({ state: 'ok', against: 50 });
    expect(of(300, 100, 100)).toMatchObject({ state: 'degraded', against: 200 });
    expect(of(300, null, 100)).toMatchObject({ state: 'degraded', against: 200 });
    expect(of(100, null, 100)).toMatchObject({ state: 'no-evidence' });
  });
});

describe('no data', () => {
  const plan = planOf('rate(order.placed) or 0 over 10m', '> 1/min');
  test('is 0 only where that is said, and only when other events came', () => {
    expect(said(plan, found(null))).toBe(
      'degraded: rate(order.placed) or 0 over 10m is 0/s, ok is > 1/min',
    );
    expect(said(plan, found(null, { othersCame: false }))).toBe(
      'no-evidence: nothing at all came in the last 10 min',
    );
  });

  test('is never taken for a number otherwise', () => {
    const bounds = fc.constantFrom(
      '> 0',
      '< 1',
      '>= 0',
      '<= 0',
      'between 0 and 1',
      '> 2 of yesterday',
    );
    fc.assert(
      fc.property(bounds, fc.option(bounds), (ok, down) => {
        const judged = judge(planOf('rate(x)', ok, down ?? undefined), found(null));
        expect(judged).toMatchObject({ state: 'no-evidence', value: null });
      }),
    );
  });
});

test('each past has its range, in UTC', () => {
  const end = Date.UTC(2026, 10, 26, 4, 10);
  const plan = planOf('count(x)', '> 0');
  const text = ({ from, to }: { from: number; to: number }) =>
    [from, to].map((time) => new Date(time).toISOString().slice(5, 16)).join(' ');
  expect(Object.fromEntries(pasts.map((past) => [past, text(rangeThen(plan, past, end))]))).toEqual(
    {
      'same hour last week': '11-19T04:00 11-19T05:00',
      'same hour yesterday': '11-25T04:00 11-25T05:00',
      'last week': '11-19T04:05 11-19T04:10',
      yesterday: '11-25T04:05 11-25T04:10',
      'last hour': '11-26T03:05 11-26T04:05',
    },
  );
});

test('what adds up over time is compared as if over the window', () => {
  const hour = { from: 0, to: 3_600_000 };
  const over = (measure: string, value: number | null) =>
    asOverWindow(planOf(measure, '> 0'), value, hour);
  expect(over('count(x)', 120)).toBe(10);
  expect(over('sum(x) over 30m', 120)).toBe(60);
  expect(over('rate(x)', 2)).toBe(2);
  expect(over('ratio(sum(a) / sum(b))', 0.5)).toBe(0.5);
  expect(over('count(x)', null)).toBeNull();
});
