import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Draft } from '../../event/event.ts';
import { exampleDay, readings, writeBlock } from './blocks.suite.ts';
import { historyColumns } from '../schema.ts';
import { quoted } from './insert.ts';
import { type ChdbHistory, openChdbHistory } from './open.ts';

// The engine syncs each part to the disk, which takes its time where other tests run beside it.
vi.setConfig({ testTimeout: 60_000 });

const dayMs = 86_400_000;
const limits = { timeoutMs: 10_000, memoryBytes: 300 << 20 };
const endless = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1';

let dir: string;
let history: ChdbHistory;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'territory-history-'));
  history = await openChdbHistory({ dir, queriesAtOnce: 2, queriesWaiting: 2 });
});
beforeEach(() => history.clear());
afterAll(async () => {
  await history.close();
  rmSync(dir, { recursive: true });
});

const ask = async (sql: string) => (await history.ask(sql, limits)).rows;

/** One event for each thing that a column might get wrong. */
const awkward: readonly Draft[] = [
  { type: 'log' },
  { type: 'metric', metric: 0, ttl: 0.1, time: exampleDay + 1, id: 'x', subject: 's' },
  { type: 'metric', metric: -1.5e-7, name: 'ünïcödé ✓', host: 'h' },
  { type: 'quote " and \\ and \n', state: "it's", data: { deep: [null, true, 1.5, 'ü"'] } },
  { type: 'log', tags: ['a', 'b', 'a'], attributes: { code: '200', empty: '', 'odd "key"': '\t' } },
  { type: 'log', data: 'text', environment: 'e', service: 's', source: 'other' },
  { type: 'log', data: false, time: Date.UTC(1999, 11, 31, 23, 59, 59, 999) },
  ...readings(500),
];

test('a block reads back as the same events loaded from JSON', async () => {
  await history.insert(writeBlock(dir, awkward));
  const structure = historyColumns.map(({ name, type }) => `${name} ${type}`).join(', ');
  const rows = awkward.map((draft, i) =>
    JSON.stringify({
      source: 'test',
      time: exampleDay,
      ...draft,
      data: draft.data === undefined ? '' : JSON.stringify(draft.data),
      off: i + 1,
      received: exampleDay,
    }),
  );
  const names = historyColumns.map(({ name }) => name);
  const loaded = `SELECT * FROM format(JSONEachRow, ${quoted(structure)}, ${quoted(rows.join('\n'))})`;
  for (const name of names) {
    const column = `SELECT off, toJSONString(${name}) AS v FROM`;
    const differing = await ask(
      `SELECT * FROM (${column} history.readings) AS a FULL OUTER JOIN (${column} (${loaded})) AS b USING off WHERE a.v != b.v`,
    );
    expect({ name, differing }).toEqual({ name, differing: [] });
  }
  expect(await ask('SELECT count(), max(off) FROM history.readings')).toEqual([[507, 507]]);
});

test('the same block again changes nothing, other boundaries do', async () => {
  const block = writeBlock(dir, readings(100));
  await history.insert(block);
  await history.insert(block);
  expect((await history.stat()).rows).toBe(100);
  await history.insert(writeBlock(dir, readings(50), { first: 101 }));
  expect((await history.stat()).rows).toBe(150);
});

test('a block over more days than an insert may touch by default is taken whole and stays idempotent', async () => {
  const drafts = Array.from({ length: 101 }, (_, day) => ({
    type: 'metric',
    time: exampleDay - day * dayMs,
    metric: day,
  }));
  const block = writeBlock(dir, drafts);
  await history.insert(block);
  await history.insert(block);
  expect((await history.stat()).rows).toBe(101);
});

test('facts over decades go into one part', async () => {
  const drafts = Array.from({ length: 46 }, (_, year) => ({
    type: 'dev.cdevents.change.merged.0.2.0',
    time: Date.UTC(1980 + year, 0, 1),
  }));
  await history.insert(writeBlock(dir, drafts, { stream: 'facts' }));
  const stat = await history.stat();
  expect(stat).toMatchObject({ rows: 46, parts: 1, oldest: Date.UTC(1980, 0, 1) });
  expect(stat.head).toEqual({ facts: 46, readings: 0 });
});

test('an empty history has no oldest row', async () => {
  expect(await history.stat()).toEqual({
    rows: 0,
    bytes: 0,
    oldest: undefined,
    parts: 0,
    merging: 0,
    head: { facts: 0, readings: 0 },
  });
});

