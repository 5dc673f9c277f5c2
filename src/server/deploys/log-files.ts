import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One log takes this much, bytes; what comes after it is not kept. */
export const maxLogBytes = 16 << 20;
/** One answer has at most this much, bytes. */
const maxPiece = 256 << 10;

/** Bytes of a log, as whole lines. */
interface Piece {
  readonly next: number;
  readonly text: string;
}

interface LogFilesOptions {
  /** Folder of the logs; made when the first one is written. */
  readonly dir: string;
  /** So many logs are kept. */
  readonly keep: () => number;
  readonly maxBytes?: number;
}

/**
 * The logs of deploys, one file each: what runners hand over, byte for byte, so that their offsets
 * and ours are the same. They are no events: a log is long, and of no use without its deploy.
 */
export class LogFiles {
  readonly counters = { bytes: 0, cut: 0, removed: 0 };
  readonly #options: LogFilesOptions;
  readonly #max: number;
  /** Bytes that are known to be there, by id. */
  readonly #sizes = new Map<string, number>();
  /** Of a log that was cut: how far its runner is. */
  readonly #passed = new Map<string, number>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: LogFilesOptions) {
    this.#options = options;
    this.#max = options.maxBytes ?? maxLogBytes;
  }

  /** Bytes of the log that are there. */
  async size(id: string): Promise<number> {
    const known = this.#sizes.get(id);
    if (known !== undefined) return known;
    const found = await stat(this.#path(id)).catch(orNothing);
    const size = found?.size ?? 0;
    // What was written while we looked is not lost.
    if (!this.#sizes.has(id)) this.#sizes.set(id, size);
    return this.#sizes.get(id) ?? size;
  }

  /**
   * Takes what begins at `offset` as far as it is new, and gives the offset at which the next piece
   * begins: what overlaps is taken once, what would leave a gap not at all. A log that is too long
   * is cut with a note, and what comes after it is passed over.
   */
  take(id: string, { offset, text }: { readonly offset: number; readonly text: string }) {
    return this.#inTurn(id, async (): Promise<number> => {
      const bytes = Buffer.from(text);
      const size = await this.size(id);
      if (size >= this.#max) return this.#pass(id, offset + bytes.length);
      if (offset > size || offset + bytes.length <= size) return size;
      const fresh = bytes.subarray(size - offset);
      if (size + fresh.length < this.#max) return this.#append(id, fresh);
      const kept = fresh.subarray(0, this.#max - size);
      await this.#append(id, Buffer.concat([kept, this.#note()]));
      this.counters.cut++;
      return this.#pass(id, offset + bytes.length);
    });
  }

  /** Where the next piece of its runner begins. */
  async next(id: string): Promise<number> {
    const size = await this.size(id);
    return size < this.#max ? size : this.#pass(id, 0);
  }

  /**
   * Whole lines from `offset` on; with `ended` also a last line without an end. Of a line longer
   * than an answer a part of it.
   */
  async read(id: string, offset: number, ended: boolean): Promise<Piece> {
    const size = await this.size(id);
    if (offset >= size) return { next: Math.min(offset, size), text: '' };
    const file = await open(this.#path(id)).catch(orNothing);
    if (!file) return { next: offset, text: '' };
    try {
      const bytes = await bytesOf(file, offset, Math.min(maxPiece, size - offset));
      const whole = wholeLines(bytes, ended && offset + bytes.length >= size);
      return { next: offset + whole.length, text: whole.toString('utf8') };
    } finally {
      await file.close();
    }
  }

  /** Removes the oldest beyond those that are kept, but none of `busy`. */
  async tidy(busy: ReadonlySet<string>): Promise<void> {
    const { dir, keep } = this.#options;
    const spared = new Set([...busy].map(fileName));
    const names = (await readdir(dir).catch(orNothing)) ?? [];
    if (names.length <= keep()) return;
    const files = await Promise.all(
      names
        .filter((name) => name.endsWith('.log'))
        .map(async (name) => ({
          name,
          at: (await stat(join(dir, name)).catch(orNothing))?.mtimeMs,
        })),
    );
    const old = files
      .toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0) || (a.name < b.name ? 1 : -1))
      .slice(keep())
      .filter(({ name }) => !spared.has(name));
    for (const { name } of old) {
      // oxlint-disable-next-line no-await-in-loop -- few at a time
      await rm(join(dir, name), { force: true });
      this.counters.removed++;
    }
    if (old.length === 0) return;
    for (const id of this.#sizes.keys()) {
      if (busy.has(id)) continue;
      this.#forget(id);
      this.#turns.delete(id);
    }
  }

  /** Resolves when all that was taken is written. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#turns.values());
  }

  #forget(id: string): void {
    this.#sizes.delete(id);
    this.#passed.delete(id);
  }

  #pass(id: string, end: number): number {
    const passed = Math.max(end, this.#max, this.#passed.get(id) ?? 0);
    this.#passed.set(id, passed);
    return passed;
  }

  async #append(id: string, bytes: Buffer): Promise<number> {
    await mkdir(this.#options.dir, { recursive: true, mode: 0o700 });
    const size = await this.size(id);
    const file = await open(this.#path(id), 'a', 0o600);
    try {
      await file.appendFile(bytes);
    } finally {
      await file.close();
    }
    this.counters.bytes += bytes.length;
    this.#sizes.set(id, size + bytes.length);
    return size + bytes.length;
  }

  #note(): Buffer {
    const text = `\n[Territory keeps ${this.#max} bytes of a log; what came after is not here]\n`;
    return Buffer.from(text);
  }

  /** One after the other for each log. */
  #inTurn<T>(id: string, act: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(id);
    const turn = this.#behind(before, id, act);
    this.#turns.set(id, turn);
    return turn;
  }

  async #behind<T>(before: Promise<unknown> | undefined, id: string, act: () => Promise<T>) {
    await before?.catch(() => undefined);
    try {
      return await act();
    } catch (error) {
      // A write may have ended halfway: how much is there is looked up again.
      this.#forget(id);
      throw error;
    }
  }

  #path(id: string): string {
    return join(this.#options.dir, fileName(id));
  }
}

/** An id as the name of a file, whatever is in it. */
function fileName(id: string): string {
  const plain = /^[\w-][\w.-]{0,99}$/.test(id);
  return `${plain ? id : createHash('sha256').update(id).digest('hex')}.log`;
}

async function bytesOf(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

function wholeLines(bytes: Buffer, toTheEnd: boolean): Buffer {
  if (toTheEnd) return bytes;
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end > 0 || bytes.length < maxPiece) return bytes.subarray(0, end);
  return bytes.subarray(0, wholeCharacters(bytes));
}

/** How many of the bytes are whole characters of UTF-8: of a line that is longer than an answer. */
function wholeCharacters(bytes: Buffer): number {
  const tail = bytes.subarray(-4);
  const lead = tail.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const byte = tail[lead] ?? 0;
  const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
  return tail.length - lead < needs ? bytes.length - (tail.length - lead) : bytes.length;
}

function orNothing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
