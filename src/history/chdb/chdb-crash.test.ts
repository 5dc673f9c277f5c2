import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CodedError } from '../../errors/coded-error.ts';
import type { Block } from '../history.ts';
import { historyStatements } from '../schema.ts';
import { readings, writeBlock } from './blocks.suite.ts';
import { startChild } from './child-link.ts';
import { type ChdbHistory, openChdbHistory } from './open.ts';

// Starting engines takes its time where other tests run beside it.
vi.setConfig({ testTimeout: 60_000 });

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'territory-history-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** As the feeder does it: again with the same boundaries until it is taken. */
async function insertUntilTaken(history: ChdbHistory, block: Block): Promise<void> {
  for (;;) {
    try {
      return await history.insert(block);
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'TERR_HISTORY_UNAVAILABLE') throw error;
      await sleep(20);
    }
  }
}

test('killing the engine during inserts loses and doubles nothing', async () => {
  const history = await openChdbHistory({ dir });
  let next = 1;
  for (let round = 0; round < 4; round++) {
    const blocks = Array.from({ length: 3 }, (_, i) =>
      writeBlock(dir, readings(20_000), { first: next + i * 20_000 }),
    );
    next += 60_000;
    const inserted = Promise.all(blocks.map((block) => insertUntilTaken(history, block)));
    await sleep(15 * round);
    history.killEngine();
    await inserted;
  }
  // When all was taken before the last kill, the engine is still on its way back.
  const { rows } = await vi.waitFor(
    () =>
      history.ask('SELECT count(), uniqExact(off), max(off) FROM history.readings', {
        timeoutMs: 10_000,
        memoryBytes: 300 << 20,
      }),
    { timeout: 15_000, interval: 100 },
  );
  expect(rows).toEqual([[next - 1, next - 1, next - 1]]);
  expect(history.counters().restarts).toBeGreaterThanOrEqual(4);
  await history.close();
});

test('what is under way when the engine dies is told so, and later asked in vain no longer', async () => {
  const history = await openChdbHistory({ dir });
  const query = history.ask('SELECT sleepEachRow(1) FROM numbers(3)', {
    timeoutMs: 20_000,
    memoryBytes: 300 << 20,
  });
  history.killEngine();
  await expect(query).rejects.toMatchObject({
    code: 'TERR_HISTORY_UNAVAILABLE',
    status: 503,
    details: { retryAfter: 1 },
  });
  await history.close();
  await expect(history.stat()).rejects.toMatchObject({ code: 'TERR_HISTORY_CLOSED' });
});

test('closing during inserts drains them, and history opens again with all rows', async () => {
  const history = await openChdbHistory({ dir });
  const blocks = Array.from({ length: 12 }, (_, i) =>
    writeBlock(dir, readings(10_000), { first: 1 + i * 10_000 }),
  );
  const inserted = Promise.all(blocks.map((block) => history.insert(block)));
  await history.close();
  await inserted;
  const again = await openChdbHistory({ dir });
  expect(await again.stat()).toMatchObject({
    rows: 120_000,
    head: { readings: 120_000, facts: 0 },
  });
  expect(again.memory()).toBeGreaterThan(10 << 20);
  await again.close();
});

test('a second server on the directory is refused in time and told why', async () => {
  const history = await openChdbHistory({ dir });
  await expect(openChdbHistory({ dir, startTimeoutMs: 0 })).rejects.toMatchObject({
    code: 'TERR_HISTORY_START',
    message: expect.stringContaining('another server'),
  });
  await history.close();
});

test('the directory of a server that is just ending is waited for', async () => {
  const before = startChild(
    { dir: join(dir, 'chdb'), readers: 1, engine: [], statements: historyStatements() },
    { onAnswer: () => undefined },
  );
  await before.ready;
  const opening = openChdbHistory({ dir });
  setTimeout(before.kill, 500);
  const history = await opening;
  expect(history.state()).toBe('running');
  await history.close();
});
