import { appendFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Value } from 'typebox/value';
import { Evidence } from '../../rooms/where/evidence/evidence.ts';
import { haproxy } from '../balancer/haproxy.ts';
import { freePorts, hasHaproxy, startFront } from '../strategy/front.suite.ts';
import { machineCollector } from './collector.ts';
import { DiskLooker } from './disk.ts';
import { driftOf, seeSchemas } from './schema.ts';
import { Yard } from './yard.suite.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end(); // oxlint-disable-line no-await-in-loop -- in this order
});

function yard(): Yard {
  const made = new Yard();
  ends.push(() => made.stop());
  return made;
}

const collector = () => machineCollector(Date.now);

test('an instance that runs as it should: who it is, from where, and by which bytes', async () => {
  const one = yard();
  one.build('v1');
  const [port = 0] = await freePorts(1);
  const { process: mark } = await one.start('1', 'v1', port);
  const { collect } = collector();
  const seen = await collect(one.ground());
  expect(Value.Check(Evidence, JSON.parse(JSON.stringify(seen)))).toBe(true);
  expect(seen).toMatchObject({
    self: { found: [{ slot: '1', port, version: 'v1', error: null }] },
    os: {
      found: [
        {
          port,
          slot: '1',
          pid: mark?.pid,
          version: 'v1',
          cwd: one.filesOf('v1'),
          gone: false,
          ours: true,
        },
      ],
    },
    disk: { found: [{ version: 'v1', changed: [], missing: [], added: [], left: 0 }] },
    config: { found: [{ slot: '1', running: 'sha256:none' }] },
    front: { found: null, why: 'no front is configured' },
    balancer: { found: null, why: 'no balancer is configured' },
    schema: { found: null, why: 'no database is configured' },
  });
  expect(Math.abs((seen.os.found?.[0]?.started ?? 0) - Date.now())).toBeLessThan(60_000);
});

test('the old one started by hand in the place of the new: its version, and that it is not ours', async () => {
  const one = yard();
  one.build('v1');
  one.build('v2');
  const [port = 0] = await freePorts(1);
  await one.start('1', 'v2', port);
  const { collect } = collector();
  await collect(one.ground());
  await one.kill('1');
  expect(await collect(one.ground())).toMatchObject({
    self: { found: [{ version: null, error: 'nobody listens' }] },
    os: { found: [{ port, pid: null, listening: false, wanted: 'up' }] },
  });
  await one.startByHand('v1', port);
  expect(await collect(one.ground())).toMatchObject({
    self: { found: [{ slot: '1', version: 'v1' }] },
    os: { found: [{ slot: '1', version: 'v1', ours: false }] },
  });
});

test('a folder that is renamed and one that is removed while the process serves on', async () => {
  const one = yard();
  const release = one.build('v1');
  const [port = 0] = await freePorts(1);
  await one.start('1', 'v1', port);
  const { collect } = collector();
  await collect(one.ground());
  const place = one.placeOf('v1');
  renameSync(place, `${place}-moved`);
  expect(await collect(one.ground())).toMatchObject({
    self: { found: [{ version: 'v1' }] },
    os: { found: [{ version: 'v1', cwd: `${place}-moved/files`, gone: true, ours: true }] },
    disk: { found: [{ gone: true }] },
  });
  rmSync(`${place}-moved`, { recursive: true });
  const seen = await collect(one.ground());
  expect(seen).toMatchObject({
    self: { found: [{ version: 'v1' }] },
    os: { found: [{ version: 'v1', gone: true, ours: true }] },
    disk: { found: [{ version: release.version, gone: true }] },
  });
});

test('a stranger on the port, and somebody who has no version', async () => {
  const one = yard();
  one.build('v1');
  const [port = 0] = await freePorts(1);
  await one.start('1', 'v1', port);
  await one.kill('1');
  const server = createServer((_, answer) => answer.end('<html>'.repeat(20_000)));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  expect(await collector().collect(one.ground())).toMatchObject({
    self: { found: [{ version: null, error: 'its answer names no version' }] },
    os: { found: [{ pid: process.pid, version: null, ours: false, wanted: 'up' }] },
  });
});

