import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeBatch, type PlacedEvent } from '../../src/event/codec.ts';
import { openLmdbLog } from '../../src/log/lmdb/lmdb-log.ts';
import type { AlertsOrders } from './alerts-child.ts';

const kills = 12;
/** A checkpoint of the rules lies up to so many steps behind what they decided. */
const replayed = 15;
const here = import.meta.dirname;
const built = join(here, '../../node_modules/.cache', `territory-alerts-crash-${process.pid}`);
const root = mkdtempSync(join(tmpdir(), 'territory-alerts-crash-'));
const dir = join(root, 'log');

/** Ids that the webhooks were sent, by path, as often as they came. */
const received: Record<string, string[]> = { '/chat': [], '/scale': [] };
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    received[request.url ?? '']?.push((JSON.parse(body) as { id: string }).id);
    // Some answers take their time, so that a kill falls between a send and its note.
    setTimeout(() => response.end(), Math.random() < 0.2 ? 30 : 0);
  });
});

beforeAll(async () => {
  mkdirSync(built, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(here, 'alerts-child.ts'),
      outDir: built,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});

afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
  rmSync(built, { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
});

test(`in ${kills} kills no decision is made twice, and at most a send is repeated by each`, async () => {
  let last = -1;
  for (let round = 0; round < kills; round++)
    last = Math.max(last, await oneLife(Math.max(0, last + 1 - replayed)));
  await oneLife(undefined);
  expect(last).toBeGreaterThan(kills);

  const facts = await factsOf();
  const ids = facts.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const of = (kind: string) => facts.filter(({ type }) => type.includes(`-${kind}.`));

  // Each alert: opened and resolved in turn, and exactly as the decisions say.
  for (const subject of new Set(of('alert').map((fact) => fact.subject))) {
    const own = of('alert').filter((fact) => fact.subject === subject);
    const kinds = own.map(({ type }) => /alert\.(\w+)/.exec(type)?.[1]);
    expect(kinds).toEqual(kinds.map((_, n) => (n % 2 === 0 ? 'opened' : 'resolved')));
  }
  expect(of('alert').length).toBeGreaterThanOrEqual(last + 1);
  expect(of('alert').length).toBeLessThanOrEqual(last + 3);

  // Every message was queued once, sent, and noted once.
  const queued = of('notification.queued').map((fact) => fact.subject);
  const sent = of('notification.sent').map((fact) => fact.subject);
  expect(new Set(queued).size).toBe(queued.length);
  expect(new Set(sent)).toEqual(new Set(queued));
  expect(sent).toHaveLength(queued.length);
  expect(queued.length).toBeGreaterThan(last);
  const changes = of('notification.queued')
    .map((fact) => JSON.stringify(fact.data))
    .filter((data) => data.includes('"kind":"alerts"'));
  expect(new Set(changes).size).toBe(changes.length);

  // The world saw each at least once, and one more at most for each kill.
  const chat = received['/chat'] ?? [];
  expect(new Set(chat)).toEqual(
    new Set(queued.map((subject) => subject?.replace('notification/', ''))),
  );
  expect(chat.length - queued.length).toBeLessThanOrEqual(kills);
  const orders = of('scale.decided');
  expect(of('scale.done').length).toBeGreaterThan(0);
  const scaled = received['/scale'] ?? [];
  expect(scaled.length - new Set(scaled).size).toBeLessThanOrEqual(kills);
  expect(scaled.filter((id) => !orders.some((order) => order.id === id))).toEqual([]);
}, 180_000);

/** One life; the last step that it said was durable. */
async function oneLife(from: number | undefined): Promise<number> {
  const { port } = receiver.address() as AddressInfo;
  const orders: AlertsOrders = { dir, url: `http://127.0.0.1:${port}`, from };
  const child = spawn(process.execPath, [join(built, 'child.mjs'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '' && from !== undefined)
      setTimeout(() => child.kill('SIGKILL'), 100 + Math.random() * 500);
    output += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  expect(complaints, 'the child was to be killed, not to fail').toBe('');
  expect(code).toBe(from === undefined ? 0 : null);
  const steps = output.split('\n').slice(0, -1).map(Number).filter(Number.isFinite);
  return steps.at(-1) ?? -1;
}

async function factsOf(): Promise<PlacedEvent[]> {
  const log = await openLmdbLog({ dir, role: 'reader', now: Date.now });
  const facts: PlacedEvent[] = [];
  for await (const batch of log.read('facts', 1)) facts.push(...decodeBatch(batch));
  await log.close();
  return facts;
}
