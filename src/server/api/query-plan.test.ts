import { expect, test } from 'vitest';
import type { Query } from './contract.ts';
import { planQuery } from './query-plan.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 0, 2, 12);

test.each<[Query, number, number]>([
  [{}, now - hour, now],
  [{ last: '15m' }, now - 900_000, now],
  [{ last: '1d', to: now - hour }, now - 25 * hour, now - hour],
  [
    { from: '2026-01-02T00:00:00Z', to: '2026-01-02T03:00:00+02:00' },
    now - 12 * hour,
    now - 11 * hour,
  ],
  [{ from: String(now - 5) }, now - 5, now],
])('the range of %j', (asked, from, to) => {
  expect(planQuery(asked, now).query).toMatchObject({ from, to });
});

test.each<[Query, string, string]>([
  [{ from: now }, 'TERR_API_TIME_RANGE', 'from must lie before to'],
  [{ from: 1, last: '1h' }, 'TERR_API_TIME_RANGE', 'not both'],
  [{ from: 'yesterday' }, 'TERR_API_TIME_RANGE', 'is no time'],
  [{ from: '2026-01-02T00:00:00' }, 'TERR_API_TIME_RANGE', 'is no time'],
  [{ last: '0s' }, 'TERR_API_TIME_RANGE', 'above 0'],
  [{ every: '1m' }, 'TERR_API_INVALID', 'every needs aggregate'],
  [{ aggregate: 'count', limit: 5 }, 'TERR_API_INVALID', 'limit is for lists'],
  [{ aggregate: 'count', ratio: ' ' }, 'TERR_API_INVALID', 'ratio is empty'],
  [{ where: 'a b' }, 'TERR_WHERE_SYNTAX', 'column 3'],
  [{ aggregate: 'count', by: ['a b'] }, 'TERR_WHERE_SYNTAX', 'column 3'],
])('%j is refused with %s', (asked, code, message) => {
  expect(() => planQuery(asked, now)).toThrow(message);
  expect(() => planQuery(asked, now)).toThrow(expect.objectContaining({ code }));
});

test('a series says in words what it is, and where the compared range lies', () => {
  const plan = planQuery(
    {
      where: 'service = "shop"',
      aggregate: 'p95',
      by: ['host'],
      every: '5m',
      compare: 'last-week',
      ratio: 'state = "ok"',
    },
    now,
  );
  if (plan.kind !== 'series') throw new Error('expected a series');
  expect(plan.definition).toBe(
    '95th percentile of metric over events where service = "shop", divided by the same over events where state = "ok", for each host, in buckets of 5m',
  );
  expect(plan.query).toMatchObject({ every: 300_000, top: 20, by: ['host'] });
  expect(plan.compare).toMatchObject({ to: now - 7 * 24 * hour, shift: 7 * 24 * hour });
});

test('without aggregate it lists the newest hundred', () => {
  expect(planQuery({ cursor: 'x' }, now)).toMatchObject({
    kind: 'events',
    query: { order: 'newest', limit: 100, cursor: 'x', where: { kind: 'literal', value: true } },
  });
});
