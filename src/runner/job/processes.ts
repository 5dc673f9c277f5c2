import { readFileSync, readdirSync } from 'node:fs';
import type { ProcessMark } from '../instance/instance.ts';

/** What /proc/PID/stat says of a process. */
export interface ProcessStat {
  readonly pid: number;
  /** Name of the program as the kernel has it, at most 15 bytes. */
  readonly name: string;
  /** `Z` and `X` are dead and only not yet forgotten. */
  readonly state: string;
  /** Process group; a group has the pid of the process that began it. */
  readonly group: number;
  /** Field 22: clock ticks from boot to its start. */
  readonly startTime: number;
}

/** The variable by which the processes of a job are known, wherever they went. */
export const cookieName = 'TERRITORY_TASK';

/**
 * Reads the text of /proc/PID/stat (proc(5)). The name of the program stands in parentheses and may
 * itself have blanks, parentheses and line feeds in it: what follows the *last* parenthesis is
 * counted. `undefined` for anything else.
 */
export function parseStat(text: string): ProcessStat | undefined {
  const open = text.indexOf(' (');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const pid = Number(text.slice(0, open));
  // From field 3 (the state) on.
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ');
  const group = Number(fields[2]);
  const startTime = Number(fields[19]);
  if (![pid, group, startTime].every(Number.isSafeInteger)) return undefined;
  return { pid, name: text.slice(open + 2, close), state: fields[0] ?? '', group, startTime };
}

/** How a process stands now; `undefined` when it is gone, or dead and waits for its parent. */
export function statOf(pid: number): ProcessStat | undefined {
  const stat = anyStatOf(pid);
  return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : stat;
}

function anyStatOf(pid: number): ProcessStat | undefined {
  const text = readProc(`${pid}/stat`)?.toString('latin1');
  return text === undefined ? undefined : parseStat(text);
}

/** The mark by which a process is known again; a child that has ended already has one until then. */
export function markOf(pid: number): ProcessMark | undefined {
  const stat = anyStatOf(pid);
  return stat === undefined ? undefined : { pid, startTime: stat.startTime, boot: bootId() };
}

/** Whether a marked process still lives. One that got its pid later, or after a boot, is another. */
export function lives(mark: ProcessMark): boolean {
  return mark.boot === bootId() && statOf(mark.pid)?.startTime === mark.startTime;
}

/** Id of this boot of the kernel. */
export function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  return boot;
}
let boot: string | undefined;

/** All living processes that we may see. */
export function allProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = statOf(Number(name));
    return stat === undefined ? [] : [stat];
  });
}

/**
 * Whether the environment with which a process was started has this cookie. Of processes of other
 * users, and of those that have just gone, the answer is no.
 */
export function hasCookie(pid: number, cookie: string): boolean {
  const environment = readProc(`${pid}/environ`);
  if (environment === undefined) return false;
  const entry = `${cookieName}=${cookie}`;
  // Latin-1 on both sides compares bytes.
  const wanted = Buffer.from(entry).toString('latin1');
  return environment.toString('latin1').split('\0').includes(wanted);
}

/** Sends a signal to one process if it is still the same. */
export function signalOne(stat: ProcessStat, signal: NodeJS.Signals): void {
  if (stat.pid <= 1 || statOf(stat.pid)?.startTime !== stat.startTime) return;
  try {
    process.kill(stat.pid, signal);
  } catch {
    // It has just ended, or is not ours.
  }
}

/** Sends a signal to a whole group, at once, so that none of it is forked away meanwhile. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  if (group <= 1) return;
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody of it is left, or it is not ours.
  }
}

/** ENOENT: gone; ESRCH: gone while it was read; EACCES: of another user. All of them say nothing. */
function readProc(name: string): Buffer | undefined {
  try {
    return readFileSync(`/proc/${name}`);
  } catch {
    return undefined;
  }
}
