import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Backtest, Episode, Outcome } from '../../rules/backtest/result.ts';
import { alertRows } from './alert-rows.ts';
import { rangeOf, yesterday } from './backtest-range.ts';
import { formatCost } from './cost.ts';
import { decidedAnswer, emittedAnswer, eventsAnswer, valuesOf } from './decided-values.ts';
import { firstRule } from './first-rule.ts';
import { countsIn, stacked } from './lane-shapes.ts';
import { pack, unpack } from './packed-text.ts';
import { pictureOf, type PlanNode } from './plan-layout.ts';
import { linesOf } from './rule-lines.ts';

test('the lines of a rule end where its call does, whatever stands in texts and comments', () => {
  expect(linesOf(firstRule, 3)).toBe(10);
  const tricky = [
    "rule('a', () => // )",
    '  events.where(\'name = ")"\') /* ) */',
    '    .map((e) => ({ text: `)${e.id}` })).where((e) => /[)]\\)/.test(e.id))',
    "    .emit({ name: 'x' }));",
    "rule('b', () => events.emit({ name: 'y' }));",
  ].join('\n');
  expect(linesOf(tricky, 1)).toBe(4);
  expect(linesOf(tricky, 5)).toBe(5);
  expect(linesOf("rule('open', (", 1)).toBe(1);
});

test('a text goes into an address and comes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
      const packed = await pack(text);
      expect(packed).toMatch(/^[\w-]*$/);
      expect(await unpack(packed ?? '')).toBe(text);
    }),
    { numRuns: 50 },
  );
  expect(await unpack('no such text')).toBeUndefined();
  const noise = Array.from({ length: 20_000 }, (_, i) => Math.sin(i).toString(36)).join('');
  expect(await pack(noise)).toBeUndefined();
});

test.each([
  [0, '–'],
  [421.7, '422 ns'],
  [1_300, '1.3 µs'],
  [2_000_000, '2 ms'],
])('%d ns an event are %s', (ns, text) => {
  expect(formatCost(ns)).toBe(text);
});

test('a plan is drawn in layers: what feeds stands above, and nothing lies on anything else', () => {
  const node = (id: number, ...inputs: number[]): PlanNode => {
    return { id, op: 'where', label: '', inputs, in: 0, out: 0 };
  };
  const { boxes, lines } = pictureOf([node(0), node(1, 0), node(2, 0), node(3, 1, 2), node(4, 3)]);
  const y = (id: number): number => boxes.find((box) => box.node.id === id)?.y ?? Number.NaN;
  expect(lines.map(({ from, to }) => [from.id, to.id])).toEqual([
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
    [3, 4],
  ]);
  for (const { from, to } of lines) expect(y(from.id)).toBeLessThan(y(to.id));
  expect(new Set(boxes.map((box) => `${box.x} ${box.y}`)).size).toBe(5);
  expect(boxes.filter((box) => box.isEnd).map((box) => box.node.id)).toEqual([4]);
});

