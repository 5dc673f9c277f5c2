import { readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

export interface Memory {
  /** What this process has for itself; rss where the system does not tell. */
  readonly anonymousBytes: number;
  readonly rssBytes: number;
}

/** Memory of this process. /proc/self/status: proc(5), RssAnon. */
export function ownMemory(): Memory {
  const rssBytes = process.memoryUsage.rss();
  try {
    const status = readFileSync('/proc/self/status', 'latin1');
    const anonymous = /^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1];
    return { anonymousBytes: anonymous ? Number(anonymous) * 1024 : rssBytes, rssBytes };
  } catch {
    return { anonymousBytes: rssBytes, rssBytes };
  }
}

export interface Disk {
  readonly path: string;
  readonly freeBytes: number;
  /** What the log's file takes on the disk. */
  readonly usedBytes: number;
}

/** Free room on the file system of the data directory. */
export async function diskOf(data: string): Promise<Disk> {
  const { bavail, bsize } = await statfs(data);
  return {
    path: data,
    freeBytes: bavail * bsize,
    usedBytes: fileBytes(join(data, 'log/data.mdb')),
  };
}

/** Blocks, not the length: the log's file is sparse. */
function fileBytes(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}

/** How late timers fire: what blocks the event loop blocks every answer. */
export class LoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: 10 });

  constructor() {
    this.#histogram.enable();
  }

  /** ms since the last call. */
  take(): { readonly p99: number; readonly max: number } {
    const { max } = this.#histogram;
    const p99 = this.#histogram.percentile(99);
    this.#histogram.reset();
    return { p99: p99 / 1e6, max: max / 1e6 };
  }

  close(): void {
    this.#histogram.disable();
  }
}
