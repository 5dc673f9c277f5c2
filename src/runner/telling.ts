import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployStage, Smoke } from '../server/api/contract-deploys.ts';
import { runsOf } from './execute/folder.ts';
import { Lines } from './execute/lines.ts';
import type { ProgressLine } from './execute/progress.ts';

/** Bytes of log in one word. */
const maxPiece = 256 * 1024;
/** Smoke results in one word. */
const maxSmoke = 500;

/**
 * A piece of the log of a deploy, which is that of its jobs one after the other: whole lines from a
 * byte on, and the rest of a line when no more will come. Undefined when there is nothing.
 */
export function logPiece(folder: string, from: number, ended: boolean): string | undefined {
  let start = 0;
  const runs = runsOf(folder);
  for (const [n, run] of runs.entries()) {
    const path = join(run, 'log');
    const size = existsSync(path) ? statSync(path).size : 0;
    const isLast = n === runs.length - 1;
    if (from < start + size) {
      const text = linesAt(path, from - start, ended || !isLast);
      if (text !== undefined || isLast) return text;
    }
    start += size;
  }
  return undefined;
}

function linesAt(path: string, from: number, whole: boolean): string | undefined {
  const handle = openSync(path, 'r');
  try {
    const left = fstatSync(handle).size - from;
    const bytes = Buffer.alloc(Math.min(left, maxPiece));
    const read = bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, from));
    const end = read.lastIndexOf(10) + 1;
    if (end > 0) return read.toString('utf8', 0, end);
    // A line that is longer than a piece, or the last one, without its end.
    if (!whole && read.length < maxPiece) return undefined;
    return read.length === 0 ? undefined : read.toString('utf8', 0, cut(read));
  } finally {
    closeSync(handle);
  }
}

/** Where the last character that is there as a whole ends. */
function cut(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back < bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.length - back;
    if (byte < 0x80) return bytes.length;
  }
  return bytes.length;
}

/** What of `progress.ndjson` the server has not got yet. */
export class ProgressReader {
  readonly #lines: Lines<ProgressLine>;
  readonly #path: string;
  #sent = 0;
  #size = -1;
  #all: readonly ProgressLine[] = [];

  constructor(folder: string) {
    this.#path = join(folder, 'progress.ndjson');
    this.#lines = new Lines(folder, 'progress.ndjson');
  }

  /** What is new, the last word on each stage and scenario, and how to say that it arrived. */
  news(): {
    readonly stages: readonly DeployStage[];
    readonly smoke: readonly Smoke[];
    readonly arrived: () => void;
  } {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size !== this.#size) this.#all = this.#lines.read();
    this.#size = size;
    const fresh = this.#all.slice(this.#sent, this.#sent + maxSmoke);
    const stages = new Map<string, DeployStage>();
    const smoke = new Map<string, Smoke>();
    for (const line of fresh)
      if (line.kind === 'stage') stages.set(line.stage.stage, line.stage);
      else smoke.set(line.smoke.scenario, line.smoke);
    return {
      stages: [...stages.values()],
      smoke: [...smoke.values()],
      arrived: () => void (this.#sent += fresh.length),
    };
  }
}
