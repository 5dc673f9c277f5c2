import {
  allProcesses,
  hasCookie,
  lives,
  markOf,
  type ProcessStat,
  signalGroup,
  signalOne,
  statOf,
} from '../job/processes.ts';
import type { ProcessMark } from './instance.ts';

/** How long a process may still be seen after KILL, ms: one in a system call may take a while. */
const afterKill = 5_000;
const lookEvery = 25;

/**
 * Every process of an instance: what carries its cookie, also what left the group, and what is in the
 * group of its first process, for a child may have been started with an empty environment.
 */
export function processesOf(cookie: string, mark: ProcessMark | undefined): ProcessStat[] {
  const group = mark && groupOf(mark);
  return allProcesses().filter(
    (p) => p.pid !== process.pid && (p.group === group || hasCookie(p.pid, cookie)),
  );
}

/** The one that was started, if it runs: it leads its group. */
export function leaderOf(cookie: string): ProcessMark | undefined {
  const found = processesOf(cookie, undefined).find((p) => p.pid === p.group);
  return found && markOf(found.pid);
}

/** A group outlives the process that began it; its number may belong to another one only later. */
function groupOf(mark: ProcessMark): number | undefined {
  return lives(mark) || statOf(mark.pid) === undefined ? mark.pid : undefined;
}

/**
 * TERM to the group, and to all that carries the cookie; what is still there after `graceMs` gets
 * KILL. Gives the pids that are there even then.
 */
export async function end(
  cookie: string,
  mark: ProcessMark | undefined,
  graceMs: number,
): Promise<readonly number[]> {
  signalAll(cookie, mark, 'SIGTERM');
  if (await gone(cookie, mark, graceMs)) return [];
  const deadline = performance.now() + afterKill;
  for (;;) {
    // Again and again: a process may have been forked while the others were killed.
    signalAll(cookie, mark, 'SIGKILL');
    await pause(lookEvery);
    const left = processesOf(cookie, mark).map((p) => p.pid);
    if (left.length === 0 || performance.now() > deadline) return left;
  }
}

/** To the group at once, and to each that left it or is in it without the process that began it. */
function signalAll(cookie: string, mark: ProcessMark | undefined, signal: NodeJS.Signals): void {
  const group = mark && lives(mark) ? mark.pid : undefined;
  if (group !== undefined) signalGroup(group, signal);
  for (const p of processesOf(cookie, mark)) if (p.group !== group) signalOne(p, signal);
}

async function gone(cookie: string, mark: ProcessMark | undefined, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  for (;;) {
    // To look at one process is cheap, to look at all is not.
    if (!(mark && lives(mark)) && processesOf(cookie, mark).length === 0) return true;
    if (performance.now() > deadline) return false;
    await pause(lookEvery);
  }
}

const pause = async (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