test('a query over its time ends, and says what to do', async () => {
  await expect(history.ask(endless, { ...limits, timeoutMs: 200 })).rejects.toMatchObject({
    code: 'TERR_HISTORY_TIMEOUT',
    message: expect.stringContaining('shorter range'),
  });
  // What the stopped query had written must not stand before the next answer.
  expect(await ask('SELECT 1')).toEqual([[1]]);
  expect(history.counters().queryTimeouts).toBe(1);
});

test('a query over its memory ends alone', async () => {
  const greedy = 'SELECT uniqExact(number) FROM numbers(100000000)';
  const [other] = await Promise.all([
    ask('SELECT count() FROM numbers(100000)'),
    expect(history.ask(greedy, { ...limits, memoryBytes: 20 << 20 })).rejects.toMatchObject({
      code: 'TERR_HISTORY_MEMORY',
    }),
  ]);
  expect(other).toEqual([[100_000]]);
  expect(history.state()).toBe('running');
});

test('a cancelled query makes room at once', async () => {
  const leave = new AbortController();
  const query = history.ask(endless, { ...limits, timeoutMs: 60_000, signal: leave.signal });
  leave.abort();
  await expect(query).rejects.toMatchObject({ code: 'TERR_HISTORY_CANCELLED' });
  const began = Date.now();
  await Promise.all([ask('SELECT 1'), ask('SELECT 2'), ask('SELECT 3')]);
  expect(Date.now() - began).toBeLessThan(5000);
});

test('more queries than may wait are refused with a time to try again', async () => {
  const leave = new AbortController();
  const asked = Array.from({ length: 5 }, () =>
    history.ask(endless, { ...limits, signal: leave.signal }).catch((error: unknown) => error),
  );
  expect(await asked[4]).toMatchObject({
    code: 'TERR_HISTORY_BUSY',
    status: 503,
    details: { retryAfter: 1 },
  });
  leave.abort();
  for (const error of await Promise.all(asked.slice(0, 4)))
    expect(error).toMatchObject({ code: 'TERR_HISTORY_CANCELLED' });
});

test('a query cannot write', async () => {
  await expect(history.ask('DROP TABLE history.facts', limits)).rejects.toMatchObject({
    code: 'TERR_HISTORY_REFUSED',
  });
});

test('a block that cannot be read names its boundaries', async () => {
  const block = { stream: 'facts', first: 5, last: 9, rows: 5, path: join(dir, 'none') } as const;
  await expect(history.insert(block)).rejects.toMatchObject({
    code: 'TERR_HISTORY_INSERT',
    message: expect.stringContaining('facts 5 to 9'),
  });
});

test('forgetting takes whole days, oldest first, and never facts', async () => {
  for (let day = 0; day < 4; day++)
    await history.insert(
      writeBlock(dir, readings(1000, exampleDay + day * dayMs), { first: 1 + day * 1000 }),
    );
  await history.insert(writeBlock(dir, [{ type: 'dev.cdevents.x', time: 0 }], { stream: 'facts' }));
  // Half of the second day is before it: that day stays.
  await history.dropBefore(exampleDay + 1.5 * dayMs);
  expect((await history.stat()).rows).toBe(3001);
  const { bytes } = await history.stat();
  await history.dropOverSize(bytes - 1);
  expect((await history.stat()).rows).toBe(2001);
  expect(await ask('SELECT min(time) FROM history.readings')).toEqual([[exampleDay + 2 * dayMs]]);
});

test('within the last day the oldest parts go, the newest stays', async () => {
  for (let i = 0; i < 3; i++)
    await history.insert(writeBlock(dir, readings(1000), { first: 1 + i * 1000 }));
  await history.dropOverSize(1);
  const [[first, last]] = (await ask('SELECT min(off), max(off) FROM history.readings')) as [
    [number, number],
  ];
  expect(last).toBe(3000);
  expect([1, 2001]).toContain(first); // 1 when a merge had made one part of them
});

test('after clear the same blocks are taken again', async () => {
  const block = writeBlock(dir, readings(10));
  await history.insert(block);
  await history.clear();
  expect((await history.stat()).head.readings).toBe(0);
  await history.insert(block);
  expect((await history.stat()).rows).toBe(10);
});

test('slow queries are remembered, slowest first', async () => {
  await ask('SELECT sleep(0.2)');
  await ask('SELECT 1');
  const [slowest, next] = history.counters().slow;
  expect(slowest?.ms).toBeGreaterThanOrEqual(next?.ms ?? Infinity);
  expect(history.counters().slow.length).toBeLessThanOrEqual(20);
});