test('the range of an address, and yesterday from midnight to midnight', () => {
  const now = Date.UTC(2026, 2, 30, 15);
  expect(rangeOf({}, now)).toEqual({ from: now - 3_600_000, to: now });
  expect(rangeOf({ last: '6h' }, now)).toEqual({ from: now - 6 * 3_600_000, to: now });
  expect(rangeOf({ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' }, now)).toEqual({
    from: Date.UTC(2026, 2, 1),
    to: Date.UTC(2026, 2, 2),
  });
  expect(rangeOf({ from: 'nonsense' }, now)?.to).toBe(now);
  expect(rangeOf({ alert: 'abc' }, now)).toBeUndefined();
  expect(yesterday(now, true)).toEqual({ from: Date.UTC(2026, 2, 29), to: Date.UTC(2026, 2, 30) });
});

const episode = (host: string, from: number, to?: number): Episode => ({
  rule: 'disks',
  key: { host },
  from,
  ...(to === undefined ? {} : { to }),
  severity: 'critical',
  title: `${host} is full`,
});

function outcome(alerts: readonly Episode[], rules: Outcome['rules'] = []): Outcome {
  const leftOut = { decisions: 0, emitted: 0, alerts: 0 };
  return { rules, decisions: [], emitted: [], alerts, problems: [], leftOut };
}

function backtest(changes: Partial<Backtest>): Backtest {
  const input = {
    events: 5,
    facts: 0,
    readings: 5,
    replaced: 0,
    backfilled: 0,
    sources: [],
    complete: true,
    warm: true,
    course: [
      [0, 2],
      [1_000, 3],
    ],
  } as const;
  const range = { from: 0, to: 600_000, warmFrom: 0, every: 1_000 };
  return { format: 'territory.backtest/1', ...range, input, ...outcome([]), ...changes };
}

test('alerts of both sides stand once each: those that differ first', () => {
  const candidate = [episode('a', 10, 20), episode('b,c', 30), episode('d', 40, 50)];
  const live = [episode('a', 10, 20), episode('d', 40, 60), episode('e', 70)];
  const { rule: _r, key: _k, ...d } = episode('d', 40, 50);
  const dLive = { ...d, to: 60 };
  const result = backtest({
    ...outcome(candidate),
    against: {
      name: 'live',
      ...outcome(live),
      difference: {
        same: 1,
        onlyCandidate: 1,
        onlyLive: 1,
        keys: [],
        alerts: [
          { rule: 'disks', key: 'b\\,c', candidate: { ...d, from: 30 } },
          { rule: 'disks', key: 'd', candidate: d, live: dLive },
          { rule: 'disks', key: 'e', live: { ...d, from: 70 } },
        ],
        leftOut: { keys: 0, alerts: 0 },
      },
    },
  });
  expect(alertRows(result).map(({ side, labels }) => [side, labels])).toEqual([
    ['only candidate', { host: 'b,c' }],
    ['differs', { host: 'd' }],
    ['only live', { host: 'e' }],
    ['same', { host: 'a' }],
  ]);
  expect(alertRows(backtest(outcome(candidate))).map(({ side }) => side)).toEqual([
    'candidate',
    'candidate',
    'candidate',
  ]);
});

test('alerts that overlap get rows of their own, as far as there is room', () => {
  const alerts = [episode('a', 0, 10), episode('b', 5, 15), episode('c', 10, 20), episode('d', 6)];
  const { rows, hidden } = stacked(alerts, { to: 100 }, 2);
  expect(rows.map((row) => row.map(({ key }) => key['host']))).toEqual([['a', 'c'], ['b']]);
  expect(hidden).toBe(1);
});

test('a lane counts what was decided, and what was emitted only where nothing else was', () => {
  const rule = { name: 'x', counts: { emit: 0, alert: 0, notify: 0, scale: 0 } };
  const rest = { events: 0, late: 0, failed: 0, keys: 0, refused: 0 };
  const both = outcome([], [{ ...rule, ...rest, course: [[0, 9, 1, 0, 2]] }]);
  expect(countsIn(both, { every: 1_000 })).toEqual([{ start: 0, kind: 'other', count: 3 }]);
  const emits = outcome([], [{ ...rule, ...rest, course: [[0, 9, 0, 0, 0]] }]);
  expect(countsIn(emits, { every: 1_000 })).toEqual([{ start: 0, kind: 'emit', count: 9 }]);
});

test('the numbers over the lanes: readings that decided, what was emitted, events given', () => {
  const event = { id: '1', type: 'metric', source: 'territory/rules', received: 0 };
  const decision = { kind: 'alert', rule: 'r', key: { host: 'a' }, id: '1', title: '' } as const;
  const result = backtest({
    emitted: [
      { ...event, name: 'share', metric: 2, time: 500 },
      { ...event, name: 'share', metric: 4, time: 700 },
    ],
    decisions: [
      { ...decision, at: 1_500, severity: 'critical', since: 0, name: 'disk', value: 0.9 },
    ],
  });
  expect(valuesOf(result).map(({ name, kind, by }) => [name, kind, by])).toEqual([
    ['disk', 'reading', ['host']],
    ['share', 'emitted', []],
    ['events given to the rules', 'events', []],
  ]);
  expect(emittedAnswer(result, 'share').series[0]?.points).toEqual([[0, 3]]);
  expect(decidedAnswer(result, 'disk').series[0]?.points).toEqual([[1_000, 0.9]]);
  expect(eventsAnswer(result).series[0]?.points).toEqual([[0, 5]]);
});
