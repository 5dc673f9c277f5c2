import type { FileHandle } from 'node:fs/promises';
import type { PollerContext } from '../poller.ts';
import { eventOf, type Target } from './line-event.ts';
import { type Line, lineOf, linesOf } from './lines.ts';
import { isSame, newId, type Place, printLength, printOf } from './place.ts';
import { findMoved, madeAt } from './siblings.ts';

/** Bytes of one reading: some thousand lines, and one delivery. */
const chunk = 262_144;
/** Readings of one file before the next one has its turn. */
const readings = 4;
/** A file that was rotated away is let go when nothing was written to it for this long, ms. */
const restMs = 30_000;

export interface FollowedContext extends Pick<
  PollerContext,
  'deliver' | 'notes' | 'now' | 'host' | 'settings'
> {
  /** Reads what was rotated away from beside a file since `made` (ms, as `madeAt`). */
  readonly since: (place: Place, made: number) => Promise<void>;
}

/** Under which a place is noted. */
export const placesPrefix = 'intake/files/file/';

/**
 * One file that is read as it grows. It is held open, so that it is read to its end whatever becomes
 * of its name. Its place is noted behind each delivery: after a kill it is read from there, with
 * ids that the log knows.
 */
export class Followed {
  place: Place;
  readonly target: Target;
  readonly #handle: FileHandle;
  readonly #context: FollowedContext;
  readonly #most: number;
  #seen = '';
  #over = false;
  #grew: number;

  constructor(handle: FileHandle, place: Place, target: Target, context: FollowedContext) {
    this.#handle = handle;
    this.place = place;
    this.target = target;
    this.#context = context;
    const { maxLine } = context.settings;
    this.#most = typeof maxLine === 'number' ? maxLine : chunk;
    this.#grew = context.now();
  }

  /** Reads what is new; whether there may be more. */
  async turn(): Promise<boolean> {
    const { size, mtimeMs } = await this.#handle.stat();
    const seen = `${size} ${mtimeMs}`;
    if (seen === this.#seen) return false;
    if (size < this.place.offset || !(await isSame(this.#handle, this.place.print))) {
      // What was rotated away and is written anew is some other file's copy.
      if (this.place.rotated) this.#over = true;
      if (this.place.rotated) return false;
      await this.#truncated();
    }
    for (let i = 0; i < readings; i++) {
      // oxlint-disable-next-line no-await-in-loop -- each from where the one before it ended
      if (!(await this.#read())) {
        this.#seen = seen;
        return false;
      }
    }
    return true;
  }

  /** Whether a rotated file has been read and nobody writes to it any more. */
  get atRest(): boolean {
    return this.place.rotated && (this.#over || this.#context.now() - this.#grew >= restMs);
  }

  /** Takes a last line that lacks its end. */
  async finish(): Promise<void> {
    if (this.#over) return;
    const bytes = await this.#bytes();
    const { offset, passing } = this.place;
    const line = lineOf(bytes, offset, this.#most);
    if (bytes.length > 0 && !passing) await this.#deliver([line]);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Of a file whose name another one has now. */
  async leave(): Promise<void> {
    this.place = { ...this.place, rotated: true };
    await this.note();
  }

  async note(): Promise<void> {
    await this.#context.notes.set(placesPrefix + this.place.id, this.place);
  }

  async forget(): Promise<void> {
    await this.#context.notes.remove(placesPrefix + this.place.id);
  }

  /** One reading; whether something was read. */
  async #read(): Promise<boolean> {
    const bytes = await this.#bytes();
    if (bytes.length === 0) return false;
    const { offset, passing } = this.place;
    const found = linesOf(bytes, { offset, passing, most: this.#most });
    if (found.consumed === 0) return false;
    this.#grew = this.#context.now();
    await this.#deliver(found.lines);
    await this.#moveTo(offset + found.consumed, found.passing);
    return true;
  }

  async #bytes(): Promise<Buffer> {
    // One more than a line may have shows that it is longer.
    const bytes = Buffer.allocUnsafe(Math.max(chunk, this.#most + 2));
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, this.place.offset);
    return bytes.subarray(0, bytesRead);
  }

  async #deliver(lines: readonly Line[]): Promise<void> {
    const { id, path } = this.place;
    const { host, now, deliver } = this.#context;
    const origin = { id, path, target: this.target, host, now: now() };
    const events = lines.map((line) => eventOf(line, origin)).filter((one) => one !== undefined);
    if (events.length > 0) await deliver(events, path);
  }

  async #moveTo(offset: number, passing: boolean): Promise<void> {
    const { print } = this.place;
    const grown =
      print.length < Math.min(offset, printLength) ? await printOf(this.#handle, offset) : print;
    this.place = { ...this.place, offset, passing, print: grown };
    await this.note();
  }

  /** The file begins anew; what was not read yet may be in a copy beside it. */
  async #truncated(): Promise<void> {
    const before = this.place;
    const copy = await findMoved({ ...before, ino: -1 });
    if (copy !== undefined) {
      const rest = new Followed(copy.handle, before, this.target, this.#context);
      try {
        await rest.readToEnd();
        await this.#context.since(before, madeAt(await copy.handle.stat()));
      } finally {
        await rest.close();
      }
    }
    this.place = {
      ...before,
      id: newId(),
      offset: 0,
      passing: false,
      print: { length: 0, hash: '' },
    };
    await this.note();
    await this.#context.notes.remove(placesPrefix + before.id);
  }

  /** Of a file that nobody writes to: all of it. */
  async readToEnd(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- each from where the one before it ended
    while (await this.#read());
    await this.finish();
  }
}