test('each channel fails alone: what can not be looked at is null with a reason', async () => {
  const one = yard();
  one.build('v1', {
    migrations: [
      {
        db: 'orders',
        id: '0001',
        phase: 'expand',
        sha256: 'a'.repeat(64),
        down: false,
        destructive: [],
      },
    ],
  });
  const [port = 0] = await freePorts(1);
  await one.start('1', 'v1', port);
  const ground = one.ground({
    front: 'http://127.0.0.1:1/shop',
    databases: { orders: { applied: () => Promise.reject(new Error('no route to the database')) } },
    config: () => Promise.reject(new Error('values.yaml is broken')),
    balancer: {
      servers: () => Promise.reject(new Error('the socket is gone')),
      set: () => Promise.resolve(),
      address: () => Promise.resolve(),
    },
  });
  expect(await collector().collect(ground)).toMatchObject({
    self: { found: [{ version: 'v1' }] },
    os: { found: [{ version: 'v1' }] },
    front: { found: null, why: 'of 20 requests none told a version: nobody listens' },
    schema: { found: null, why: 'no route to the database' },
    config: { found: null, why: 'values.yaml is broken' },
    balancer: { found: null, why: 'the socket is gone' },
  });
});

test('a key that got another value since: its name is told, never a value', async () => {
  const one = yard();
  one.build('v1');
  const [port = 0] = await freePorts(1);
  await one.start('1', 'v1', port, { PAGE_SIZE: '20', PAYMENT_KEY: 'old-secret' });
  const seen = await collector().collect(
    one.ground({
      config: () =>
        Promise.resolve({
          env: { PAGE_SIZE: '20', PAYMENT_KEY: 'new-secret', PORT: '1' },
          digest: 'sha256:now',
        }),
    }),
  );
  expect(seen.config).toMatchObject({
    found: [{ slot: '1', running: null, expected: 'sha256:now', differ: ['PAYMENT_KEY'] }],
  });
  expect(JSON.stringify(seen)).not.toMatch(/secret/);
});

test.skipIf(!hasHaproxy)(
  'behind HAProxy: what customers get, and where the balancer sends them',
  async () => {
    const one = yard();
    one.build('v1');
    one.build('v2');
    const [a = 0, b = 0] = await freePorts(2);
    await one.start('blue-1', 'v1', a);
    await one.start('green-1', 'v2', b);
    const front = await startFront({
      shop: { servers: { blue: a, green: b }, ready: ['blue', 'green'] },
    });
    ends.push(() => front.stop());
    const balancer = haproxy(front.socket);
    const { collect } = collector();
    const ground = () => one.ground({ front: front.url('shop'), balancer });
    await expect
      .poll(async () => (await collect(ground())).front, { timeout: 20_000 })
      .toMatchObject({ found: { shares: { v1: 0.5, v2: 0.5 }, samples: 20, errors: 0 } });
    await balancer.set('shop', 'blue', 'maint');
    const seen = await collect(ground());
    expect(seen.front).toMatchObject({ found: { shares: { v2: 1 } } });
    expect(seen.balancer.found).toMatchObject([
      { server: 'blue', port: a, admin: 'maint', version: 'v1' },
      { server: 'green', port: b, admin: 'ready', check: 'up', version: 'v2' },
    ]);
  },
);

