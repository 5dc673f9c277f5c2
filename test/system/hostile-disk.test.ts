import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore, textKey } from '../../src/log/lmdb/store.ts';
import { until } from './api.suite.ts';
import { neighbour } from './neighbour.suite.ts';
import { quiet, runTerritory, scratch, serve, serveHere } from './server.suite.ts';

const root = process.getuid?.() === 0;

/** A file system of its own, so that it can be filled. */
function smallDisk(megabytes: number): string {
  const dir = scratch();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]);
  onTestFinished(() => void execFileSync('umount', ['-l', dir]));
  return dir;
}

/** Leaves so many bytes free. */
function fillDisk(dir: string, free: number): string {
  const path = join(dir, 'ballast');
  const { bavail, bsize } = statfsSync(dir);
  writeFileSync(path, Buffer.alloc(bavail * bsize - free));
  return path;
}

describe.skipIf(!root)('a full disk (a small tmpfs: mounting needs root)', () => {
  test('events are refused with 503 and the reason, none is lost, and it goes on by itself', async () => {
    const dir = smallDisk(160);
    const limits = ['--log.reserve', '20MB', '--log.minFree', '1MB'];
    const server = await serveHere({ dir, flags: [...quiet, ...limits] });
    const tail = await server.tail('?where=type="filling"');
    const acknowledged: string[] = [];
    const send = async (id: string) => {
      const answer = await server.send({ id, type: 'filling', source: '/disk' });
      if (answer.status === 200) acknowledged.push(id);
      return answer;
    };
    await send('before');
    await server.caughtUp();

    const ballast = fillDisk(dir, 10_000_000);
    let refused = await send('0');
    for (let n = 1; refused.status === 200 && n < 500; n++) refused = await send(String(n));
    expect([refused.status, refused.json.code]).toEqual([503, 'TERR_LOG_FULL']);
    expect(refused.json.detail).toMatch(/MB are free at .*log and 20.0 MB are kept in reserve/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await server.hits('log.reserve')).toBeGreaterThan(0);
    expect(
      await server.metric('territory_intake_refused_total', { reason: 'TERR_LOG_FULL' }),
    ).toBeGreaterThan(0);
    // What needs no room goes on.
    expect((await server.series({ aggregate: 'count', last: '1h' })).total).toBeGreaterThan(0);
    // Who watches from outside learns that events are refused, and when they no longer are.
    expect((await server.request('/healthz')).status).toBe(503);

    rmSync(ballast);
    await until(async () => (await send('after')).status === 200, 20, 'the log took events again');
    expect((await server.request('/healthz')).status).toBe(200);
    await server.caughtUp();
    const kept = await server.events({ where: 'type = "filling"', last: '1h' });
    expect(kept.map(({ id }) => id)).toEqual(acknowledged);
    await until(() => tail.seen.length === acknowledged.length, 10, 'the tail had all');
    expect(tail.seen.map(({ event }) => event.id)).toEqual(acknowledged);
  }, 60_000);

  test('not one byte left: the process lives, says so, and loses nothing', async () => {
    const dir = smallDisk(160);
    const limits = ['--log.reserve', '0', '--log.minFree', '0'];
    const server = await serveHere({ dir, flags: [...quiet, ...limits] });
    const acknowledged = new Set<string>();
    const batch = (round: number) =>
      Array.from({ length: 100 }, (_, n) => ({
        id: `${round}-${n}`,
        type: 'filling',
        source: '/disk',
        data: `${n} ${'x'.repeat(2_000)}`,
      }));
    const send = async (round: number) => {
      const answer = await server.send(batch(round));
      if (answer.status === 200) for (const { id } of batch(round)) acknowledged.add(id);
      return answer;
    };
    await send(0);
    await server.caughtUp();
    const ballast = fillDisk(dir, 0);
    let round = 1;
    let answer = await send(round);
    while (answer.status === 200 && round < 200) answer = await send(++round);
    expect([answer.status, answer.json.code]).toEqual([503, 'TERR_LOG_FULL']);

    rmSync(ballast);
    await until(async () => (await send(round)).status === 200, 20, 'the log took events again');
    await server.caughtUp(30);
    const kept = await server.events({ where: 'type = "filling"', last: '1h' });
    expect(kept.length).toBe(acknowledged.size);
    expect(new Set(kept.map(({ id }) => id))).toEqual(acknowledged);
    expect((await server.stop()).code).toBe(0);
  }, 60_000);
});

test('a log of a newer version is refused by name and left as it is', async () => {
  const dir = scratch();
  const server = await serve({ dir, flags: quiet });
  await server.send({ type: 'a' });
  await server.stop();
  const log = { dir: join(dir, 'log'), compression: 'lz4', mapBytes: 2 ** 30 } as const;
  const store = openStore({ ...log, readOnly: false });
  await store.meta.put(textKey('format'), Buffer.from('99'));
  await store.env.flushed;
  await store.env.close();

  const refused = await runTerritory(['serve', '--data', dir, '--port', '0', ...quiet]);
  expect(refused.code).toBe(6);
  expect(refused.err).toContain('TERR_LOG_VERSION');
  expect(refused.err).toMatch(/log has format 99, this Territory knows formats up to 1/);
  expect(refused.out).toBe('');
}, 30_000);

test('accounts of a newer version are refused by name and left as they are', async () => {
  const dir = scratch();
  await (await serve({ dir, flags: quiet })).stop();
  const path = join(dir, 'accounts.json');
  const newer = readFileSync(path, 'utf8').replace(/"version": ?1/, '"version":2');
  writeFileSync(path, newer);

  const refused = await runTerritory(['serve', '--data', dir, '--port', '0', ...quiet]);
  expect(refused.code).toBe(6);
  expect(refused.err).toContain('TERR_ACCOUNTS_FILE');
  expect(refused.err).toContain('newer version');
  expect(readFileSync(path, 'utf8')).toBe(newer);
}, 30_000);

test('the second server on a directory is refused by the process that has it; the first goes on', async () => {
  const first = await serveHere({ flags: quiet });
  const beside = await neighbour(first);
  const second = await runTerritory(['serve', '--data', first.dir, '--port', '0', ...quiet]);
  expect(second.code).toBe(6);
  expect(second.err).toContain('TERR_LOG_LOCKED');
  expect(second.err).toContain(`Process ${first.pid} `);
  expect(await beside.troubles()).toEqual([]);
  await first.stop('SIGKILL');
  const third = await serveHere({ dir: first.dir, flags: quiet });
  expect((await third.send({ type: 'a' })).status).toBe(200);
}, 30_000);

test('a data directory that cannot be made is refused by name', async () => {
  const refused = await runTerritory(['serve', '--data', '/proc/territory', '--port', '0']);
  expect(refused.code).toBe(6);
  expect(refused.err).toMatch(/\/proc\/territory cannot be made[\s\S]*TERR_START_DATA/);
}, 30_000);

test('a port that is taken: the second server says so and leaves its directory usable', async () => {
  const first = await serveHere({ flags: quiet });
  const { port } = new URL(first.url);
  const dir = scratch();
  const second = await runTerritory(['serve', '--data', dir, '--port', port, ...quiet]);
  expect(second.code).toBe(6);
  expect(second.err).toMatch(/something else listens there[\s\S]*TERR_START_LISTEN/);
  const again = await serveHere({ dir, flags: quiet });
  expect((await again.send({ type: 'a' })).status).toBe(200);
}, 30_000);
