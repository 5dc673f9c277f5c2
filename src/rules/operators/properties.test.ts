import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Event } from '../../event/event.ts';
import type { Decision } from '../decision.ts';
import { collectRulesNow } from '../language/collect.ts';
import { events, rule, type Stream } from '../rules.ts';
import { arrivals, decide, everyOperator, hosts, start } from './play.suite.ts';

const seconds = 1_000;

/** What a chain emits of such events, as host, moment and number. */
function said(
  chain: (hostly: Stream) => Stream,
  given: readonly Event[],
  lateness: '0s' | `${number}s`,
): unknown[] {
  const rules = collectRulesNow(() => {
    rule('w', { lateness }, () => chain(events.by('host')).emit({ type: 'out' }));
  });
  return (decide(rules, given)['w'] ?? []).flatMap((one) =>
    one.kind === 'emit' ? [[one.event.host, one.at - start, one.event.metric]] : [],
  );
}

/** Each event with the watermark at its arrival, as the design says: by hand. */
function withWatermark(
  given: readonly Event[],
  lateness: number,
): (Event & { readonly mark: number })[] {
  let [newest, mark] = [0, start - 2 * seconds - lateness];
  return given.map((event) => {
    newest = Math.max(newest, event.time);
    mark = Math.max(mark, newest - lateness, event.received - 2 * seconds - lateness);
    return { ...event, mark };
  });
}

const byMoment = (a: unknown, b: unknown): number => {
  const [[hostA, atA], [hostB, atB]] = [a, b] as [[string, number], [string, number]];
  return atA - atB || (hostA < hostB ? -1 : 1);
};

describe('windows are what a loop over all events makes of them', () => {
  test.each([
    { every: 5 * seconds, size: 5 * seconds, lateness: 0 },
    { every: 5 * seconds, size: 5 * seconds, lateness: 5 * seconds },
    { every: 2 * seconds, size: 6 * seconds, lateness: 3 * seconds },
  ])('$every of $size, $lateness late', ({ every, size, lateness }) => {
    fc.assert(
      fc.property(arrivals(9 * seconds), (given) => {
        const marked = withWatermark(given, lateness).filter(({ metric }) => metric !== undefined);
        const naive: unknown[] = [];
        const last = (given.at(-1)?.received ?? start) + size;
        for (let end = start - 60 * seconds; end <= last; end += every)
          for (const host of hosts) {
            const inIt = marked.filter(
              (one) =>
                one.host === host && one.time < end && one.time >= end - size && end > one.mark,
            );
            if (inIt.length > 0)
              naive.push([
                host,
                end - start,
                inIt.reduce((sum, { metric = 0 }) => sum + metric, 0),
              ]);
          }
        const shape = { every: `${every}ms`, size: `${size}ms` } as const;
        const found = said((s) => s.window(shape).sum(), given, `${lateness / seconds}s`);
        // All metrics are positive: a window that says 0 is an empty one.
        const full = found.filter((one) => (one as unknown[])[2] !== 0);
        expect(full.toSorted(byMoment)).toEqual(naive.toSorted(byMoment));
      }),
    );
  });

  test('an empty window is said between others, and at most ten behind the last', () => {
    fc.assert(
      fc.property(arrivals(0), (given) => {
        const untold = given.filter(({ ttl }) => ttl === undefined);
        const found = said((s) => s.window({ every: '5s' }).count(), untold, '0s') as [
          string,
          number,
          number,
        ][];
        for (const host of hosts) {
          const own = found.filter(([of]) => of === host);
          const moments = own.map(([, at]) => at);
          const full = own.filter(([, , n]) => n > 0).map(([, at]) => at);
          const wanted = new Set(
            full.flatMap((at) => Array.from({ length: 11 }, (_, i) => at + i * 5 * seconds)),
          );
          // The tenth depends on where in its window the last event was.
          const surely = full.flatMap((at) =>
            Array.from({ length: 10 }, (_, i) => at + i * 5 * seconds),
          );
          expect(moments.filter((at) => !wanted.has(at))).toEqual([]);
          expect(surely.filter((at) => !moments.includes(at))).toEqual([]);
          expect(new Set(moments).size).toBe(moments.length);
        }
      }),
    );
  });

  test('sessions: where no event is late, whatever the order of arrival', () => {
    fc.assert(
      fc.property(arrivals(9 * seconds), (given) => {
        const naive = hosts.flatMap((host) => {
          const times = given
            .filter((one) => one.host === host)
            .map(({ time }) => time)
            .toSorted((a, b) => a - b);
          const sessions: number[][] = [];
          for (const time of times) {
            const open = sessions.at(-1);
            if (open && time < (open.at(-1) ?? 0) + 3 * seconds) open.push(time);
            else sessions.push([time]);
          }
          return sessions.map((one) => [host, (one.at(-1) ?? 0) + 3 * seconds - start, one.length]);
        });
        const found = said((s) => s.window({ idle: '3s', max: '1d' }).count(), given, '60s');
        expect(found.toSorted(byMoment)).toEqual(naive.toSorted(byMoment));
      }),
    );
  });

  test('counted and last ones', () => {
    fc.assert(
      fc.property(arrivals(9 * seconds), (given) => {
        const found = (chain: (s: Stream) => Stream): unknown[] =>
          said(chain, given, '5s').map((one) => [(one as unknown[])[0], (one as unknown[])[2]]);
        const [counted, lasts]: [unknown[], unknown[]] = [[], []];
        const all = new Map<string, number[]>();
        for (const { host = '', metric } of given) {
          if (metric === undefined) continue;
          const own = all.get(host) ?? [];
          own.push(metric);
          all.set(host, own);
          const last = own.slice(-3);
          lasts.push([host, Math.max(...last)]);
          if (own.length % 3 === 0) counted.push([host, Math.min(...last)]);
        }
        expect(found((s) => s.window({ last: 3 }).max())).toEqual(lasts);
        expect(found((s) => s.window({ count: 3 }).min())).toEqual(counted);
      }),
    );
  });
});

