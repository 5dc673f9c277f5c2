import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../event/event.ts';
import { collectRulesNow } from '../language/collect.ts';
import { events, rule } from '../rules.ts';
import { type BacktestOptions, backtest, readRange } from './backtest.ts';
import { mergeByReceived } from './merge.ts';
import type { Backtest } from './result.ts';

const start = Date.UTC(2026, 0, 1);
const second = 1_000;
const minute = 60_000;

let count = 0;
/** An event that arrives `at` ms after the start. */
const event = (at: number, fields: Partial<Event>): Event => ({
  id: `e${count++}`,
  type: 'metric',
  source: 'test',
  time: start + at,
  received: start + at,
  ...fields,
});

async function* inBatches(all: readonly Event[], cuts: readonly number[] = []) {
  let at = 0;
  for (const size of cuts) {
    if (at >= all.length) return;
    yield all.slice(at, (at += size));
  }
  if (at < all.length) yield all.slice(at);
}

const report = () => ({ sources: [], complete: true, warm: true, backfilled: 0 });

const run = (
  all: readonly Event[],
  declare: () => void,
  options: Partial<BacktestOptions> = {},
  cuts: readonly number[] = [],
): Promise<Backtest> =>
  backtest(
    inBatches(all, cuts),
    { from: start, to: start + 10 * minute, plans: collectRulesNow(declare), ...options },
    report,
  );

const disk = (limit: number) => () =>
  rule('disk', () =>
    events
      .where('name = "disk"')
      .by('host')
      .level({ critical: `metric > ${limit}` })
      .changed('state', { from: 'ok' })
      .alert({ title: 'disk of {host} is {metric:percent} full' }),
  );

const diskOf = (host: string, ...values: readonly number[]) =>
  values.map((metric, i) => event(i * minute, { name: 'disk', host, metric }));

test('what a rule would have decided: decisions, the lives of its alerts, counts by time', async () => {
  const all = diskOf('a', 0.5, 0.95, 0.97, 0.4, 0.96);
  const found = await run(all, disk(0.9));
  expect(found.decisions.map((one) => [one.at - start, 'severity' in one && one.severity])).toEqual(
    [
      [minute, 'critical'],
      [3 * minute, 'ok'],
      [4 * minute, 'critical'],
    ],
  );
  expect(found.alerts).toEqual([
    {
      rule: 'disk',
      key: { host: 'a' },
      from: start + minute,
      to: start + 3 * minute,
      severity: 'critical',
      title: 'disk of a is 95 % full',
    },
    {
      rule: 'disk',
      key: { host: 'a' },
      from: start + 4 * minute,
      severity: 'critical',
      title: 'disk of a is 96 % full',
    },
  ]);
  expect(found.rules).toMatchObject([
    { name: 'disk', counts: { alert: 3, emit: 0 }, events: 5, late: 0, failed: 0, keys: 1 },
  ]);
  expect(found.rules[0]?.course).toEqual([
    [start + minute, 0, 1, 0, 0],
    [start + 3 * minute, 0, 1, 0, 0],
    [start + 4 * minute, 0, 1, 0, 0],
  ]);
  expect(found.input).toMatchObject({ events: 5, readings: 5, facts: 0, replaced: 0 });
});

test('the range is of decisions: what comes before it only warms up, and an open alert is shown', async () => {
  const all = diskOf('a', 0.95, 0.97, 0.4, 0.96);
  const found = await run(all, disk(0.9), { from: start + 90 * second, to: start + 150 * second });
  expect(found.decisions).toMatchObject([{ at: start + 2 * minute, severity: 'ok' }]);
  expect(found.alerts).toMatchObject([{ from: start, to: start + 2 * minute }]);
  expect(found.rules[0]).toMatchObject({ events: 2, counts: { alert: 1 } });
});

