import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { StreamName } from '../../event/event.ts';
import { logErrors } from '../errors.ts';
import { Head } from '../head.ts';
import type { Log } from '../log.ts';
import { Committer } from './committer.ts';
import { isWrittenHere, lockDirectory } from './directory-lock.ts';
import { HeadFile } from './head-file.ts';
import { LmdbReader } from './lmdb-reader.ts';
import { LmdbWriter } from './lmdb-writer.ts';
import { checkFormat, rebuildWindows, recover } from './recovery.ts';
import { Room } from './room.ts';
import { openStore, type Compression, type Store } from './store.ts';

/** How the durable log is opened. */
export interface LmdbLogOptions {
  /** A directory of the log's own; the writer creates it. */
  readonly dir: string;
  /**
   * One process writes; its worker threads and any number of other processes read along. A reader
   * cannot append or trim; in the writer's process (where the writer is opened first) it can set
   * notes.
   */
  readonly role: 'writer' | 'reader';
  /** Ms since the epoch, UTC. */
  readonly now: () => number;
  /** Ms of a clock that only goes forward, for latencies. */
  readonly monotonic?: () => number;
  /** How new records are stored; readers need not know. Default lz4. */
  readonly compression?: Compression;
  /** How many identities of each stream are remembered: 10 M of facts, 1 M of readings. */
  readonly identities?: Partial<Record<StreamName, number>>;
  /** Bytes that may wait to be written before appends get BUSY. Default 256 MiB. */
  readonly maxPendingBytes?: number;
  /** Bytes of one append. Default 64 MiB. */
  readonly maxAppendBytes?: number;
  /** Appends get FULL when less is free on the file system, bytes. Default 256 MiB. */
  readonly reserveBytes?: number;
  /** Address space for the file, bytes. Default 1 TiB. */
  readonly mapBytes?: number;
  /** Told in a sentence of what was found damaged, and of a disk that refuses. */
  readonly onProblem?: (problem: string) => void;
}

/** Below this much free space LMDB could be killed by a signal while it opens its lock file. */
const openBytes = 1 << 20;

/**
 * Opens the log in `dir`. As writer: locks it, repairs its end, and remembers the last identities.
 * Throws TERR_LOG_LOCKED, VERSION, FULL (not even room to open), or ABSENT (reader, no log there).
 */
export async function openLmdbLog(options: LmdbLogOptions): Promise<Log> {
  return options.role === 'reader' ? openReader(options) : openWriter(options);
}

function openReader(options: LmdbLogOptions): Log {
  const { dir, onProblem = ignore } = options;
  if (!existsSync(join(dir, 'data.mdb')) || !existsSync(join(dir, 'head')))
    throw logErrors('ABSENT', `There is no log in ${dir}. Start the server on it first.`);
  const mayWrite = isWrittenHere(dir);
  const store = open(options, { readOnly: !mayWrite });
  return new LmdbReader({ store, mayWrite, file: new HeadFile(dir, 'reader'), onProblem });
}

async function openWriter(options: LmdbLogOptions): Promise<Log> {
  const { dir, now, onProblem = ignore, monotonic = () => performance.now() } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(dir, now);
  try {
    requireRoom(dir);
    const store = open(options, { readOnly: false });
    const head = new Head();
    const file = new HeadFile(dir, 'writer');
    const states = await recover(store, dir, onProblem);
    const capacities = { facts: 10_000_000, readings: 1_000_000, ...options.identities };
    const committer = new Committer({
      store,
      states,
      windows: rebuildWindows(store, states, capacities),
      room: new Room(store, { dir, monotonic, reserveBytes: options.reserveBytes ?? 2 ** 28 }),
      now,
      maxPendingBytes: options.maxPendingBytes ?? 2 ** 28,
      head,
      file,
      onProblem,
    });
    const maxAppendBytes = options.maxAppendBytes ?? 2 ** 26;
    return new LmdbWriter({
      store,
      head,
      file,
      lock,
      committer,
      monotonic,
      maxAppendBytes,
      onProblem,
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function open(options: LmdbLogOptions, { readOnly }: { readonly readOnly: boolean }): Store {
  const { dir, compression = 'lz4', mapBytes = 2 ** 40 } = options;
  const store = openStore({ dir, compression, mapBytes, readOnly });
  try {
    checkFormat(store, dir);
    return store;
  } catch (error) {
    void store.env.close();
    throw error;
  }
}

function requireRoom(dir: string): void {
  const { bavail, bsize } = statfsSync(dir);
  if (bavail * bsize >= openBytes) return;
  throw logErrors('FULL', `Less than 1 MiB is free at ${dir}. Make room before starting again.`);
}

function ignore(): void {}
