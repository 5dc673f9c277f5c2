import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
    server.once('error', reject);
  });
}

/** Tries until it answers, at most `seconds`. */
export async function until(ready: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (await ready().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not ready after ${seconds} s`);
}

/** A process under test, with its own empty directory. */
export interface Running {
  readonly port: number;
  readonly dir: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export interface Program {
  readonly command: string;
  readonly args: (port: number, dir: string) => readonly string[];
  readonly ready: (port: number) => Promise<boolean>;
}

/** Starts a program on a free port and waits until it is ready; stopped by SIGTERM, then SIGKILL. */
export async function start(program: Program, dir?: string): Promise<Running> {
  const port = await freePort();
  const own = dir ?? mkdtempSync(join(tmpdir(), 'territory-bench-'));
  const child = spawn(program.command, program.args(port, own), { stdio: 'ignore' });
  await until(() => program.ready(port));
  return {
    port,
    dir: own,
    pid: child.pid ?? 0,
    stop: async () => {
      await ended(child);
      if (!dir) rmSync(own, { recursive: true, force: true });
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const kill = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.once('exit', () => {
      clearTimeout(kill);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/** Territory as it is served, from the built checkout. */
export const territory: Program = {
  command: process.execPath,
  args: (port, dir) => [
    new URL('../../bin/territory', import.meta.url).pathname,
    ...['serve', '--data', dir, '--port', String(port)],
  ],
  ready: async (port) => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
};

export const adminToken = (dir: string): string =>
  readFileSync(join(dir, 'admin.token'), 'utf8').trim();

/** Asks Territory's API. */
export async function ask<T>(server: Running, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    headers: {
      authorization: `Bearer ${adminToken(server.dir)}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

const processTable = (): { readonly pid: number; readonly parent: number }[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(name), parent }];
      } catch {
        return [];
      }
    });

/** How long the processors were busy, whoever with: seconds since the machine started. */
export function busySeconds(): number {
  const [, user, nice, system, , , irq, softirq] = (
    readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? ''
  )
    .split(/\s+/)
    .map(Number);
  return [user, nice, system, irq, softirq].reduce<number>((sum, n) => sum + (n ?? 0), 0) / 100;
}

/** Anonymous memory and CPU of a process and all it started: bytes, and seconds since their start. */
export function usage(root: number): {
  readonly anonymousBytes: number;
  readonly cpuSeconds: number;
} {
  const table = processTable();
  const family = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, parent } of table)
      if (family.has(parent) && !family.has(pid)) {
        family.add(pid);
        grown = true;
      }
  }
  let anonymousBytes = 0;
  let cpuSeconds = 0;
  for (const pid of family) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      anonymousBytes += Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      cpuSeconds += (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      // It ended in between.
    }
  }
  return { anonymousBytes, cpuSeconds };
}
