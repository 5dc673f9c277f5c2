import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamName } from '../../src/event/event.ts';
import { openLmdbLog } from '../../src/log/lmdb/lmdb-log.ts';
import type { Log } from '../../src/log/log.ts';
import type { Orders } from './log-writer-child.ts';

const rounds = 100;
const writers = ['a', 'b', 'c', 'd', 'fact-e', 'fact-f', 'note-g'];
const here = import.meta.dirname;
// Beside the packages, because the built child imports lmdb from there.
const built = join(here, '../../node_modules/.cache', `territory-crash-${process.pid}`);
const root = mkdtempSync(join(tmpdir(), 'territory-crash-'));
const dir = join(root, 'log');

/** Built once: a hundred starts through tsx would take a minute by themselves. */
beforeAll(async () => {
  mkdirSync(built, { recursive: true });
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(here, 'log-writer-child.ts'),
      outDir: built,
      target: 'node20',
      rollupOptions: { external: ['lmdb'], output: { entryFileNames: 'child.mjs' } },
    },
  });
});

afterAll(() => {
  rmSync(built, { recursive: true, force: true });
  rmSync(root, { recursive: true, force: true });
});

test(`nothing acknowledged is lost, doubled or out of order in ${rounds} kills`, async () => {
  const acknowledged = new Map(writers.map((name) => [name, 0]));
  const reader = watcher();
  for (let round = 1; round <= rounds; round++) {
    await oneLife(acknowledged);
    if (round === 1) await reader.begin();
  }
  expect(Math.min(...acknowledged.values())).toBeGreaterThan(rounds / 2);
  const watched = await reader.end();

  const log = await openLmdbLog({ dir, role: 'writer', now: Date.now });
  const found = new Map([
    ...(await numbersOf(log, 'readings')),
    ...(await numbersOf(log, 'facts')),
    ...(await notesOf(log)),
  ]);
  expect([...found.values(), ...watched.values()].flatMap((f) => f.broken ?? [])).toEqual([]);
  const lost = writers.filter((w) => (found.get(w)?.last ?? 0) < (acknowledged.get(w) ?? 0));
  expect(lost).toEqual([]);
  const facts = writers.filter((w) => w.startsWith('fact'));
  expect(facts.map((w) => log.version(w))).toEqual(facts.map((w) => found.get(w)?.offset));
  expect(watched.size).toBe(writers.filter((w) => !/fact|note/.test(w)).length);
  await log.close();
}, 180_000);

/** One life of the writing process: until it is killed at a random moment. */
async function oneLife(acknowledged: Map<string, number>): Promise<void> {
  // What was not acknowledged is sent again: from the first number without an answer.
  const next = Object.fromEntries([...acknowledged].map(([name, last]) => [name, last + 1]));
  const orders: Orders = { dir, next };
  const child = spawn(process.execPath, [join(built, 'child.mjs'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // From the moment it is open; now and then while the next life is still opening.
    if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 150);
    output += text;
  });
  if (acknowledged.get('a') !== 0 && Math.random() < 0.1)
    setTimeout(() => child.kill('SIGKILL'), 40 + Math.random() * 80);
  const [code] = await once(child, 'close');
  expect(complaints, 'the child was to be killed, not to fail').toBe('');
  expect(code).toBeNull();
  for (const line of output.split('\n').slice(0, -1)) {
    const [name = '', number] = line.split(' ');
    if (acknowledged.has(name)) acknowledged.set(name, Number(number));
  }
}

/** What is in the log of one writer. */
interface Found {
  last: number;
  offset: number;
  /** The first number that does not follow the one before it. */
  broken?: string;
}

function take(found: Map<string, Found>, offset: number, line: string): void {
  const id = /^\{"id":"(.+)-(\d+)"/.exec(line);
  const [, name = '', digits] = id ?? [];
  const number = Number(digits);
  const writer = found.get(name) ?? { last: 0, offset: 0 };
  if (number !== writer.last + 1)
    writer.broken ??= `${name}: ${number} at offset ${offset} follows ${writer.last}`;
  writer.last = number;
  writer.offset = offset;
  found.set(name, writer);
}

async function notesOf(log: Log): Promise<Map<string, Found>> {
  const notes = log.notes.list('note');
  return new Map(notes.map(([name, value]) => [name, { last: Number(value), offset: 0 }]));
}

async function numbersOf(log: Log, stream: StreamName): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  let next = 1;
  for await (const batch of log.read(stream, 1)) {
    expect(batch.first).toBe(next);
    next += batch.count;
    const lines = Buffer.from(batch.bytes).toString().split('\n');
    lines.slice(0, -1).forEach((line, n) => take(found, batch.first + n, line));
  }
  expect(next).toBe(log.stat(stream).next);
  return found;
}

/** A reader in this process that outlives every writer and follows them all. */
function watcher() {
  const found = new Map<string, Found>();
  const stop = new AbortController();
  let wanted = Number.POSITIVE_INFINITY;
  let next = 1;
  let log: Log | undefined;
  let reading = Promise.resolve();
  const follow = async (reader: Log): Promise<void> => {
    const options = { follow: true, signal: stop.signal };
    for await (const batch of reader.read('readings', 1, options)) {
      expect(batch.first).toBe(next);
      const lines = Buffer.from(batch.bytes).toString().split('\n');
      lines.slice(0, -1).forEach((line, n) => take(found, batch.first + n, line));
      next += batch.count;
      if (next >= wanted) stop.abort();
    }
  };
  return {
    begin: async (): Promise<void> => {
      log = await openLmdbLog({ dir, role: 'reader', now: Date.now });
      reading = follow(log);
    },
    /** What was seen, once all is read that is known to be durable. */
    end: async (): Promise<Map<string, Found>> => {
      wanted = log?.stat('readings').next ?? 0;
      if (next >= wanted) stop.abort();
      await reading;
      await log?.close();
      return found;
    },
  };
}
