import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ownModule } from '../../launch/own-module.ts';
import { historyError } from '../errors.ts';
import type { ChildStart, FromChild, ToChild } from './protocol.ts';

/** One life of the child process, from its fork to its exit. */
export interface ChildLink {
  readonly send: (message: ToChild) => void;
  /** Resolves once the engine is open; rejects with TERR_HISTORY_START when it can't be. */
  readonly ready: Promise<void>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  readonly kill: () => void;
  /** Private memory in bytes, undefined where /proc is not there. */
  readonly memory: () => number | undefined;
}

export interface ChildEvents {
  readonly onAnswer: (answer: Extract<FromChild, { kind: 'done' | 'failed' }>) => void;
}

/** Forks the child and opens the engine in it. */
export function startChild(start: ChildStart, { onAnswer }: ChildEvents): ChildLink {
  const module = ownModule(import.meta.url, './child.ts');
  const child = fork(fileURLToPath(module.url), [JSON.stringify(start)], {
    execArgv: [...module.execArgv, '--max-old-space-size=256'],
    serialization: 'advanced',
    // Every connection blocks a thread of libuv's pool while it runs a statement.
    env: { ...process.env, UV_THREADPOOL_SIZE: String(start.readers + 4) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // `error` without a pid: it could not be forked at all, so there will be no exit.
    child.once('error', () => {
      if (child.pid === undefined) resolve();
    });
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message: FromChild) => {
      if (message.kind === 'ready') resolve();
      else if (message.kind === 'broken') reject(startError(start.dir, message));
      else onAnswer(message);
    });
    void gone.then(() =>
      reject(historyError('START', 'The process of the history engine ended while it started.')),
    );
  });
  // Who only waits for `gone` must not see an unhandled rejection.
  ready.catch(() => undefined);
  return {
    ready,
    gone,
    // A message to a child that has just died is lost with it; `gone` tells.
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    kill: () => void child.kill('SIGKILL'),
    memory: () => anonymousMemory(child),
  };
}

function startError(dir: string, { code, message }: Extract<FromChild, { kind: 'broken' }>) {
  return historyError(
    'START',
    `The history engine could not open ${dir}: ${message}. Is another server running on this directory, is there room on the disk, and may this user write there?`,
    { cause: { code } },
  );
}

function anonymousMemory(child: ChildProcess): number | undefined {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    const kib = /^RssAnon:\s+(\d+) kB/m.exec(status)?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}
