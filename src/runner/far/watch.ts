import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readIfThere } from '../execute/folder.ts';
import type { JobState } from '../job/job.ts';
import { localHost } from '../job/local-host.ts';
import type { FarKnown, FarSaid } from './said.ts';

/** ms between two looks, and between two signs of life. */
const lookEvery = 200;
const pulse = 5_000;
/** Bytes of one piece. */
const maxPiece = 64 * 1024;

interface Watching {
  /** Folder of the deploy, and of the run in it. */
  readonly folder: string;
  readonly run: string;
  readonly known: FarKnown;
  readonly say: (words: FarSaid) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Says what a run of a deploy writes, as it comes, and how it stands, until it is over and all is
 * said, or `signal`. That it is over is said behind everything that it wrote.
 */
export async function watchRun(watching: Watching): Promise<void> {
  const { folder, run, known, say, signal } = watching;
  const progress = new Tail(join(folder, 'progress.ndjson'), known.progress, true);
  const log = new Tail(join(run, 'log'), known.log, false);
  let said = '';
  let nextPulse = 0;
  while (!signal.aborted) {
    // In this order: what was written before it was over is read after.
    const state = await localHost().stateOf(run); // oxlint-disable-line no-await-in-loop -- one look after the other
    await sayNew(progress, 'progress', watching); // oxlint-disable-line no-await-in-loop -- as above
    await sayNew(log, 'log', watching); // oxlint-disable-line no-await-in-loop -- as above
    const stands = { job: 'stands', state, end: readIfThere(folder, 'end.json') ?? null } as const;
    const words = JSON.stringify(stands);
    if (words !== said || performance.now() >= nextPulse) {
      await say(stands); // oxlint-disable-line no-await-in-loop -- as above
      said = words;
      nextPulse = performance.now() + pulse;
    }
    if (isOver(state)) return;
    await pause(lookEvery, undefined, { signal }).catch(() => undefined); // oxlint-disable-line no-await-in-loop -- as above
  }
}

export const isOver = ({ state }: JobState): boolean => state !== 'running';

async function sayNew(
  tail: Tail,
  file: 'progress' | 'log',
  { say, signal }: Watching,
): Promise<void> {
  while (!signal.aborted) {
    const { offset } = tail;
    const bytes = tail.read();
    if (bytes.length === 0) return;
    await say({ job: 'bytes', file, offset, base64: bytes.toString('base64') }); // oxlint-disable-line no-await-in-loop -- in their order
  }
}

/** A file that grows. */
class Tail {
  /** Of the next byte. */
  offset: number;
  readonly #path: string;
  readonly #wholeLines: boolean;

  constructor(path: string, offset: number, wholeLines: boolean) {
    this.#path = path;
    this.offset = offset;
    this.#wholeLines = wholeLines;
  }

  /** The next bytes, at most a piece; none when there are no more yet. */
  read(): Buffer {
    const bytes = Buffer.alloc(maxPiece);
    const read = bytes.subarray(0, readAt(this.#path, bytes, this.offset));
    // Half a line is written anew after a kill. A line is far shorter than a piece.
    const whole = this.#wholeLines ? read.subarray(0, read.lastIndexOf(10) + 1) : read;
    this.offset += whole.length;
    return whole;
  }
}

function readAt(path: string, into: Buffer, offset: number): number {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  try {
    return readSync(handle, into, 0, into.length, offset);
  } finally {
    closeSync(handle);
  }
}