test('a window that is open when the recording ends is closed, as it would have been', async () => {
  const all = Array.from({ length: 20 }, (_, i) => event(i * second, { name: 'n', metric: 2 }));
  const rates = () => rule('rates', () => events.rate('10s').emit({ name: 'n.rate', ttl: '20s' }));
  const found = await run(all, rates, { to: start + 30 * second });
  expect(found.emitted.map(({ time, metric }) => [time - start, metric])).toEqual([
    [10 * second, 2],
    [20 * second, 2],
    [30 * second, 0],
  ]);
  expect(found.emitted[0]).toMatchObject({
    source: 'territory/rules',
    attributes: { rule: 'rates', 'rule.path': 'rates' },
  });
});

/** The first rule emits what the second reads, and the third reads what both make. */
const chain = () => {
  rule('third', () => events.where('name =~ "n.%"').by('name').rate('20s').emit({ name: 'last' }));
  rule('first', () =>
    events.where('name = "n"').by('host').rate('10s').emit({ name: 'n.rate', ttl: '1m' }),
  );
  rule('second', () =>
    events
      .where('name = "n.rate"')
      .by('host')
      .level({ critical: 'metric > 3', warning: 'metric > 1' })
      .alert({ title: '{host} {metric}' }),
  );
};

test('rules see what others emit, and never what they led to themselves', async () => {
  const all = Array.from({ length: 40 }, (_, i) =>
    event(i * second, { name: 'n', host: 'a', metric: i < 20 ? 1 : 5 }),
  );
  const found = await run(all, chain);
  expect(found.decisions).toMatchObject([
    { rule: 'second', severity: 'ok', at: start + 10 * second },
    { rule: 'second', severity: 'critical', at: start + 30 * second },
    { rule: 'second', severity: 'ok' },
  ]);
  const last = found.emitted.filter(({ name }) => name === 'last');
  expect(last[0]?.attributes).toMatchObject({ rule: 'third', 'rule.path': 'first>third' });
});

test('what the same rules emitted when it was recorded is left out', async () => {
  const recorded = event(minute, {
    name: 'n.rate',
    source: 'territory/rules',
    attributes: { rule: 'first' },
  });
  const others = event(minute, {
    name: 'n.rate',
    host: 'b',
    metric: 9,
    source: 'territory/rules',
    attributes: { rule: 'somebody', 'rule.path': 'somebody' },
  });
  const found = await run([recorded, others], chain);
  expect(found.input.replaced).toBe(1);
  expect(found.decisions).toMatchObject([{ rule: 'second', key: { host: 'b' } }]);
});

test('a silence of hours passes as it would have, with what depends on the clock', async () => {
  const all = [
    event(0, { name: 'n', host: 'a', metric: 1, ttl: 60 }),
    event(5 * 3600 * second, { name: 'n', host: 'a', metric: 1 }),
  ];
  const found = await run(all, chain, { to: start + 6 * 3600 * second });
  const rates = found.emitted.filter(({ name }) => name === 'n.rate');
  // Zeros come while the ttl lasts, each when it was due and not after the silence.
  expect(rates.slice(0, 7).map(({ time, received }) => received - time)).toEqual(
    Array.from({ length: 7 }, () => 7_100),
  );
});

test('two versions beside each other: the same, only in one, only in the other', async () => {
  const all = [...diskOf('a', 0.5, 0.95, 0.4), ...diskOf('b', 0.5, 0.85, 0.4)].toSorted(
    (x, y) => x.received - y.received,
  );
  const against = { name: 'live', plans: collectRulesNow(disk(0.8)) };
  const found = await run(all, disk(0.9), { against });
  expect(found.against?.name).toBe('live');
  expect(found.against?.difference).toMatchObject({
    same: 2,
    onlyCandidate: 0,
    onlyLive: 2,
    keys: [
      { rule: 'disk', key: 'b', same: 0, onlyCandidate: 0, onlyLive: 2 },
      { rule: 'disk', key: 'a', same: 2, onlyCandidate: 0, onlyLive: 0 },
    ],
    alerts: [{ rule: 'disk', key: 'b', live: { from: start + minute, severity: 'critical' } }],
  });
});