describe('the files', () => {
  const signal = AbortSignal.timeout(60_000);

  test('what is edited, removed and added is told, and a second look reads nothing again', async () => {
    const one = yard();
    const release = one.build('v1');
    const folder = one.filesOf('v1');
    const looker = new DiskLooker();
    expect(await looker.look(folder, release, signal)).toMatchObject({
      changed: [],
      missing: [],
      added: [],
      gone: false,
    });
    const { hashed } = looker;
    expect(hashed).toBeGreaterThan(0);
    await looker.look(folder, release, signal);
    expect(looker.hashed).toBe(hashed);
    appendFileSync(join(folder, 'server.mjs'), '// a quick fix\n');
    rmSync(join(folder, 'config', 'page.txt'));
    writeFileSync(join(folder, 'config', 'extra.txt'), '');
    expect(await looker.look(folder, release, signal)).toMatchObject({
      changed: ['server.mjs'],
      missing: ['config/page.txt'],
      added: ['config/extra.txt'],
    });
  });

  test('an edit that keeps size and modification time is found all the same', async () => {
    const one = yard();
    const release = one.build('v1');
    const file = join(one.filesOf('v1'), 'config', 'page.txt');
    const looker = new DiskLooker();
    await looker.look(one.filesOf('v1'), release, signal);
    const { atime, mtime } = statSync(file);
    writeFileSync(file, 'pagE of v1\n');
    utimesSync(file, atime, mtime);
    expect(await looker.look(one.filesOf('v1'), release, signal)).toMatchObject({
      changed: ['config/page.txt'],
    });
  });

  test('what does not fit into one look is come to by the next', async () => {
    const one = yard();
    const release = one.build('v1');
    appendFileSync(join(one.filesOf('v1'), 'server.mjs'), ' ');
    const looker = new DiskLooker({ files: 1 });
    const first = await looker.look(one.filesOf('v1'), release, signal);
    expect(first.left).toBe(release.files.length - 1);
    for (let i = 1; i < release.files.length; i++)
      await looker.look(one.filesOf('v1'), release, signal); // oxlint-disable-line no-await-in-loop -- one look after the other
    expect(await looker.look(one.filesOf('v1'), release, signal)).toMatchObject({
      changed: ['server.mjs'],
    });
  });
});

test('the schema: by hand, changed, not applied; what a later release brought stays and is none', () => {
  const of = (id: string, sha256 = id) => ({
    db: 'orders',
    id,
    phase: 'expand' as const,
    sha256,
    down: true,
    destructive: [],
  });
  const applied = (id: string, sha256 = id) => ({
    id,
    sha256,
    at: 0,
    version: 'v1',
    phase: 'expand' as const,
  });
  const words = (...parts: Parameters<typeof driftOf>) =>
    driftOf(...parts).map(({ kind, id }) => `${kind} ${id}`);
  const v1 = { version: 'v1', migrations: [of('0001'), of('0003')] };
  expect(words([applied('0001'), applied('0003')], [v1])).toEqual([]);
  expect(words([applied('0001'), applied('0003'), applied('0004')], [v1])).toEqual([]);
  expect(words([applied('0001', 'x'), applied('0002')], [v1])).toEqual([
    'changed 0001',
    'unknown 0002',
    'missing 0003',
  ]);
});

test('the schema: contract migrations that were run are told, whoever brought them', async () => {
  const applied = (id: string, phase: 'expand' | 'contract') => ({
    id,
    sha256: id,
    at: 0,
    version: 'v1',
    phase,
  });
  const many = Array.from({ length: 60 }, (_, n) => applied(`0${100 + n}`, 'contract'));
  const see = async (all: readonly ReturnType<typeof applied>[]) => {
    const migration = { id: '0001', phase: 'expand' as const, sha256: '0001', down: true };
    const release = {
      version: 'v2',
      migrations: [{ db: 'orders', ...migration, destructive: [] }],
    };
    const database = { applied: () => Promise.resolve(all) };
    const [seen] = await seeSchemas([release], { orders: database }, AbortSignal.timeout(1_000));
    return seen?.contracts;
  };
  expect(await see([applied('0003', 'contract'), applied('0001', 'expand')])).toEqual(['0003']);
  expect(await see([applied('0001', 'expand')])).toEqual([]);
  expect(await see(many.toReversed())).toEqual(many.slice(-50).map(({ id }) => id));
});
