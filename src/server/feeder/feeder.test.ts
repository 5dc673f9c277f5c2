import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { encodeDrafts } from '../../event/codec.ts';
import type { Draft } from '../../event/event.ts';
import { type ChdbHistory, openChdbHistory } from '../../history/chdb/open.ts';
import type { Log } from '../../log/log.ts';
import { openLmdbLog } from '../../log/lmdb/lmdb-log.ts';
import { type Feeder, type FeederOptions, startFeeder } from './feeder.ts';

// Each test starts threads, which takes its time where other tests run beside it.
vi.setConfig({ testTimeout: 60_000 });

const limits = { timeoutMs: 10_000, memoryBytes: 300 << 20 };

let dir: string;
let historyDir: string;
let log: Log;
let history: ChdbHistory;
let feeder: Feeder | undefined;

beforeAll(async () => {
  historyDir = mkdtempSync(join(tmpdir(), 'territory-feeder-'));
  history = await openChdbHistory({ dir: historyDir });
});

afterAll(async () => {
  await history.close();
  rmSync(historyDir, { recursive: true });
});

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'territory-feeder-'));
  log = await openLmdbLog({ dir: join(dir, 'log'), role: 'writer', now: Date.now });
  await history.clear();
});

afterEach(async () => {
  await feeder?.stop();
  feeder = undefined;
  await log.close();
  rmSync(dir, { recursive: true });
});

async function start(options: Partial<FeederOptions> = {}): Promise<Feeder> {
  feeder = await startFeeder({
    logDir: join(dir, 'log'),
    log,
    history,
    tmpDir: join(dir, 'tmp'),
    blockAgeMs: 50,
    ...options,
  });
  return feeder;
}

async function append(drafts: readonly Draft[]): Promise<void> {
  const { facts, readings } = encodeDrafts(drafts, 'test');
  if (facts) await log.append('facts', facts);
  if (readings) await log.append('readings', readings);
}

async function fed(): Promise<void> {
  const until = Date.now() + 50_000;
  for (;;) {
    const lag = feeder?.lag();
    if (lag?.facts.events === 0 && lag.readings.events === 0) return;
    if (Date.now() > until) throw new Error(`still behind: ${JSON.stringify(lag)}`);
    await sleep(10);
  }
}

/** [how many, how many different, the first, the last] offset of each stream in history. */
async function offsets(): Promise<unknown> {
  const of = (stream: string) =>
    `SELECT count(), uniqExact(off), min(off), max(off) FROM history.${stream}`;
  const { rows } = await history.ask(`${of('facts')} UNION ALL ${of('readings')}`, limits);
  return rows.toSorted((a, b) => Number(a[0]) - Number(b[0]));
}

const metrics = (count: number, more: Partial<Draft> = {}): Draft[] =>
  Array.from({ length: count }, (_, i) => ({
    type: 'metric',
    service: `s${i % 3}`,
    name: 'load',
    metric: i,
    ...more,
  }));

const commit: Draft = { type: 'dev.cdevents.change.merged.0.2.0', subject: 'change/1' };

test('what is appended can be asked within a second or so, in both streams', async () => {
  await start();
  await append(metrics(50));
  await fed();
  // From here on the worker is up.
  await append([...metrics(50), commit]);
  const began = Date.now();
  await fed();
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await offsets()).toEqual([
    [1, 1, 1, 1],
    [100, 100, 1, 100],
  ]);
  expect(feeder?.lag()).toEqual({ facts: { events: 0, ms: 0 }, readings: { events: 0, ms: 0 } });
});

test('after a stop it goes on where it was, and leaves no files', async () => {
  for (let round = 1; round <= 3; round++) {
    await start();
    await append(metrics(50));
    if (round !== 2) await fed();
    await feeder?.stop();
    feeder = undefined;
  }
  expect(await offsets()).toEqual([
    [0, 0, 0, 0],
    [150, 150, 1, 150],
  ]);
  expect(readdirSync('/dev/shm').filter((n) => n.startsWith(`territory-${process.pid}-`))).toEqual(
    [],
  );
});

