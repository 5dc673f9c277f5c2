import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Batch } from '../../event/batch.ts';
import { openLmdbLog } from './lmdb-log.ts';
import { restoreLog } from './restore.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'territory-restore-'));
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

const now = (): number => 5_000;

function batch(first: number, lines: readonly object[], stream: Batch['stream'] = 'facts'): Batch {
  const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return { stream, first, count: lines.length, received: 1_000 + first, source: '/a', bytes };
}

async function* from(...batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

const restore = (...batches: readonly Batch[]) =>
  restoreLog({ dir, now, compression: 'lz4', mapBytes: 2 ** 30 }, from(...batches));

const fact = (subject: string) => ({ type: 'dev.cdeventsx.acme-x.done.0.1.0', subject });

test('batches come back as they were, and the log goes on behind them', async () => {
  const batches = [
    batch(7, [fact('x/1'), fact('x/2')]),
    batch(9, [fact('x/1')]),
    batch(3, [{ type: 'metric', id: 'm' }], 'readings'),
  ];
  expect(await restore(...batches)).toEqual({ facts: 3, readings: 1 });
  const log = await openLmdbLog({ dir, role: 'reader', now });
  const found: Batch[] = [];
  for (const stream of ['facts', 'readings'] as const)
    for await (const one of log.read(stream, 1))
      found.push({ ...one, bytes: Buffer.from(one.bytes) });
  expect(found).toEqual(batches);
  expect(log.stat('facts')).toMatchObject({ first: 7, next: 10 });
  expect([log.version('x/1'), log.version('x/2')]).toEqual([9, 8]);
  await log.close();
});

test('a batch that does not follow is refused', async () => {
  await expect(restore(batch(1, [fact('a')]), batch(3, [fact('a')]))).rejects.toMatchObject({
    code: 'TERR_LOG_LINES',
  });
});

test('a log that holds events is left alone', async () => {
  await restore(batch(1, [fact('a')]));
  await expect(restore(batch(1, [fact('b')]))).rejects.toMatchObject({ code: 'TERR_LOG_CONFLICT' });
});

test('nothing is restored beside a writer', async () => {
  const log = await openLmdbLog({ dir, role: 'writer', now, reserveBytes: 0 });
  await expect(restore(batch(1, [fact('a')]))).rejects.toMatchObject({ code: 'TERR_LOG_LOCKED' });
  await log.close();
});
