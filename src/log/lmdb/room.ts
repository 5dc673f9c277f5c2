import { statfsSync } from 'node:fs';
import { logErrors } from '../errors.ts';
import type { Store } from './store.ts';

export interface RoomOptions {
  readonly dir: string;
  /** Appends are refused when less than this is free on the file system, bytes. */
  readonly reserveBytes: number;
  /** Ms of a clock that only goes forward. */
  readonly monotonic: () => number;
}

/** How long one look at the file system holds, ms. */
const lookEvery = 1000;

/**
 * Says no to appends before the disk is full: with the last block gone, not even a trim could be
 * written. Pages that trimmed records left inside the file count as room, because the file itself
 * never gets smaller.
 */
export class Room {
  readonly #options: RoomOptions;
  readonly #store: Store;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #free = 0;
  #enough = true;

  constructor(store: Store, options: RoomOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Throws TERR_LOG_FULL when there is too little room. */
  check(): void {
    if (!this.enough()) throw this.#full();
  }

  /** Whether appends are let through; looks again by itself, so that it also turns when nobody appends. */
  enough(): boolean {
    if (this.#options.monotonic() - this.#lookedAt >= lookEvery) this.#look();
    return this.#enough;
  }

  /**
   * What a failed commit of `bytes` means: TERR_LOG_FULL when the file system has no room for it,
   * undefined when it failed for another reason. LMDB reports a write that was cut short by a full
   * disk as EIO, so the error alone does not tell.
   */
  explain(bytes: number, cause: unknown): Error | undefined {
    this.#look();
    const needed = bytes * 2 + 2 ** 20;
    if (!/ENOSPC|No space|MAP_FULL|EDQUOT|EFBIG|too large/i.test(String(cause))) {
      if (this.#free >= needed) return undefined;
    }
    this.#enough = false;
    return this.#full(cause);
  }

  #look(): void {
    const { dir, reserveBytes, monotonic } = this.#options;
    this.#lookedAt = monotonic();
    const { bavail, bsize } = statfsSync(dir);
    this.#free = bavail * bsize;
    this.#enough =
      this.#free >= reserveBytes || this.#free + reusableBytes(this.#store) >= reserveBytes;
  }

  #full(cause?: unknown): Error {
    const { dir, reserveBytes } = this.#options;
    return logErrors(
      'FULL',
      `${megabytes(this.#free)} MB are free at ${dir} and ${megabytes(reserveBytes)} MB are kept in reserve. ` +
        'Make room or shorten the retention; appends go on by themselves then.',
      { retryAfter: 5, cause },
    );
  }
}

/** Pages of the file that hold nothing any more, in bytes: all but those of the databases' trees. */
function reusableBytes(store: Store): number {
  const { env, streams, subjects, notes, meta } = store;
  const whole = env.getStats() as EnvironmentStats;
  const databases = [streams.facts, streams.readings, subjects, notes, meta];
  const trees = [whole.root, whole.free, ...databases.map((db) => db.getStats() as TreeStats)];
  const used = trees.reduce(
    (sum, t) => sum + t.treeBranchPageCount + t.treeLeafPageCount + t.overflowPages,
    0,
  );
  return Math.max(0, whole.lastPageNumber - used) * whole.pageSize;
}

/** lmdb declares its statistics as {}. */
interface TreeStats {
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

interface EnvironmentStats {
  readonly root: TreeStats;
  readonly free: TreeStats;
  readonly lastPageNumber: number;
  readonly pageSize: number;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
