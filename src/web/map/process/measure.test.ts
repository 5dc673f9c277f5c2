import { expect, test } from 'vitest';
import { factorsIn, measuredOf } from './measure.ts';

const sli = {
  measure: 'rate(order.placed)',
  ok: '> 0',
  value: null,
  against: null,
  at: null,
  text: '',
};
const query = { where: 'name = "order.placed"', aggregate: 'rate', window: 300_000, limits: [] };

test.each([
  ['> 0.5 of same hour last week', [0.5]],
  ['> 50% of yesterday', [0.5]],
  ['>= .8 of the same hour yesterday', [0.8]],
  ['between 0.5 of last week and 2 of last week', [0.5, 2]],
  ['> 0.5 of last hour', []],
  ['< 500 ms', []],
])('the parts of the past in %s', (ok, factors) => {
  expect(factorsIn(ok)).toEqual(factors);
});

test('a measure is asked as the server says, with its limits and parts of the past', () => {
  expect(measuredOf(sli)).toBeUndefined();
  const compared = { ...query, compare: 'last-week' as const };
  expect(measuredOf({ ...sli, ok: '> 0.5 of last week', query: compared })).toEqual({
    aggregate: 'rate',
    where: query.where,
    compare: 'last-week',
    name: 'order.placed',
    limits: [{ value: 0.5, ofPast: true }],
  });
  const limits = [{ severity: 'warning' as const, value: 500 }];
  expect(measuredOf({ ...sli, query: { ...query, limits } })?.limits).toEqual([
    { value: 500, ofPast: false },
  ]);
});

test.each([
  ['p99("http latency" where "a = 1") over 5m', 'http latency'],
  ['ratio(sum(a) / sum(b))', 'a'],
  ['odd', 'odd'],
])('what %s is about', (measure, name) => {
  expect(measuredOf({ ...sli, measure, query })?.name).toBe(name);
});
