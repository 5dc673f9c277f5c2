import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { orderIn, readOrder } from './folder.ts';
import type { JobState, LogPiece } from './job.ts';
import { isWithin, letterStart } from './job-log.ts';
import { stateOf } from './state.ts';

/** Bytes of one piece at most. */
const mostBytes = 65_536;
/** ms between looks when the folder tells of its changes, and when it does not. */
const watched = 1_000;
const unwatched = 200;

/** The log of a job from an offset on, until its end: see JobHost. */
export async function* followJob(
  folder: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<LogPiece> {
  readOrder(folder);
  const changes = new Changes(folder);
  let at = from;
  try {
    for (;;) {
      if (signal.aborted) return;
      // Asked before reading: whatever it wrote, it wrote before it ended.
      const ended = (await stateIn(folder)) !== 'running';
      for await (const piece of pieces(folder, at, { ended, signal })) {
        yield piece;
        at = piece.next;
      }
      if (ended) return;
      await changes.next(signal);
    }
  } finally {
    changes.close();
  }
}

/** A folder that is removed while it is followed has ended. */
async function stateIn(folder: string): Promise<JobState['state']> {
  try {
    return (await stateOf(folder)).state;
  } catch (error) {
    if (orderIn(folder) === undefined) return 'lost';
    throw error;
  }
}

async function* pieces(
  folder: string,
  from: number,
  { ended, signal }: { readonly ended: boolean; readonly signal: AbortSignal },
): AsyncGenerator<LogPiece> {
  const file = await openLog(folder);
  if (file === undefined) return;
  const buffer = Buffer.alloc(mostBytes);
  try {
    for (let at = from; !signal.aborted;) {
      const { bytesRead } = await file.read(buffer, 0, mostBytes, at);
      const bytes = buffer.subarray(0, bytesRead);
      const start = at === from ? firstLetter(bytes) : 0;
      const end = wholeLetters(bytes, ended && bytesRead < mostBytes);
      if (end <= start) return;
      const text = bytes.toString('utf8', start, end);
      yield { offset: at + start, text, next: at + end };
      at += end;
    }
  } finally {
    await file.close();
  }
}

async function openLog(folder: string): Promise<FileHandle | undefined> {
  try {
    return await open(join(folder, 'log'), 'r');
  } catch {
    // It has not begun, or was removed.
    return undefined;
  }
}

/** An offset that nobody was given may be within a letter; at most three bytes of one follow. */
function firstLetter(bytes: Buffer): number {
  let start = 0;
  while (start < 4 && isWithin(bytes[start])) start++;
  return start;
}

/** Where the last whole letter ends. What is left at the very end is given as it is. */
function wholeLetters(bytes: Buffer, last: boolean): number {
  const lead = letterStart(bytes, bytes.length - 1);
  const byte = bytes[lead] ?? 0;
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  return last || lead + length <= bytes.length ? bytes.length : lead;
}

/** Says that something happened in a folder, or that it is time to look. */
class Changes {
  readonly #watcher: FSWatcher | undefined;
  #happened = false;
  #wake: (() => void) | undefined;

  constructor(folder: string) {
    try {
      this.#watcher = watch(folder, { persistent: false }, () => this.#tell());
      this.#watcher.on('error', () => undefined);
    } catch {
      // The user's inotify instances are used up (128 on Debian): the clock does it.
    }
  }

  async next(signal: AbortSignal): Promise<void> {
    if (!this.#happened && !signal.aborted)
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          this.#wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, this.#watcher === undefined ? unwatched : watched);
        signal.addEventListener('abort', done, { once: true });
        this.#wake = done;
      });
    this.#happened = false;
  }

  close(): void {
    this.#watcher?.close();
  }

  #tell(): void {
    this.#happened = true;
    this.#wake?.();
  }
}