const point = fc.nat(60);

describe('the same events give the same decisions', () => {
  test('and every operator has some to give', () => {
    const decided = new Set<string>();
    for (const given of fc.sample(arrivals(9 * seconds), { numRuns: 50, seed: 1 }))
      for (const name of Object.keys(decide(everyOperator, given))) decided.add(name);
    expect(everyOperator.filter(({ name }) => !decided.has(name)).map(({ name }) => name)).toEqual(
      [],
    );
  });

  test('wherever batches end and the clock is looked at', () => {
    fc.assert(
      fc.property(
        arrivals(9 * seconds),
        fc.array(point),
        fc.array(fc.tuple(point, fc.double({ min: 0, max: 1, noNaN: true }))),
        (given, batches, ticks) => {
          expect(decide(everyOperator, given, { batches, ticks })).toEqual(
            decide(everyOperator, given),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('with a restart from a snapshot at any point', () => {
    fc.assert(
      fc.property(arrivals(9 * seconds), point, (given, restart) => {
        const once = decide(everyOperator, given, { batches: [], ticks: [], restart });
        expect(once).toEqual(decide(everyOperator, given));
      }),
      { numRuns: 60 },
    );
  });

  test('for a key, whatever other keys do between its events', () => {
    const perKey = everyOperator.filter(({ name }) => !name.startsWith('top'));
    const ofKey = (decided: ReturnType<typeof decide>): Record<string, readonly Decision[]> =>
      Object.fromEntries(
        Object.entries(decided).map(([name, all]) => [
          name,
          all.filter(({ key }) => key['host'] === 'a'),
        ]),
      );
    fc.assert(
      fc.property(arrivals(0), fc.infiniteStream(fc.nat(1)), (given, swaps) => {
        // Events that arrive at one moment change places with those of other keys.
        const mixed = [...given];
        for (let i = 1; i < mixed.length; i++) {
          const [one, next] = mixed.slice(i - 1, i + 1);
          if (!one || !next || one.host === next.host || one.received !== next.received) continue;
          if (swaps.next().value === 1) mixed.splice(i - 1, 2, next, one);
        }
        expect(ofKey(decide(perKey, mixed))).toEqual(ofKey(decide(perKey, given)));
      }),
      { numRuns: 60 },
    );
  });
});
