import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { runnerErrors } from '../errors.ts';
import type { ProcessMark } from '../instance/instance.ts';
import { type Stop, stops } from './job.ts';

/** The files of a job's folder; docs/reference/runner-jobs.md describes each. */
export type JobFile =
  | 'order.json'
  | 'log'
  | 'pid'
  | 'child'
  | 'cancel'
  | 'stopped'
  | 'rc'
  | 'trouble';

/** `order.json`: what is to be done, without a value that could be secret. */
export interface WrittenOrder {
  readonly format: 'territory.job/1';
  readonly id: string;
  /** The cookie: value of TERRITORY_TASK, of this job alone. */
  readonly task: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Names of the variables of its environment. Their values are nowhere on disk. */
  readonly env: readonly string[];
  /** ms, ms and bytes. */
  readonly limits: { readonly total: number; readonly silence: number; readonly log: number };
  /** ms since the epoch. */
  readonly at: number;
}

/** What the minder is told through its standard input, because no file may have it. */
export interface Whispered {
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** The order of a job. Throws TERR_RUNNER_JOB when there is none. */
export function readOrder(folder: string): WrittenOrder {
  const order = orderIn(folder);
  if (order === undefined)
    throw runnerErrors('JOB', `${folder} holds no job: it has no order.json that can be read`);
  return order;
}

/** The order of a job; `undefined` when there is none. */
export function orderIn(folder: string): WrittenOrder | undefined {
  const text = readText(folder, 'order.json');
  if (text === undefined) return undefined;
  try {
    const order = JSON.parse(text) as WrittenOrder;
    return order.format === 'territory.job/1' ? order : undefined;
  } catch {
    return undefined;
  }
}

/** What the text of `rc` says: the exit code, 0 to 255. */
export function readCode(folder: string): number | undefined {
  const text = readText(folder, 'rc');
  return text !== undefined && /^\d{1,3}\n$/.test(text) ? Number(text) : undefined;
}

/** Why it was stopped; final as soon as there is an exit code. */
export function readStop(folder: string): Stop | undefined {
  const text = readText(folder, 'stopped')?.trim();
  return stops.find((stop) => stop === text);
}

/** The mark in `pid` (the minder's) or `child` (the job's process). */
export function readMark(folder: string, file: 'pid' | 'child'): ProcessMark | undefined {
  const text = readText(folder, file);
  return text === undefined ? undefined : parseMark(text);
}

/** `PID START-TIME BOOT-ID`, for people and for `read pid start boot` of a shell. */
export function parseMark(text: string): ProcessMark | undefined {
  const found = /^(\d+) (\d+) (\S+)\n$/.exec(text);
  if (found === null) return undefined;
  return { pid: Number(found[1]), startTime: Number(found[2]), boot: found[3] ?? '' };
}

/** The other way round. */
export const formatMark = ({ pid, startTime, boot }: ProcessMark): string =>
  `${pid} ${startTime} ${boot}\n`;

/** The text of one file; `undefined` when it is not there. */
export function readText(folder: string, file: JobFile): string | undefined {
  try {
    return readFileSync(join(folder, file), 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Writes a file that nobody ever sees half of, durably and for us alone (0600). With `claim` it
 * gives false, and leaves what is there, if somebody came first: link(2) fails where rename(2)
 * would replace.
 */
export function writeWhole(folder: string, file: JobFile, text: string, claim = false): boolean {
  const draft = join(folder, `.${file}.${process.pid}.${randomBytes(4).toString('hex')}`);
  const fd = openSync(draft, 'wx', 0o600);
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    if (claim) linkSync(draft, join(folder, file));
    else renameSync(draft, join(folder, file));
  } catch (error) {
    if (claim && (error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    if (claim) rmSync(draft, { force: true });
  }
  syncFolder(folder);
  return true;
}

/** Names are durable only when their folder is. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Syncs the folder in which this one stands. */
export const syncParent = (folder: string): void => syncFolder(dirname(folder));
