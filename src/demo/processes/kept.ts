import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Backoff } from '../../launch/backoff.ts';
import { cookieName, signalGroup } from '../../runner/job/processes.ts';
import type { CompanyProcess, ProcessWish } from '../company.ts';
import { demoErrors } from '../errors.ts';
import { endOf, keepShort } from './logs.ts';

export interface Keeping {
  readonly logs: string;
  readonly cookie: string;
  readonly say: (text: string) => void;
  /** The demo is to end: nothing is started again. */
  readonly signal: AbortSignal;
}

/** Unless the wish says another one, ms. */
const readyWithin = 30_000;
const healthEvery = 50;
/** Of its log, for the message of one that does not come up. Bytes. */
const tailBytes = 4_000;
/** One that ran for so long begins again with the shortest wait, ms. */
const goodRun = 30_000;

/** One program that is started again when it ends by itself. */
export class Kept implements CompanyProcess {
  readonly name: string;
  readonly #wish: ProcessWish;
  readonly #keeping: Keeping;
  readonly #log: string;
  readonly #backoff: Backoff;
  #child: ChildProcess | undefined;
  #wanted = false;
  #restarts = 0;
  #startedAt = 0;
  /** Why there is no process at all. */
  #failed: string | undefined;

  constructor(wish: ProcessWish, keeping: Keeping) {
    this.name = wish.name;
    this.#wish = wish;
    this.#keeping = keeping;
    this.#log = join(keeping.logs, `${wish.name}.log`);
    const first = wish.restartAfterMs ?? 500;
    this.#backoff = new Backoff(first, Math.max(first, 30_000));
  }

  readonly pid = (): number | undefined => (isRunning(this.#child) ? this.#child.pid : undefined);
  readonly restarts = (): number => this.#restarts;
  readonly said = (): string => this.#failed ?? endOf(this.#log, tailBytes);
  readonly kill = (signal: NodeJS.Signals): void => {
    const pid = this.pid();
    if (pid !== undefined) signalGroup(pid, signal);
  };

  /** Throws TERR_DEMO_START with what it said, when it does not become healthy in time. */
  readonly start = async (): Promise<void> => {
    if (this.#wanted && this.pid() !== undefined) return;
    this.#wanted = true;
    this.#spawn();
    await this.#healthy();
  };

  readonly stop = async (graceMs: number): Promise<void> => {
    this.#wanted = false;
    const child = this.#child;
    const pid = this.pid();
    if (!child || pid === undefined) return;
    const gone = once(child, 'exit');
    signalGroup(pid, 'SIGTERM');
    const late = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    await gone;
    clearTimeout(late);
  };

  #spawn(): void {
    const { command, args, cwd, env } = this.#wish;
    keepShort(this.#log);
    const log = openSync(this.#log, 'a', 0o600);
    const child = spawn(command, args, {
      cwd,
      env: { ...env, [cookieName]: this.#keeping.cookie },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.#child = child;
    this.#startedAt = performance.now();
    child.once('error', (error) => (this.#failed = error.message));
    child.once('exit', (code, signal) => void this.#ended(child, code ?? signal ?? 'error'));
  }

  async #ended(child: ChildProcess, how: number | string): Promise<void> {
    if (this.#child !== child || !this.#wanted || !this.#wish.restart) return;
    const { say, signal } = this.#keeping;
    if (performance.now() - this.#startedAt > goodRun) this.#backoff.reset();
    const wait = this.#backoff.next();
    say(`${this.name} ended (${how}); it is started again in ${wait / 1000} s`);
    await pause(wait, undefined, { signal }).catch(() => undefined);
    // It may have been stopped, or started by hand, meanwhile.
    if (signal.aborted || !this.#wanted || this.#child !== child) return;
    this.#restarts += 1;
    this.#spawn();
  }

  async #healthy(): Promise<void> {
    const { port } = this.#wish;
    const { signal } = this.#keeping;
    const deadline = performance.now() + (this.#wish.readyWithin ?? readyWithin);
    while (port !== undefined && !(await answers(port))) {
      signal.throwIfAborted();
      // What is started again is waited for; what is not has failed.
      const over =
        performance.now() > deadline || (this.pid() === undefined && !this.#wish.restart);
      if (over) throw demoErrors('START', `${this.name} does not come up: ${this.#lastWords()}`);
      await pause(healthEvery, undefined, { signal });
    }
  }

  #lastWords(): string {
    // What Node says of an error is above the places that it came by.
    const told = this.said().trim().split('\n');
    const lines = told.filter((line) => !/^\s+at /.test(line)).slice(-8);
    const text = lines.join('\n').trim();
    return `${text === '' ? 'it said nothing' : text} (${this.#log})`;
  }
}

const isRunning = (child: ChildProcess | undefined): child is ChildProcess =>
  child?.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, {
      signal: AbortSignal.timeout(2_000),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false; // it does not listen yet
  }
}
