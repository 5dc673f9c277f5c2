import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { endDeployed } from '../../src/demo/runner-process.ts';
import { placesOf } from '../../src/demo/places.ts';
import { openProcesses } from '../../src/demo/processes/processes.ts';
import type { Demo } from '../../src/server/api/contract-demo.ts';
import { type Api, until } from './api.suite.ts';
import { DemoCompany, pathWithout, patience, versionsOf } from './demo-company.suite.ts';
import { processesOf } from './demo-processes.suite.ts';
import { runTerritory, scratch } from './server.suite.ts';

// Several starts of fifteen processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 4 * patience * 1000 });

const homes: string[] = [];
afterAll(async () => Promise.all(homes.map(async (home) => endAll(home))), 60_000);

function newHome(): string {
  const home = join(scratch(), 'news');
  homes.push(home);
  return home;
}

/** Ends what a failed test left. */
async function endAll(home: string): Promise<void> {
  const places = placesOf(home, '');
  const own = { home, logs: places.logs, now: Date.now, say: () => undefined };
  await openProcesses({ ...own, signal: AbortSignal.abort() }).endLeft();
  await endDeployed(places);
}

/** How many events match so far. */
const count = async ({ series }: Api, where: string): Promise<number> =>
  (await series({ where, aggregate: 'count', last: '1h' })).total ?? 0;

/** Visitors are answered, and what the feeds gave has come out. */
async function lively(server: Api): Promise<void> {
  const signs = [
    'name = "http.server.request.duration" and service = "site" and environment = "production"',
    'type = "item.published"',
  ];
  for (const sign of signs)
    await until(async () => (await count(server, sign)) > 0, patience, `an event with ${sign}`);
}

/** What the pipeline has of items: each that came in is somewhere. */
interface Conservation {
  readonly imported: number;
  readonly lost: number;
  readonly twice: number;
}
async function conservation({ ports }: DemoCompany): Promise<Conservation> {
  const answer = await fetch(`http://127.0.0.1:${ports.queue}/conservation`);
  return (await answer.json()) as Conservation;
}

const begun = 'type =~ "dev.cdevents.service.deployed%" and service = "site"';

test('it lives, is there once, ends all it started, and goes on where it was', async () => {
  const home = newHome();
  const first = new DemoCompany(home, ['--port', `${await freePort()}`, '--seed', '3']);
  const server = await first.ready();
  await lively(server);
  await until(async () => (await count(server, begun)) >= 3, patience, 'the site is everywhere');
  const versions = await versionsOf(server);
  const { ports } = first;
  const before = await conservation(first);
  expect(before.imported).toBeGreaterThan(0);

  // The same folder cannot be lived in twice; that does no harm to who lives there.
  const second = await runTerritory(['demo', '--data', home, '--no-open']);
  expect(second).toMatchObject({ code: 6, out: '' });
  expect(second.err).toContain('a demo runs in');
  expect((await server.health()).ok).toBe(true);
  await conservation(first);

  expect(await first.end('SIGINT')).toBe(0);
  expect(processesOf(home)).toEqual([]);

  const again = new DemoCompany(home);
  const same = await again.ready();
  expect(again).toMatchObject({ seed: 3, ports });
  // Whatever was released in the meantime came later: nothing is forgotten, nothing begins anew.
  const now = await versionsOf(same);
  expect(Object.keys(now)).toEqual(expect.arrayContaining(Object.keys(versions)));
  expect(await count(same, begun)).toBeGreaterThanOrEqual(3);
  const after = await conservation(again);
  expect(after.imported).toBeGreaterThanOrEqual(before.imported);
  expect(after).toMatchObject({ lost: 0, twice: 0 });
  await lively(same);

  // Killed, it can end nothing itself: the next start finds what was left.
  await again.end('SIGKILL');
  expect(processesOf(home).length).toBeGreaterThan(0);
  const left = processesOf(home).map(({ pid }) => pid);
  const third = new DemoCompany(home);
  await third.ready();
  const running = processesOf(home);
  expect(running.filter(({ pid }) => left.includes(pid))).toEqual([]);
  expect(await third.end('SIGTERM')).toBe(0);
  expect(processesOf(home)).toEqual([]);
});

test('what cannot be is refused before anything is started or removed', async () => {
  const home = newHome();
  mkdirSync(home);
  const notes = join(home, 'notes.txt');
  writeFileSync(notes, 'mine');
  const demo = async (...flags: readonly string[]) =>
    runTerritory(['demo', '--data', home, '--no-open', ...flags]);
  const foreign = await demo('--reset');
  expect(foreign).toMatchObject({ code: 6, out: '' });
  expect(foreign.err).toContain('has files that are not the demo');
  expect(readFileSync(notes, 'utf8')).toBe('mine');
  rmSync(notes);

  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const refused = await demo('--port', `${port}`);
  taken.close();
  expect(refused).toMatchObject({ code: 6, out: '' });
  expect(refused.err).toContain(`port ${port} (territory) is taken: give another one by --port`);
  expect(processesOf(home)).toEqual([]);
});

test('cut off while it starts it ends; --reset begins anew, with what the machine has', async () => {
  const home = newHome();
  const cut = new DemoCompany(home, ['--port', `${await freePort()}`, '--seed', '3']);
  await until(() => processesOf(home).length > 3, patience, 'something of it runs');
  expect(await cut.end('SIGINT')).toBe(0);
  expect(processesOf(home)).toEqual([]);
  const other = await runTerritory(['demo', '--data', home, '--no-open', '--seed', '4']);
  expect(other).toMatchObject({ code: 6, out: '' });
  expect(other.err).toContain('was begun with --seed 3');

  const old = join(home, 'company/production/of-the-old-one');
  writeFileSync(old, '');
  const flags = ['--port', `${await freePort()}`, '--seed', '4', '--reset'];
  const company = new DemoCompany(home, flags, {
    PATH: pathWithout('haproxy', 'ffmpeg', 'sqlite3'),
  });
  const server = await company.ready();
  expect(company.seed).toBe(4);
  expect(existsSync(old)).toBe(false);
  await lively(server);
  const found = async (): Promise<readonly string[]> =>
    (await server.request<Demo>('/api/v1/demo')).json.tools.map((tool) => tool.found);
  await until(async () => (await found()).length === 3, patience, 'the console says what is used');
  for (const program of ['HAProxy', 'ffmpeg', 'sqlite3'])
    expect((await found()).join('; ')).not.toContain(program);
  const names = processesOf(home).map(({ command }) => command);
  expect(names.filter((name) => /haproxy|ffmpeg|sqlite3/.test(name))).toEqual([]);
  expect(names.filter((name) => name.includes('front/built-in'))).toHaveLength(3);
  expect(await company.end('SIGINT')).toBe(0);
  expect(processesOf(home)).toEqual([]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
