import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lives, markOf } from '../../runner/job/processes.ts';
import type { ProcessMark } from '../../runner/instance/instance.ts';
import type { ProcessWish } from '../company.ts';
import { type OpenProcesses, openProcesses } from './processes.ts';

const patience = { timeout: 10_000, interval: 20 };

let home: string;
let said: string[];
let stop: AbortController;
let processes: OpenProcesses;
const open = (): OpenProcesses =>
  openProcesses({
    home,
    logs: join(home, 'logs'),
    now: Date.now,
    say: (text) => said.push(text),
    signal: stop.signal,
  });

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'demo-processes-'));
  said = [];
  stop = new AbortController();
  processes = open();
});
afterEach(async () => {
  stop.abort();
  await processes.stop(500);
  await processes.endLeft();
  rmSync(home, { recursive: true, force: true });
});

/** A small program of Node. */
const wish = (text: string, more: Partial<ProcessWish> = {}): ProcessWish => ({
  name: 'small',
  command: process.execPath,
  args: ['-e', text],
  env: { PATH: process.env['PATH'] ?? '' },
  restart: false,
  ...more,
});
const rests = 'setInterval(() => {}, 1000);';
const listens = (port: number): string =>
  `require('node:http').createServer((_, answer) => answer.end('ok')).listen(${port}, '127.0.0.1');`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** The process that runs now. */
function marked(pid: number | undefined): ProcessMark {
  const mark = pid === undefined ? undefined : markOf(pid);
  if (!mark) throw new Error('nothing runs');
  return mark;
}

test('one with a port is there once it is healthy, and again after it was killed', async () => {
  const port = await freePort();
  const slow = `setTimeout(() => { ${listens(port)} }, 300);`;
  const one = await processes.start(wish(slow, { port, restart: true, restartAfterMs: 50 }));
  expect((await fetch(`http://127.0.0.1:${port}/`)).ok).toBe(true);
  const before = one.pid();
  one.kill('SIGKILL');
  await vi.waitFor(async () => {
    expect(one.restarts()).toBe(1);
    expect((await fetch(`http://127.0.0.1:${port}/`)).ok).toBe(true);
  }, patience);
  expect(one.pid()).not.toBe(before);
  expect(said).toEqual(['small ended (SIGKILL); it is started again in 0.05 s']);
});

test('one that does not come up is told with its last words', async () => {
  const port = await freePort();
  const broken = wish("throw new Error('no such feed')", { port });
  await expect(processes.start(broken)).rejects.toThrow(
    /small does not come up: [^]*no such feed[^]*small\.log/,
  );
  const missing = wish('', { command: join(home, 'nowhere'), port });
  await expect(processes.start(missing)).rejects.toThrow(/small does not come up: .*ENOENT/);
  const never = wish(rests, { port, readyWithin: 200 });
  await expect(processes.start(never)).rejects.toThrow(/it said nothing/);
});

test('who does not listen to TERM gets KILL, and what it started ends with it', async () => {
  const file = join(home, 'child');
  const deaf = `
    process.on('SIGTERM', () => {});
    const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(rests)}], { detached: true });
    require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid));
    ${rests}`;
  const one = await processes.start(wish(deaf, { restart: true }));
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), patience);
  const marks = [marked(one.pid()), marked(Number(readFileSync(file, 'utf8')))];
  expect(marks.map(lives)).toEqual([true, true]);
  await processes.stop(300);
  expect(marks.map(lives)).toEqual([false, false]);
  expect(one.pid()).toBeUndefined();
});

test('some may stay for the end; one that was stopped can be started again', async () => {
  const first = await processes.start(wish(rests, { name: 'first' }));
  const last = await processes.start(wish(rests, { name: 'last' }));
  await processes.stop(1_000, ['last']);
  expect([first.pid() === undefined, last.pid() === undefined]).toEqual([true, false]);
  await first.start();
  expect(first.pid()).toBeDefined();
  expect(processes.list().map(({ name }) => name)).toEqual(['first', 'last']);
  expect(processes.named('last')).toBe(last);
});

test('what one that was killed left running is found by the next, and nothing else', async () => {
  const first = await processes.start(wish(`console.log('up'); ${rests}`));
  // Until a program has begun, the kernel does not show its environment, by which it is found.
  await vi.waitFor(() => expect(first.said()).toBe('up\n'), patience);
  const left = marked(first.pid());
  const elsewhere = openProcesses({
    home: join(home, 'other'),
    logs: join(home, 'other'),
    now: Date.now,
    say: () => undefined,
    signal: stop.signal,
  });
  const other = marked((await elsewhere.start(wish(rests))).pid());
  const next = open();
  await next.endLeft();
  expect([lives(left), lives(other)]).toEqual([false, true]);
  expect(said).toEqual(['ending what a demo that was killed left running']);
  await next.endLeft();
  expect(said).toHaveLength(1);
  await elsewhere.stop(1_000);
});

test('the log of a start begins empty, and that of the one before is aside', async () => {
  const log = join(home, 'logs/small.log');
  const one = await processes.start(wish(`console.log('one'); ${rests}`));
  await vi.waitFor(() => expect(one.said()).toBe('one\n'), patience);
  await processes.start(wish(`console.log('two'); ${rests}`));
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toBe('two\n'), patience);
  expect(readFileSync(`${log}.1`, 'utf8')).toBe('one\n');
  // One that is started again by itself goes on in its log, unless that grew long.
  writeFileSync(log, 'x'.repeat(9 * 1024 * 1024));
  await processes.named('small')?.stop(1_000);
  await processes.named('small')?.start();
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toBe('two\n'), patience);
});
