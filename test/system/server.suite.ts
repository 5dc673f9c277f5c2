import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { builtMain } from './built.suite.ts';
import { type Api, api, until } from './api.suite.ts';

/** How the server ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ms: number;
}

/** A server in a process of its own, as people run it. */
export interface Server extends Api {
  readonly pid: number;
  readonly dir: string;
  /** What it printed for people. */
  readonly printed: () => string;
  /** Its own log: JSON lines. */
  readonly logged: () => string;
  readonly stop: (signal?: NodeJS.Signals) => Promise<Ended>;
}

export interface ServeOptions {
  readonly dir?: string;
  readonly flags?: readonly string[];
  readonly nodeFlags?: readonly string[];
}

const running = new Set<ChildProcess>();
const directories: string[] = [];
// The first hook of a file is its last to run: whatever a test left is gone then.
afterAll(async () => {
  const ends = [...running].map((child) => once(child, 'exit'));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ends);
  for (const dir of directories) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

/** An own directory, removed with the test file's end. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'territory-system-'));
  directories.push(dir);
  return dir;
}

/** Runs `territory` with arguments; its output is collected. */
export function spawnTerritory(
  args: readonly string[],
  { nodeFlags = [], env = {} }: { nodeFlags?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
) {
  const child = spawn(process.execPath, [...nodeFlags, builtMain(), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutOurs(), ...env },
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.out += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.err += part));
  return { child, text };
}

/** Runs `territory` to its end. */
export async function runTerritory(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { child, text } = spawnTerritory(args, { env });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...text };
}

/**
 * Starts `territory serve` on a free port, quiet but for what a test sends, and waits until it takes
 * events; history may still be starting.
 */
export async function serve({ dir = scratch(), flags = [], nodeFlags = [] }: ServeOptions = {}) {
  const args = ['serve', '--data', dir, '--port', '0', ...flags];
  const { child, text } = spawnTerritory(args, { nodeFlags });
  const closed = once(child, 'close');
  const started = performance.now();
  await until(() => /Territory is at (\S+)/.test(text.out) || child.exitCode !== null, 60);
  const url = /Territory is at (\S+)/.exec(text.out)?.[1];
  if (url === undefined)
    throw new Error(`the server ended with ${String(child.exitCode)}: ${text.err}`);
  const token = readFileSync(join(dir, 'admin.token'), 'utf8').trim();
  const server: Server = {
    ...api(url, token),
    pid: child.pid ?? 0,
    dir,
    printed: () => text.out,
    logged: () => text.err,
    stop: async (signal = 'SIGTERM') => {
      const asked = performance.now();
      child.kill(signal);
      await closed;
      return { code: child.exitCode, signal: child.signalCode, ms: performance.now() - asked };
    },
  };
  return { ...server, startMs: performance.now() - started };
}

/** A server for one test, killed at its end. */
export async function serveHere(options: ServeOptions = {}) {
  const server = await serve(options);
  onTestFinished(async () => {
    await server.stop('SIGKILL');
  });
  return server;
}

/** Without the server's own and the machine's readings: counts are a test's alone. */
export const quiet = ['--hostProbe.enabled', 'false', '--introspection.interval', '1h'];

/** The processes that a process has started, by what they run. */
export function childrenOf(pid: number, running_: RegExp): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentOf(one) === pid && running_.test(commandOf(one)));
}

/** Private memory of a process and all that it started, bytes. */
export function anonymousBytes(pid: number): number {
  const own = Number(/RssAnon:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
  return childrenOf(pid, /./).reduce((sum, child) => sum + anonymousBytes(child), own);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function withoutOurs(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('TERRITORY_')),
  );
}
