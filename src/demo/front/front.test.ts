import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { haproxy } from '../../runner/balancer/haproxy.ts';
import { hasHaproxy } from '../../runner/strategy/front.suite.ts';
import type { Tools } from '../company.ts';
import { choosePorts } from '../ports.ts';
import { openProcesses, type OpenProcesses } from '../processes/processes.ts';
import { type Fronts, startFronts } from './fronts.ts';

const patience = { timeout: 15_000, interval: 50 };

/** An instance of the site: says who it is, and takes as long as it is asked to. */
async function instance(name: string, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const ms = Number(new URL(request.url ?? '/', 'http://site').searchParams.get('ms') ?? 0);
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => setTimeout(() => response.end(`${name}${body}`), ms));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

async function end(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

describe.each(['haproxy', 'built-in'] as const)('the front by %s', (front) => {
  const skip = front === 'haproxy' && !hasHaproxy;
  // The path of a socket must be short: one of them has to be put elsewhere.
  const deep = front === 'haproxy' ? '' : 'deep'.repeat(25);
  const home = mkdtempSync(join(tmpdir(), `demo-front-${deep}`));
  const stop = new AbortController();
  const tools: Tools = { front, encoder: 'javascript', migrations: 'site' };
  let processes: OpenProcesses;
  let fronts: Fronts;
  let ports: Awaited<ReturnType<typeof choosePorts>>;
  const customers = async (path = '/', init: RequestInit = {}): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${ports.site.production.front}${path}`, init);
    return answer.ok ? answer.text() : `${answer.status}`;
  };
  const start = async (): Promise<void> => {
    const env = { PATH: process.env['PATH'] ?? '' };
    const { signal } = stop;
    fronts = await startFronts({
      processes,
      folder: join(home, 'front'),
      ports,
      tools,
      env,
      signal,
    });
  };

  beforeAll(async () => {
    if (skip) return;
    ports = await choosePorts(7070);
    processes = openProcesses({
      home,
      logs: join(home, 'logs'),
      now: Date.now,
      say: () => undefined,
      signal: stop.signal,
    });
    await start();
  });
  afterAll(async () => {
    stop.abort();
    if (!skip) await fronts.keep();
    if (!skip) await processes.stop(2_000);
    rmSync(home, { recursive: true, force: true });
  });

  test.skipIf(skip)('a runner takes servers in and out by the same words', async () => {
    const balancer = haproxy(fronts.sockets.production);
    const named = async (name: string) =>
      (await balancer.servers('site')).find((one) => one.name === name);
    expect((await balancer.servers('site')).map(({ name, admin }) => `${name} ${admin}`)).toEqual([
      'blue1 maint',
      'blue2 maint',
      'green1 maint',
      'green2 maint',
    ]);
    expect(await customers()).toBe('503');
    // Nothing listens there: it is not up before a check has found it so.
    await balancer.set('site', 'blue1', 'drain');
    expect(await named('blue1')).toMatchObject({ admin: 'drain', check: 'down' });
    const [port = 0] = ports.site.production.blue;
    const blue = await instance('blue', port);
    await vi.waitFor(async () => expect((await named('blue1'))?.check).toBe('up'), patience);
    expect(await customers()).toBe('503');
    await balancer.set('site', 'blue1', 'ready');
    expect(await customers()).toBe('blue');
    expect(await customers('/orders', { method: 'POST', body: ' got it' })).toBe('blue got it');
    await expect(balancer.set('site', 'red1', 'ready')).rejects.toThrow(/no server red1/);
    await expect(balancer.servers('shop')).rejects.toThrow(/Can't find backend/);
    await balancer.set('site', 'blue1', 'maint');
    await end(blue);
  });

  test.skipIf(skip)('who is out finishes what it has begun; nobody waits in vain', async () => {
    const balancer = haproxy(fronts.sockets.production);
    const [bluePort = 0] = ports.site.production.blue;
    const [greenPort = 0] = ports.site.production.green;
    const blue = await instance('blue', bluePort);
    const green = await instance('green', greenPort);
    await balancer.set('site', 'blue1', 'ready');
    await balancer.set('site', 'green1', 'maint');
    const slow = customers('/?ms=700');
    const sessions = async () =>
      (await balancer.servers('site')).find(({ name }) => name === 'blue1')?.sessions;
    await vi.waitFor(async () => expect(await sessions()).toBe(1), patience);
    await balancer.set('site', 'green1', 'ready');
    await balancer.set('site', 'blue1', 'drain');
    expect(await customers()).toBe('green');
    expect(await slow).toBe('blue');
    await vi.waitFor(async () => expect(await sessions()).toBe(0), patience);
    await balancer.set('site', 'blue1', 'ready');
    const both = [await customers(), await customers(), await customers(), await customers()];
    expect(both.filter((who) => who === 'blue')).toHaveLength(2);
    // One that dies is tried no more, and the other one answers instead.
    await end(blue);
    const answers = await Promise.all(Array.from({ length: 10 }, async () => customers()));
    expect(new Set(answers)).toEqual(new Set(['green']));
    await end(green);
  });

  test.skipIf(front === 'haproxy')(
    'a connection that was closed while it rested costs nobody an answer',
    async () => {
      const balancer = haproxy(fronts.sockets.production);
      const [port = 0] = ports.site.production.blue;
      const blue = await instance('blue', port);
      // It closes each connection just when the second request comes in on it.
      const asked = new Map<unknown, number>();
      blue.prependListener('request', ({ socket }) => {
        asked.set(socket, (asked.get(socket) ?? 0) + 1);
        if ((asked.get(socket) ?? 0) > 1) socket.destroy();
      });
      await balancer.set('site', 'blue1', 'ready');
      await balancer.set('site', 'green1', 'maint');
      for (const _ of [1, 2, 3, 4]) expect(await customers()).toBe('blue');
      expect([...asked.values()]).toContain(2);
      await end(blue);
    },
  );

  test.skipIf(skip)('how its servers stand is there again after a restart', async () => {
    const balancer = haproxy(fronts.sockets.production);
    await balancer.set('site', 'blue1', 'maint');
    await balancer.set('site', 'green1', 'ready');
    const elsewhere = dirname(fronts.sockets.production);
    expect(elsewhere === join(home, 'front')).toBe(front === 'haproxy');
    await fronts.keep();
    await processes.stop(2_000);
    expect(existsSync(elsewhere)).toBe(front === 'haproxy');
    await start();
    const after = await haproxy(fronts.sockets.production).servers('site');
    expect(after.map(({ name, admin }) => `${name} ${admin}`)).toEqual([
      'blue1 maint',
      'blue2 maint',
      'green1 ready',
      'green2 maint',
    ]);
  });
});
