import { expect, test } from 'vitest';
import { ids, linesOf, placed } from '../example-lines.suite.ts';
import { scratchLogs } from './scratch-directory.suite.ts';

const { newDir, open } = scratchLogs('queue');
const code = (name: string) => ({ code: `TERR_LOG_${name}` });

test('many small appends of one source become few records', async () => {
  const log = await open(newDir());
  await Promise.all(Array.from({ length: 500 }, async (_, n) => log.append('facts', ids(`${n}`))));
  const counts: number[] = [];
  for await (const batch of log.read('facts', 1)) counts.push(batch.count);
  expect(counts.reduce((sum, n) => sum + n)).toBe(500);
  expect(counts.length).toBeLessThan(5);
});

test('events of two sources do not share a record', async () => {
  const log = await open(newDir());
  await Promise.all(
    ['/a', '/a', '/b', '/a'].map(async (source, n) =>
      log.append('readings', linesOf([{ id: `${n}` }], source)),
    ),
  );
  const found: unknown[] = [];
  for await (const { source, count } of log.read('readings', 1)) found.push([source, count]);
  expect(found).toEqual([
    ['/a', 2],
    ['/b', 1],
    ['/a', 1],
  ]);
});

test('refuses when too much waits, loses nothing of the rest, and goes on afterwards', async () => {
  const log = await open(newDir(), { maxPendingBytes: 1_000 });
  const note = 'x'.repeat(100);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, async (_, n) =>
      log.append('readings', linesOf([{ id: `${n}`, note }])),
    ),
  );
  const taken = outcomes.filter((o) => o.status === 'fulfilled').length;
  const refused = outcomes.find((o) => o.status === 'rejected');
  expect(refused).toMatchObject({ reason: { ...code('BUSY'), details: { retryAfter: 1 } } });
  expect(taken).toBeGreaterThan(0);
  expect(log.counters()).toMatchObject({ refusedBusy: 20 - taken, pendingBytes: 0 });
  expect((await placed(log, 'readings')).length).toBe(taken);
  expect((await log.append('readings', ids('later'))).count).toBe(1);
});

test('takes one append that is larger than the queue when nothing else waits', async () => {
  const log = await open(newDir(), { maxPendingBytes: 10 });
  expect((await log.append('readings', ids('a', 'b', 'c'))).count).toBe(3);
});

test('refuses an append that is larger than one may be', async () => {
  const log = await open(newDir(), { maxAppendBytes: 40 });
  await expect(log.append('readings', ids('a', 'b'))).rejects.toMatchObject(code('TOO_LARGE'));
  expect((await log.append('readings', ids('a'))).count).toBe(1);
});

test('closing waits for what was queued', async () => {
  const dir = newDir();
  const log = await open(dir);
  const appending = Promise.all(
    Array.from({ length: 50 }, async (_, n) => log.append('readings', ids(`${n}`))),
  );
  await Promise.all([log.close(), appending]);
  expect((await open(dir)).stat('readings').next).toBe(51);
});

test('measures how long appends take', async () => {
  let clock = 0;
  const log = await open(newDir(), { monotonic: () => (clock += 5) });
  await log.append('readings', ids('a'));
  const { p50, max } = log.counters().appendLatency;
  expect(p50).toBeGreaterThanOrEqual(5);
  expect(max).toBe(p50);
});

test('only as many identities are remembered as the window holds', async () => {
  const log = await open(newDir(), { identities: { readings: 1_000 } });
  const names = Array.from({ length: 3_000 }, (_, n) => `${n}`);
  for (let at = 0; at < names.length; at += 500)
    await log.append('readings', ids(...names.slice(at, at + 500)));
  const again = await log.append('readings', ids('2999', '2001', '5'));
  expect(again.duplicates).toEqual([0, 1]);
});
