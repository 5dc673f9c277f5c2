import { expect, test } from 'vitest';
import { sliQueryOf } from './sli-query.ts';

test('the measure of a process is asked for as any other series is', () => {
  expect(
    sliQueryOf({ measure: 'ratio(failed / asked) over 10m', ok: '< 1%', down: '< 50%' }),
  ).toEqual({
    where: 'name = "failed" or type = "failed"',
    ratio: 'name = "asked" or type = "asked"',
    aggregate: 'count',
    window: 600_000,
    limits: [
      { severity: 'warning', value: 0.01 },
      { severity: 'critical', value: 0.5 },
    ],
  });
});

test.each([
  ['> 0.5 of same hour last week', 'last-week'],
  ['> 0.5 of yesterday', 'yesterday'],
  ['> 0.5 of last hour', undefined],
])('%s is compared with %s, and has no line', (ok, compare) => {
  expect(sliQueryOf({ measure: 'rate(order.placed)', ok })).toMatchObject({ limits: [] });
  expect(sliQueryOf({ measure: 'rate(order.placed)', ok })?.compare).toBe(compare);
});

test('what cannot be read is not asked for', () => {
  expect(sliQueryOf({ measure: 'rate of orders', ok: '> 1' })).toBeUndefined();
});
