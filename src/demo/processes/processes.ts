import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { end, leaderOf } from '../../runner/instance/slot-processes.ts';
import type { CompanyProcess, Processes, ProcessWish } from '../company.ts';
import { Kept } from './kept.ts';
import { cookieOf } from './cookie.ts';
import { putAside } from './logs.ts';

export interface ProcessesOptions {
  /** Folder of their logs, one file for each name. */
  readonly logs: string;
  /** Folder of the company: processes are known for its by it. */
  readonly home: string;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly say: (text: string) => void;
  /** The demo is to end: what is being waited for is given up. */
  readonly signal: AbortSignal;
}

/** The processes of one demo, with those that an earlier one in this folder left. */
export interface OpenProcesses extends Processes {
  /** Ends what a demo that was killed left running; resolves when it is gone. */
  readonly endLeft: () => Promise<void>;
}

/** How long what was left may take to end, ms. */
const leftGrace = 5_000;

/**
 * Keeps the programs that the demo starts itself. Each leads a group of its own, so that Ctrl-C in the
 * terminal reaches the demo alone and programs end in its order; each carries a cookie made of the
 * folder, by which whatever it leaves behind is found in /proc, by this demo or the next.
 */
export function openProcesses(options: ProcessesOptions): OpenProcesses {
  const { home, logs } = options;
  const kept = new Map<string, Kept>();
  const cookie = cookieOf(home);
  const start = async (wish: ProcessWish): Promise<CompanyProcess> => {
    mkdirSync(logs, { recursive: true });
    const before = kept.get(wish.name);
    if (before) await before.stop(leftGrace);
    // What it says now is not mixed up with what it said the last time.
    putAside(join(logs, `${wish.name}.log`));
    const one = new Kept(wish, { ...options, cookie });
    kept.set(wish.name, one);
    await one.start();
    return one;
  };
  return {
    start,
    named: (name) => kept.get(name),
    list: () => [...kept.values()],
    stop: async (graceMs, except = []) => {
      const asked = [...kept.values()].filter(({ name }) => !except.includes(name));
      await Promise.all(asked.map(async (one) => one.stop(graceMs)));
      // What they started and did not end.
      if (except.length === 0) await end(cookie, undefined, graceMs);
    },
    endLeft: async () => {
      if (leaderOf(cookie)) options.say('ending what a demo that was killed left running');
      await end(cookie, undefined, leftGrace);
    },
  };
}
