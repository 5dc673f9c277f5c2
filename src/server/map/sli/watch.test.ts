import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type ChdbHistory, openChdbHistory } from '../../../history/chdb/open.ts';
import type { History } from '../../../history/history.ts';
import { insertEvents, type Sent } from '../../../history/insert-events.suite.ts';
import type { Signal } from '../../../rooms/map/health.ts';
import { emptyMap, type MapModel, type Sli } from '../../../rooms/map/model.ts';
import { apiError } from '../../errors.ts';
import type { HistoryDesk } from '../../parts.ts';
import { SliWatch } from './watch.ts';

const now = Date.UTC(2026, 10, 26, 4, 10);
const minute = 60_000;
const week = 7 * 86_400_000;
const place = { file: 'map.yaml', line: 1, column: 1 };

function mapOf(slis: Readonly<Record<string, Sli>>): MapModel {
  const processes = Object.entries(slis).map(([id, sli]) => {
    return [id, { id, title: id, criticality: 1, needs: [], sli, names: {}, place }] as const;
  });
  return { ...emptyMap, processes: new Map(processes) };
}

const closing: SliWatch[] = [];
afterEach(async () => {
  for (const watch of closing.splice(0)) await watch.close();
});

interface Asked {
  readonly desk: HistoryDesk;
  readonly behind?: () => number | undefined;
  readonly everyMs?: number;
}

/** What is told of each process by the end of the first round. */
async function measured(slis: Readonly<Record<string, Sli>>, asked: Asked) {
  const told = new Map<string, Signal>();
  const problems: unknown[] = [];
  const ids = Object.keys(slis);
  const watch: SliWatch = await new Promise((resolve) => {
    const made = new SliWatch({
      ...asked,
      now: () => now,
      onSignal: (id, signal) => {
        told.set(id, signal);
        if (told.size === ids.length) resolve(made);
      },
      onProblem: (error) => problems.push(error),
    });
    closing.push(made);
    made.follow(mapOf(slis));
    made.start();
  });
  return { watch, told, problems };
}

describe('with a real history', () => {
  const dir = mkdtempSync(join(tmpdir(), 'territory-sli-'));
  let history: ChdbHistory | undefined;
  afterAll(async () => {
    await history?.close();
    rmSync(dir, { recursive: true });
  });

  async function deskOf(): Promise<HistoryDesk> {
    if (!history) {
      history = await openChdbHistory({ dir });
      await insertEvents(history, events());
    }
    const open = history;
    const limits = { timeoutMs: 10_000, memoryBytes: 100 << 20 };
    return { ask: (question) => question(open, limits), current: () => open };
  }

  const sent = (ago: number, fields: Omit<Sent, 'id' | 'time'>): Sent => ({
    id: '',
    time: now - ago,
    ...fields,
  });

  /** Orders as facts: 3 in the last 5 minutes, 72 in the hour of a week ago; and requests. */
  function events(): Sent[] {
    const order = 'dev.cdeventsx.shop-order.placed.0.1.0';
    return [
      ...[1, 2, 3].map((at) => sent(at * minute, { type: order })),
      ...Array.from({ length: 72 }, (_, at) =>
        sent(week + 10 * minute - at * 50_000 - 1, { type: order }),
      ),
      ...[0.2, 0.3, 0.9].map((metric) =>
        sent(minute, { type: 'metric', name: 'duration', metric, attributes: { unit: 's' } }),
      ),
      ...['ok', 'ok', 'ok', 'error'].map((state) => sent(minute, { type: 'request', state })),
      sent(minute, { type: 'metric', name: 'territory.rows', metric: 1, source: '/territory' }),
    ];
  }

  test('measures are taken and judged', async () => {
    const { told, watch } = await measured(
      {
        checkout: {
          measure: 'rate(order.placed)',
          ok: '> 0.6 of same hour last week',
          down: '> 0.1 of same hour last week',
        },
        count: { measure: 'count(order.placed)', ok: '>= 0.5 of same hour last week' },
        day: { measure: 'rate(order.placed)', ok: '> 0.5 of yesterday' },
        pages: { measure: 'max(duration)', ok: '< 500ms' },
        errors: {
          measure: String.raw`ratio(request where "state = \"error\"" / request)`,
          ok: '< 1%',
          down: '< 50%',
        },
        silent: { measure: 'rate(refund.paid)', ok: '> 0' },
        zero: { measure: 'rate(refund.paid) or 0', ok: '< 1/h' },
      },
      { desk: await deskOf() },
    );
    const said = Object.fromEntries(
      [...told].map(([id, { state, text }]) => [id, `${state}: ${text}`]),
    );
    expect(said).toEqual({
      checkout:
        'degraded: rate(order.placed) is 0.01/s, ok is > 0.6 of same hour last week (same hour last week: 0.02/s)',
      count:
        'ok: count(order.placed) is 3, ok is >= 0.5 of same hour last week (same hour last week: 6)',
      day: 'no-evidence: rate(order.placed) is 0.01/s, ok is > 0.5 of yesterday (yesterday: no data)',
      pages: 'degraded: max(duration) is 0.9 s, ok is < 500ms',
      errors: 'degraded: ratio(request where "state = \\"error\\"" / request) is 25%, ok is < 1%',
      silent: 'no-evidence: no refund.paid came in the last 5 min',
      zero: 'ok: rate(refund.paid) or 0 is 0/s, ok is < 1/h',
    });
    expect(told.get('checkout')).toMatchObject({
      kind: 'sli',
      key: 'process:checkout',
      time: now,
      name: 'rate(order.placed)',
      metric: 0.01,
      ttl: 60,
    });
    expect(watch.latest('count')).toEqual({
      value: 3,
      against: 3,
      at: now,
      text: told.get('count')?.text,
    });
  }, 60_000);

  test('what Territory says of itself does not make nothing 0', async () => {
    const desk = await deskOf();
    const { told } = await measured(
      { zero: { measure: 'rate(refund.paid) or 0 over 10s', ok: '< 1/h' } },
      { desk },
    );
    expect(told.get('zero')?.text).toBe('nothing at all came in the last 10 s');
  }, 60_000);
});

