import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FlowAnswer, FlowItem, FlowStage } from '../../../server/api/contract-map-flow.ts';
import { placeAmong } from './Histogram.tsx';
import { itemsBehind, meanOf, stretchesOf, wholeOf } from './item-parts.ts';
import { presetOf, windowOf } from './search.ts';

const hour = 3_600_000;
const day = 24 * hour;

test('the parts of a finished item add up to its whole time, whatever was measured', () => {
  const part = fc.record({
    length: fc.nat(1e9),
    active: fc.nat(2e9),
    rework: fc.nat(2e9),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), fc.nat(1e12), (parts, start) => {
      let at = start;
      const item: FlowItem = {
        key: 'change/1',
        start,
        kind: 'unknown',
        parts: parts.map(({ length, active, rework }) => {
          const enter = at;
          at += length;
          return { stage: 's', enter, exit: at, active, wait: 0, rework, returns: 0 };
        }),
        end: at,
      };
      const stretches = stretchesOf(item, 0);
      expect(stretches.reduce((sum, stretch) => sum + wholeOf(stretch), 0)).toBe(at - start);
      for (const { work, wait, rework } of stretches)
        expect(Math.min(work, wait, rework)).toBeGreaterThanOrEqual(0);
    }),
  );
});

const item = (
  key: string,
  parts: readonly [string, number, number | null, number?][],
): FlowItem => ({
  key,
  start: parts[0]?.[1] ?? 0,
  end: parts.at(-1)?.[2] ?? null,
  kind: 'feature',
  parts: parts.map(([stage, enter, exit, returns = 0]) => ({
    stage,
    enter,
    exit,
    active: 0,
    wait: 0,
    rework: 0,
    returns,
  })),
});

test('a number leads to the items that it counts', () => {
  const items = [
    item('done', [['review', 11, 12, 1], ['build', 12, 13]]), // prettier-ignore
    item('inside', [['review', 11, 12], ['build', 12, null]]), // prettier-ignore
    item('before', [['review', 1, 12], ['build', 12, 13]]), // prettier-ignore
    item('later', [['review', 15, 25]]),
  ];
  const answer = { from: 10, to: 20, items } as unknown as FlowAnswer; // as much as is looked at
  const keys = (...asked: [Parameters<typeof itemsBehind>[1], string?]) =>
    itemsBehind(answer, asked[0], asked[1]).map(({ key }) => key);
  expect(keys('in', 'review')).toEqual(['done', 'inside', 'later']);
  expect(keys('out', 'review')).toEqual(['done', 'inside', 'before']);
  expect(keys('wip', 'review')).toEqual(['later']);
  expect(keys('wip', 'build')).toEqual(['inside']);
  expect(keys('rework', 'review')).toEqual(['done']);
  expect(keys('finished')).toEqual(['done', 'before']);
  expect(keys('load')).toEqual(['inside', 'later']);
});

test('the window is what the address says, or the last 30 days', () => {
  const now = 100 * day;
  expect(windowOf({}, now)).toEqual({ from: 70 * day, to: now });
  expect(windowOf({ last: '7d' }, now)).toEqual({ from: 93 * day, to: now });
  expect(windowOf({ last: 'x' }, now)).toEqual({ from: 70 * day, to: now });
  expect(windowOf({ from: '1970-01-02', to: '1970-01-03' }, now)).toEqual({
    from: day,
    to: 2 * day,
  });
  expect(windowOf({ from: '1970-01-03', to: '1970-01-02' }, now).to).toBe(now);
  expect([presetOf({}), presetOf({ last: '7d' }), presetOf({ from: 'x' })]).toEqual([
    '30d',
    '7d',
    undefined,
  ]);
});

test('a length stands among bins of unequal width', () => {
  const bins = [
    { from: 0, to: hour, items: 1 },
    { from: hour, to: 5 * hour, items: 2 },
  ];
  expect([0, hour / 2, hour, 3 * hour, 9 * hour].map((at) => placeAmong(bins, at))).toEqual([
    0, 0.25, 0.5, 0.75, 1,
  ]);
});

test('the parts of the mean item add up, although work and rework are over fewer items', () => {
  const spread = (count: number, mean: number | null) => ({ count, mean });
  const stage = (lead: number | null) =>
    ({
      leadTime: spread(4, lead),
      processTime: spread(2, 6),
      rework: spread(1, 8),
    }) as unknown as FlowStage; // as much as is looked at
  expect(meanOf(stage(20))).toEqual({ work: 3, rework: 2, wait: 15 });
  expect(meanOf(stage(4))).toEqual({ work: 2, rework: 2, wait: 0 });
  expect(meanOf(stage(null))).toBeUndefined();
});
