import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Where } from '../event/where/ast.ts';
import { anyWhere } from '../event/where/arbitrary.suite.ts';
import { compileWhere } from '../event/where/compile.ts';
import { parseWhere } from '../event/where/parse.ts';
import { bruteForce } from './brute-force.suite.ts';
import type { EventsQuery, History, PlacedEvent, QueryLimits, SeriesQuery } from './history.ts';
import { anyEvent, day, insertEvents, type Sent } from './insert-events.suite.ts';

const limits: QueryLimits = { timeoutMs: 20_000, memoryBytes: 300 << 20 };
const everything = { from: day - 1000, to: day + 1_000_000, where: parseWhere('true') };

/** The contract of the reading half of `History`, over any back end. */
export function historySuite(name: string, open: () => Promise<History>): void {
  describe(`history in ${name}`, () => {
    let history: History;
    beforeAll(async () => {
      history = await open();
    });
    afterAll(() => history.close());

    describe('over random events', () => {
      let events: PlacedEvent[];
      beforeAll(async () => {
        await history.clear();
        // One fixed set of events for all conditions: inserting is what takes time.
        events = await insertEvents(history, fc.sample(anyEvent, { numRuns: 400, seed: 7 }));
      });

      test('gives events back as they were', async () => {
        const found = await history.events({ ...everything, order: 'oldest', limit: 1000 }, limits);
        expect(found.events).toHaveLength(events.length);
        const byPlace = new Map(events.map((event) => [`${event.stream}-${event.offset}`, event]));
        for (const event of found.events)
          expect(withoutEmpty(event)).toEqual(
            withoutEmpty(byPlace.get(`${event.stream}-${event.offset}`)),
          );
      });

      test('finds exactly the events that the evaluator finds', async () => {
        await fc.assert(
          fc.asyncProperty(anyWhere(), async (where) => {
            const query = { ...everything, where, order: 'oldest' as const, limit: 1000 };
            const found = await history.events(query, limits);
            expect(places(found.events)).toEqual(places(events.filter(compileWhere(where))));
          }),
          { numRuns: 150 },
        );
      }, 60_000);

      test('series are what a loop over the events gives', async () => {
        const query = fc.record({
          where: fc.oneof(fc.constant(parseWhere('true')), anyWhere()),
          aggregate: fc.constantFrom(
            'count' as const,
            'sum' as const,
            'mean' as const,
            'min' as const,
            'max' as const,
            'p50' as const,
            'p99' as const,
            'rate' as const,
          ),
          by: fc.subarray(['service', 'state', 'canary', 'data.label', 'type'], { maxLength: 2 }),
          every: fc.constantFrom(undefined, 1000, 3000, 7000),
          top: fc.integer({ min: 1, max: 5 }),
          ratio: fc.option(anyWhere(), { nil: undefined }),
          from: fc.integer({ min: -2000, max: 8000 }).map((n) => day + n),
          to: fc.integer({ min: 8001, max: 22_000 }).map((n) => day + n),
        });
        await fc.assert(
          fc.asyncProperty(query, async ({ every, ratio, ...rest }) => {
            const asked: SeriesQuery = {
              ...rest,
              ...(every && { every }),
              ...(ratio && { ratio }),
            };
            const asTamed = {
              ...asked,
              where: tamed(asked.where),
              ...(ratio && { ratio: tamed(ratio) }),
            };
            if (ratio && asked.aggregate.startsWith('p')) return;
            const answer = await history.series(asTamed, limits);
            bruteForce(events, asTamed).check(answer);
            expect(answer.series.length).toBeLessThanOrEqual(asked.top);
          }),
          { numRuns: 60 },
        );
      }, 60_000);

      test.each(['newest', 'oldest'] as const)(
        'pages give every event once, %s first',
        async (order) => {
          const query: EventsQuery = { ...everything, order, limit: 30 };
          const all: PlacedEvent[] = [];
          for (let cursor: string | undefined, page = 0; page === 0 || cursor; page++) {
            const answer = await history.events({ ...query, ...(cursor && { cursor }) }, limits);
            expect(answer.events.length).toBeLessThanOrEqual(30);
            all.push(...answer.events);
            cursor = answer.next;
          }
          expect(places(all)).toEqual(places(events));
          const times = all.map((event) => event.time);
          expect(times).toEqual(times.toSorted((a, b) => (order === 'newest' ? b - a : a - b)));
        },
      );
    });

    describe('by example', () => {
      beforeEach(() => history.clear());

      test('an empty history has nothing to say', async () => {
        const query: SeriesQuery = {
          ...everything,
          aggregate: 'mean',
          by: [],
          top: 5,
          every: 100_000,
        };
        const nothing = { series: [], total: null, matched: 0, omitted: 0 };
        expect(await history.series(query, limits)).toEqual(nothing);
        expect(await history.series({ ...query, by: ['host'] }, limits)).toEqual(nothing);
        expect(await history.series({ ...query, aggregate: 'count' }, limits)).toEqual({
          ...nothing,
          total: 0,
        });
        expect(await history.events({ ...everything, order: 'newest', limit: 5 }, limits)).toEqual({
          events: [],
        });
      });

      test('a bucket without events is null, an error ratio without errors is 0', async () => {
        const at = (second: number, state: string): Sent => ({
          id: '',
          time: day + second * 1000,
          type: 'request',
          state,
        });
        await insertEvents(history, [at(0, 'ok'), at(0, 'error'), at(1, 'ok'), at(3, 'ok')]);
        const query: SeriesQuery = {
          from: day,
          to: day + 4000,
          where: parseWhere('state = "error"'),
          ratio: parseWhere('true'),
          aggregate: 'count',
          by: [],
          every: 1000,
          top: 1,
        };
        expect(await history.series(query, limits)).toEqual({
          series: [
            {
              labels: {},
              total: 0.25,
              points: [
                [day, 0.5],
                [day + 1000, 0],
                [day + 2000, null],
                [day + 3000, 0],
              ],
            },
          ],
          total: 0.25,
          matched: 4,
          omitted: 0,
        });
      });

      test('the total of a mean is over the events, not over the buckets; top leaves out the smaller', async () => {
        const at = (second: number, host: string, metric: number): Sent => ({
          id: '',
          time: day + second * 1000,
          type: 'metric',
          host,
          metric,
        });
        await insertEvents(history, [
          at(0, 'a', 1),
          at(0, 'a', 2),
          at(0, 'a', 3),
          at(1, 'a', 10),
          at(0, 'b', 5),
        ]);
        const query: SeriesQuery = {
          from: day,
          to: day + 2000,
          where: parseWhere('metric'),
          aggregate: 'mean',
          by: ['host'],
          every: 1000,
          top: 1,
        };
        expect(await history.series(query, limits)).toEqual({
          series: [
            {
              labels: { host: 'b' },
              total: 5,
              points: [
                [day, 5],
                [day + 1000, null],
              ],
            },
          ],
          total: 4.2,
          matched: 5,
          omitted: 1,
        });
      });

      test('the rate of a bucket that the range cuts is over what lies in the range', async () => {
        await insertEvents(history, [{ id: '', time: day + 1500, type: 'x' }]);
        const query: SeriesQuery = {
          from: day + 1500,
          to: day + 2000,
          where: parseWhere('true'),
          aggregate: 'rate',
          by: [],
          every: 1000,
          top: 1,
        };
        const { series, total } = await history.series(query, limits);
        expect([series[0]?.points, total]).toEqual([[[day + 1000, 2]], 2]);
      });

      test('too many points are refused with the width that fits', async () => {
        const query: SeriesQuery = {
          from: day,
          to: day + 86_400_000,
          where: parseWhere('true'),
          aggregate: 'count',
          by: [],
          every: 1000,
          top: 1,
        };
        await expect(history.series(query, limits)).rejects.toThrow(
          expect.objectContaining({
            code: 'TERR_QUERY_POINTS',
            message: expect.stringContaining('take every = 30s'),
          }),
        );
      });

      test('a cursor of another query, or one made up, is refused', async () => {
        await insertEvents(
          history,
          [1, 2, 3].map((n) => ({ id: '', time: day + n, type: 'x' })),
        );
        const query: EventsQuery = { ...everything, order: 'newest', limit: 1 };
        const { next = '' } = await history.events(query, limits);
        const refused = expect.objectContaining({ code: 'TERR_QUERY_CURSOR' });
        await expect(
          history.events({ ...query, order: 'oldest', cursor: next }, limits),
        ).rejects.toThrow(refused);
        await expect(
          history.events({ ...query, where: parseWhere('host'), cursor: next }, limits),
        ).rejects.toThrow(refused);
        for (const cursor of ['', 'x', Buffer.from('[1,"facts",1,"x"]').toString('base64url')])
          await expect(history.events({ ...query, cursor }, limits)).rejects.toThrow(refused);
        expect((await history.events({ ...query, cursor: next }, limits)).events).toHaveLength(1);
      });

      test('grouping by a number is refused, and so is a condition that has no end', async () => {
        const query: SeriesQuery = { ...everything, aggregate: 'count', by: ['metric'], top: 1 };
        await expect(history.series(query, limits)).rejects.toThrow(
          expect.objectContaining({ code: 'TERR_QUERY_BY' }),
        );
        const where = parseWhere(`a = 5${' and a<9'.repeat(1000)}`);
        const long = { ...query, by: [], where, ratio: where };
        await expect(history.series(long, limits)).rejects.toThrow(
          expect.objectContaining({ code: 'TERR_QUERY_SIZE' }),
        );
      });

      test.each([
        ['numbers', `a = 5${' and a<9'.repeat(1000)}`],
        ['types in any version', `a = 5${' and type!="dev.cdevents.a.b"'.repeat(272)}`],
      ])('a query of the greatest length is answered: %s', async (_, text) => {
        await insertEvents(history, [{ id: '', time: day, type: 'x', attributes: { a: '5' } }]);
        const where = parseWhere(text);
        expect(
          (await history.events({ ...everything, where, order: 'newest', limit: 1 }, limits))
            .events,
        ).toHaveLength(1);
      });

      test('a series and its ratio by as many types in any version as fit are answered', async () => {
        await insertEvents(history, [{ id: '', time: day, type: 'x' }]);
        const where = parseWhere(`true${' and type!="dev.cdevents.a.b"'.repeat(272)}`);
        const query: SeriesQuery = { ...everything, where, aggregate: 'count', by: [], top: 1 };
        expect((await history.series({ ...query, ratio: where }, limits)).total).toBe(1);
      });
    });
  });
}

/** Rounding errors of huge and tiny metrics depend on the order in which they are summed up. */
function tamed(where: Where): Where {
  return { kind: 'and', of: [where, tame] };
}
const tame = parseWhere(
  'metric = nil or metric = 0 or metric > 0.001 and metric < 1e6 or metric < -0.001 and metric > -1e6',
);

function places(events: readonly PlacedEvent[]): string[] {
  return events.map((event) => `${event.stream}-${event.offset}`).toSorted();
}

/** History keeps no empty text, list or map: it cannot tell them from missing ones. */
function withoutEmpty(event: PlacedEvent | undefined): unknown {
  return Object.fromEntries(
    Object.entries(event ?? {}).filter(
      ([key, value]) =>
        value !== '' &&
        (key === 'data' || Object.keys(value as object).length > 0 || typeof value === 'number'),
    ),
  );
}
