import { randomUUID } from 'node:crypto';
import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { logErrors } from '../errors.ts';
import { identityOf, type ProcessIdentity } from './process-identity.ts';

const lockFile = 'writer.lock';
/** Ms between two signs of life. */
const beatEvery = 2_000;
/** A holder whose process cannot be looked at counts as dead after this many ms without one. */
const deadAfter = 10_000;

export interface DirectoryLock {
  readonly release: () => void;
}

interface Holder extends ProcessIdentity {
  readonly token: string;
}

/**
 * Makes this process the only writer of a directory, until `release` or its death. The lock is a
 * file `writer.lock` that names its holder; it is taken over when that process is gone. A holder
 * in another container cannot be looked at, so its file's age decides: it touches it every two
 * seconds. Throws TERR_LOG_LOCKED naming the process.
 *
 * @param now ms since the epoch, to compare with the file's time
 */
export function lockDirectory(dir: string, now: () => number): DirectoryLock {
  const path = join(dir, lockFile);
  const token = randomUUID();
  const own = identityOf(process.pid) ?? { pid: process.pid, started: '', boot: '', namespace: '' };
  const text = `${JSON.stringify({ ...own, token })}\n`;
  const draft = `${path}.${token}`;
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
  try {
    while (!linked(draft, path)) takeAway(path, dir, now());
  } finally {
    rmSync(draft, { force: true });
  }
  const beat = setInterval(() => touch(path), beatEvery);
  beat.unref();
  return {
    release: () => {
      clearInterval(beat);
      if (read(path) === text) rmSync(path, { force: true });
    },
  };
}

/** Whether this process itself has the directory open for writing, in whatever thread. */
export function isWrittenHere(dir: string): boolean {
  const holder = holderOf(read(join(dir, lockFile)) ?? '');
  return holder?.pid === process.pid && holder.started === identityOf(process.pid)?.started;
}

/** A link is made only where no file is: of several processes one succeeds. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes the lock file of a dead holder; throws when the holder lives. */
function takeAway(path: string, dir: string, now: number): void {
  const text = read(path);
  if (text === undefined) return;
  const holder = holderOf(text);
  if (holder !== undefined && lives(holder, path, now))
    throw logErrors(
      'LOCKED',
      `Process ${holder.pid} writes ${dir}. Stop it, or use another directory.`,
    );
  // Renaming first: of two who want to take it away, one finds it gone. Who renamed another file
  // than the one he judged has met a new holder and puts it back.
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if (read(aside) !== text) linked(aside, path);
  rmSync(aside, { force: true });
}

function lives(holder: Holder, path: string, now: number): boolean {
  const here = identityOf(process.pid);
  const samePlace = here?.boot === holder.boot && here.namespace === holder.namespace;
  if (samePlace) return identityOf(holder.pid)?.started === holder.started;
  if (here?.boot !== holder.boot) return false;
  return now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < deadAfter;
}

/** Undefined for a file that a crash left empty or half written: nobody holds it. */
function holderOf(text: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(text);
    return typeof holder === 'object' && holder !== null && 'pid' in holder
      ? (holder as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function touch(path: string): void {
  try {
    const time = new Date();
    utimesSync(path, time, time);
  } catch {
    // The directory is gone or read-only: the writer itself will meet that and say it.
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