const orders = { checkout: { measure: 'rate(order.placed)', ok: '> 1' } };
const nothing = { series: [], total: null, matched: 0, omitted: 0 };

/** A desk whose history answers each series by `answer`. */
function deskWith(answer: History['series']): HistoryDesk {
  const history = { series: answer } as unknown as History; // nothing else is asked
  return {
    ask: (question) => question(history, { timeoutMs: 1_000, memoryBytes: 1_000 }),
    current: () => history,
  };
}

describe('what history cannot say is no evidence', () => {
  test('because there is none', async () => {
    const message = 'history is not kept here (history.enabled is false)';
    const desk: HistoryDesk = {
      ask: () => Promise.reject(apiError('NO_HISTORY', message)),
      current: () => undefined,
    };
    const { told, problems } = await measured(orders, { desk });
    expect(told.get('checkout')).toMatchObject({ state: 'no-evidence', text: message });
    expect(problems).toEqual([]);
  });

  test('because it fails, which is told once', async () => {
    const desk = deskWith(() => Promise.reject(new Error('broken')));
    const both = { ...orders, browse: orders.checkout };
    const { told, problems } = await measured(both, { desk });
    expect(told.get('browse')).toMatchObject({ state: 'no-evidence', text: 'broken' });
    expect(problems).toHaveLength(1);
  });

  test('because it is behind the log', async () => {
    const desk = deskWith(() => Promise.reject(new Error('nobody should ask')));
    const { told } = await measured(orders, { desk, behind: () => 3 * minute });
    expect(told.get('checkout')?.text).toBe('history is 3 min behind');
  });

  test('or the measure cannot be read', async () => {
    const desk = deskWith(() => Promise.resolve(nothing));
    const { told } = await measured({ odd: { measure: 'orders', ok: '> 1' } }, { desk });
    expect(told.get('odd')).toMatchObject({ state: 'no-evidence' });
  });
});

test('the window ends where history does', async () => {
  const ranges: number[][] = [];
  const desk = deskWith(({ from, to }) => {
    ranges.push([from, to]);
    return Promise.resolve(nothing);
  });
  await measured(orders, { desk, behind: () => 2_000 });
  expect(ranges).toEqual([[now - 2_000 - 5 * minute, now - 2_000]]);
});

test('one question at a time, round after round, and the hour of last week only once', async () => {
  let [under, most] = [0, 0];
  const hours: number[] = [];
  const desk = deskWith(async ({ from, to }) => {
    most = Math.max(most, ++under);
    await new Promise(setImmediate);
    under--;
    if (to - from === 60 * minute) hours.push(from);
    return { ...nothing, total: 1, matched: 1 };
  });
  const sli = { measure: 'rate(order.placed)', ok: '> 0.5 of same hour last week' };
  const { watch } = await measured(
    { one: sli, two: { ...sli, measure: 'rate(x)' } },
    { desk, everyMs: 5 },
  );
  while (watch.counters.rounds < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(most).toBe(1);
  expect(hours).toHaveLength(2);
});

test('another map is measured at once, and what is gone is forgotten', async () => {
  const desk = deskWith(() => Promise.resolve({ ...nothing, total: 2, matched: 2 }));
  const seen: string[] = [];
  let tell = (): void => undefined;
  const watch = new SliWatch({
    desk,
    now: () => now,
    onSignal: (id) => {
      seen.push(id);
      tell();
    },
    onProblem: (error) => {
      throw error;
    },
  });
  closing.push(watch);
  watch.follow(mapOf(orders));
  const first = new Promise<void>((resolve) => (tell = resolve));
  watch.start();
  await first;
  const second = new Promise<void>((resolve) => {
    tell = () => seen.includes('browse') && resolve();
  });
  watch.follow(mapOf({ browse: orders.checkout }));
  await second;
  expect(watch.latest('checkout')).toBeUndefined();
  expect(watch.latest('browse')).toMatchObject({ value: 2, at: now });
  await watch.close();
});

test('closing gives up the question under way', async () => {
  const desk: HistoryDesk = {
    ask: (_, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('given up')));
      }),
    current: () => undefined,
  };
  const told: string[] = [];
  const onProblem = (): void => undefined;
  const watch = new SliWatch({ desk, now: () => now, onSignal: (id) => told.push(id), onProblem });
  watch.follow(mapOf(orders));
  watch.start();
  await watch.close();
  expect(told).toEqual([]);
});