test('a block begun before a crash is sent again with its boundaries', async () => {
  await append(metrics(30));
  // As a crash leaves it: the first block is in history, but the note does not know.
  await start();
  await fed();
  await feeder?.stop();
  await log.notes.set('feeder/readings', { next: 31, pending: [[1, 30]] });
  await append(metrics(5));
  await start();
  await fed();
  expect(await offsets()).toEqual([
    [0, 0, 0, 0],
    [35, 35, 1, 35],
  ]);
  expect(log.notes.get('feeder/readings')).toMatchObject({ next: 36 });
});

test('a history that was removed, or emptied, is built again from the log', async () => {
  await start();
  await append(metrics(40));
  await fed();
  await feeder?.stop();
  await history.clear();
  await start();
  await fed();
  expect((await history.stat()).rows).toBe(40);
  await feeder?.rebuild();
  await fed();
  expect((await history.stat()).rows).toBe(40);
});

test('a history of another log is refused and left alone', async () => {
  await append(metrics(10));
  await start();
  await fed();
  await feeder?.stop();
  await log.close();
  rmSync(join(dir, 'log'), { recursive: true });
  log = await openLmdbLog({ dir: join(dir, 'log'), role: 'writer', now: Date.now });
  await expect(start()).rejects.toMatchObject({ code: 'TERR_FEEDER_FOREIGN' });
  feeder = undefined;
  expect((await history.stat()).rows).toBe(10);
});

test('history that dies is waited for', async () => {
  await start();
  await append(metrics(10));
  history.killEngine();
  await append(metrics(10));
  await fed();
  expect((await history.stat()).rows).toBe(20);
  expect(feeder?.counters().problem).toBeUndefined();
});

test('the catalogue and the latest readings are there, and stay over a restart', async () => {
  await start();
  await append([
    ...metrics(30, { attributes: { code: '200' }, host: 'web-1' }),
    { type: 'metric', service: 's0', host: 'web-1', name: 'load', metric: 99, ttl: 60 },
    { type: 'metric', service: 's0', host: 'web-1', name: 'load', metric: 7, time: 1000 },
  ]);
  await fed();
  for (const _ of ['before', 'after']) {
    const { kinds } = await (feeder as unknown as Feeder).catalogue();
    expect(kinds.host.entries).toMatchObject([{ value: 'web-1', count: 32 }]);
    expect(kinds.label.entries).toMatchObject([{ value: 'code', count: 30, values: ['200'] }]);
    expect(kinds.service.entries.map(({ value }) => value).toSorted()).toEqual(['s0', 's1', 's2']);
    const { entries } = await (feeder as unknown as Feeder).latest('service = "s0"');
    expect(entries).toMatchObject([
      { event: { metric: 99, offset: 31, stream: 'readings', source: 'test' }, stale: false },
    ]);
    await feeder?.stop();
    await start();
  }
  await expect(feeder?.latest('service = ')).rejects.toMatchObject({ code: /^TERR_WHERE/ });
});

test('under which names readings came is there, with the calls, and stays over a restart', async () => {
  await start();
  const attributes = { 'client.service': 's0', 'server.service': 'postgresql/orders' };
  await append([
    ...metrics(30),
    { type: 'check', host: 'web-1', name: 'http', state: 'ok' },
    { type: 'request', service: 's0', attributes },
    commit,
  ]);
  await fed();
  for (const _ of ['before', 'after']) {
    const { seen, calls, overflowed } = await (feeder as unknown as Feeder).seen();
    expect(seen.map(({ service, check, count }) => [service ?? check, count])).toEqual([
      ['s0', 10],
      ['s1', 10],
      ['s2', 10],
      ['s0', 1],
      ['http', 1],
    ]);
    expect(calls).toMatchObject([{ from: 's0', to: 'postgresql/orders', count: 1 }]);
    expect(overflowed).toBe(false);
    await feeder?.stop();
    await start();
  }
});

test('without history there are still the catalogue and the latest', async () => {
  await start({ history: undefined });
  await append(metrics(3));
  const until = Date.now() + 10_000;
  let seen = 0;
  while (seen === 0 && Date.now() < until) {
    seen = (await feeder?.catalogue())?.kinds.type.entries[0]?.count ?? 0;
    await sleep(10);
  }
  expect(seen).toBe(3);
  expect((await history.stat()).rows).toBe(0);
});