test('what fails is told and the others go on', async () => {
  const all = Array.from({ length: 30 }, (_, i) => event(i * second, { name: 'n', metric: i }));
  const found = await run(all, () => {
    rule('bad', () =>
      events
        .map(() => {
          throw new Error('no such thing');
        })
        .emit({ name: 'x' }),
    );
    rule('good', () => events.emit({ name: 'y' }));
  });
  expect(found.problems).toMatchObject([
    { rule: 'bad', kind: 'failed', message: 'no such thing' },
    { rule: 'bad', kind: 'stopped' },
  ]);
  expect(found.rules).toMatchObject([
    { name: 'bad', failed: 10, stopped: expect.stringContaining('no such thing') },
    { name: 'good', counts: { emit: 30 }, failed: 0 },
  ]);
});

test('what is listed is bounded, what is counted is not', async () => {
  const all = Array.from({ length: 30 }, (_, i) => event(i * second, { name: 'n', metric: i }));
  const bounds = { listed: 5, alerts: 1, problems: 1 };
  const found = await run(all, () => rule('all', () => events.emit({ name: 'x' })), { bounds });
  expect(found.emitted).toHaveLength(5);
  expect(found.leftOut).toEqual({ decisions: 0, emitted: 25, alerts: 0 });
  expect(found.rules[0]?.counts.emit).toBe(30);
});

test('enough is read before the range that its first window is full, and enough behind it', () => {
  const plans = collectRulesNow(() => {
    rule('slow', { lateness: '1m' }, () => events.rate('10m').emit({ name: 'x' }));
    rule('fast', () => events.rate('1s').emit({ name: 'y' }));
  });
  const { warmFrom, until } = readRange({ from: start, to: start + minute, plans });
  expect(start - warmFrom).toBe(11 * minute);
  expect(until - (start + minute)).toBe(62 * second + 100);
});

test('the same bytes twice, however the events are cut into batches', async () => {
  const arrival = fc.record({
    gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }), fc.integer({ max: 90_000 })),
    late: fc.oneof(fc.constant(0), fc.integer({ min: -500, max: 20_000 })),
    name: fc.constantFrom('n', 'disk'),
    host: fc.constantFrom('a', 'b'),
    metric: fc.integer({ min: 0, max: 9 }),
  });
  const declare = () => {
    chain();
    disk(4)();
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { minLength: 1, maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 20 })),
      async (arrivals, cuts) => {
        let at = 0;
        const all = arrivals.map(({ gap, late, ...fields }, i) => {
          at += Math.max(0, gap);
          return event(at, { ...fields, id: `e${i}`, time: start + at - late });
        });
        const against = { name: 'live', plans: collectRulesNow(disk(6)) };
        const options = { from: start + 2_000, to: start + at + 1, against };
        const whole = JSON.stringify(await run(all, declare, options));
        expect(JSON.stringify(await run(all, declare, options, cuts))).toBe(whole);
      },
    ),
    { numRuns: 60 },
  );
});

test('streams are merged by when their events were received, then by stream', async () => {
  const timed = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(timed, timed, timed, async (...streams) => {
      const sources = streams.map((batches, stream) => {
        const sorted = batches.flat().toSorted((a, b) => a - b);
        return batches.map((batch) => batch.map(() => ({ received: sorted.shift() ?? 0, stream })));
      });
      const merged: unknown[] = [];
      for await (const batch of mergeByReceived(
        sources.map(async function* (batches) {
          yield* batches;
        }),
      ))
        merged.push(...batch);
      expect(merged).toEqual(
        sources.flat(2).toSorted((a, b) => a.received - b.received || a.stream - b.stream),
      );
    }),
  );
});
