import { openSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** Bytes of the end that are kept of an output that is too long for its log. */
const mostTail = 65_536;

/**
 * The log of a job: a file that only grows, is always UTF-8 (bytes that are not become U+FFFD, so that
 * offsets can be counted from the text), and is bounded. Of an output that is too long it has the
 * beginning, a note, and the last 64 KB, which come when it has ended. A disk that is full does not
 * stop the job: what could not be written is counted and said.
 */
export class JobLog {
  readonly #fd: number;
  readonly #head: number;
  readonly #tail: Tail;
  readonly #decoder = new StringDecoder('utf8');
  #size = 0;
  #full = false;
  #unwritten = 0;
  #lineOpen = false;

  /** @param limit bytes, but for the notes */
  constructor(path: string, limit: number) {
    this.#fd = openSync(path, 'a', 0o600);
    const tail = Math.min(mostTail, Math.floor(limit / 4));
    this.#head = limit - tail;
    this.#tail = new Tail(tail);
  }

  write(bytes: Buffer): void {
    this.#text(this.#decoder.write(bytes));
  }

  /** A line of ours, in its place among the output. */
  note(text: string): void {
    if (this.#full) this.#tail.add(Buffer.from(`\n[territory] ${text}\n`));
    else this.#put(Buffer.from(this.#asLine(text)));
  }

  /** Nothing more comes: writes what was kept. */
  end(): void {
    this.#text(this.#decoder.end());
    if (this.#full) {
      const { bytes, dropped } = this.#tail.take();
      if (dropped > 0) this.#put(Buffer.from(this.#asLine(`${dropped} bytes are left out here`)));
      this.#put(bytes);
    }
    if (this.#unwritten > 0) this.#put(Buffer.alloc(0));
  }

  #text(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length === 0) return;
    const room = this.#full ? 0 : this.#head - this.#size;
    if (bytes.length <= room) return this.#put(bytes);
    const cut = this.#full ? 0 : letterStart(bytes, room);
    if (!this.#full) {
      this.#put(bytes.subarray(0, cut));
      this.#put(
        Buffer.from(
          this.#asLine(`the log is full at ${this.#size} bytes; its end follows at the end`),
        ),
      );
      this.#full = true;
    }
    this.#tail.add(bytes.subarray(cut));
  }

  #asLine(text: string): string {
    return `${this.#lineOpen ? '\n' : ''}[territory] ${text}\n`;
  }

  #put(bytes: Buffer): void {
    const lost = this.#unwritten;
    const all =
      lost === 0
        ? bytes
        : Buffer.concat([
            Buffer.from(this.#asLine(`${lost} bytes could not be written: the disk was full`)),
            bytes,
          ]);
    if (all.length === 0) return;
    const written = writeAll(this.#fd, all);
    this.#size += written;
    if (written < all.length) {
      // Part of the note at most: it is said again.
      this.#unwritten = lost + Math.min(bytes.length, all.length - written);
      this.#lineOpen = true;
      return;
    }
    this.#unwritten = 0;
    this.#lineOpen = all.at(-1) !== 0x0a;
  }
}

/** How many bytes could be written. */
function writeAll(fd: number, bytes: Buffer): number {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(fd, bytes, written);
  } catch {
    // ENOSPC, EDQUOT, EIO: the caller says it as soon as it can.
  }
  return written;
}

/** The last bytes of what is added, in a buffer of twice their number. */
class Tail {
  readonly #most: number;
  readonly #bytes: Buffer;
  #length = 0;
  #dropped = 0;

  constructor(most: number) {
    this.#most = most;
    this.#bytes = Buffer.alloc(2 * most);
  }

  add(bytes: Buffer): void {
    const last = bytes.subarray(Math.max(0, bytes.length - this.#most));
    this.#dropped += bytes.length - last.length;
    if (this.#length + last.length > this.#bytes.length) this.#keep(this.#most - last.length);
    last.copy(this.#bytes, this.#length);
    this.#length += last.length;
  }

  /** From the beginning of a line on if one begins there, else of a letter. */
  take(): { readonly bytes: Buffer; readonly dropped: number } {
    this.#keep(this.#most);
    const bytes = this.#bytes.subarray(0, this.#length);
    if (this.#dropped === 0) return { bytes, dropped: 0 };
    const line = bytes.indexOf(0x0a) + 1;
    let from = line > 0 && line < bytes.length ? line : 0;
    while (from < bytes.length && isWithin(bytes[from])) from++;
    return { bytes: bytes.subarray(from), dropped: this.#dropped + from };
  }

  #keep(count: number): void {
    const from = Math.max(0, this.#length - count);
    this.#bytes.copyWithin(0, from, this.#length);
    this.#length -= from;
    this.#dropped += from;
  }
}

/** The last place at or before `at` where a letter of UTF-8 begins. */
export function letterStart(bytes: Buffer, at: number): number {
  let start = Math.max(0, Math.min(at, bytes.length));
  while (start > 0 && isWithin(bytes[start])) start--;
  return start;
}

/** Whether it is a byte within a letter of UTF-8: 10xxxxxx. */
export const isWithin = (byte: number | undefined): boolean =>
  byte !== undefined && (byte & 0xc0) === 0x80;
