import { intakeErrors } from '../errors.ts';

/** One message as it stood in a stream; `cut` when it was longer. */
export interface Frame {
  readonly bytes: Buffer;
  readonly cut: boolean;
}

const none = Buffer.alloc(0);
const NEWLINE = 0x0a;
const BLANK = 0x20;
const LESS = 0x3c;
/** Digits of a count: more is no count. */
const mostDigits = 9;

/**
 * Finds the messages in a TCP stream, RFC 6587: with their length before them (3.4.1) or a newline
 * behind (3.4.2), decided for each message anew: a count is followed by a blank and `<`. A message
 * that is longer than `most` bytes is cut, the rest passed over; at most `most` bytes are kept.
 * Throws TERR_INTAKE_FRAME at a
 * count that no message can have: what follows cannot be found again.
 */
export class SyslogFrames {
  readonly #most: number;
  #pending = none;
  /** Bytes of a counted message that are passed over still. */
  #left = 0;
  /** Passes over what comes before the next newline. */
  #toNewline = false;

  constructor(most: number) {
    this.#most = most;
  }

  *add(chunk: Buffer): Generator<Frame> {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = none;
    let at = this.#passOver(bytes);
    while (at < bytes.length) {
      const count = countAt(bytes, at);
      const behind =
        count === undefined ? yield* this.#line(bytes, at) : yield* this.#counted(bytes, count);
      if (behind === undefined) {
        // A copy, so that a few bytes do not hold a whole chunk.
        this.#pending = Buffer.from(bytes.subarray(at));
        return;
      }
      at = behind;
    }
  }

  /** What the stream ended in: a last line without its newline, or a counted message that broke off. */
  end(): Frame | undefined {
    const count = countAt(this.#pending, 0);
    const broken = count?.length !== undefined;
    const bytes = this.#pending.subarray(broken ? count.start : 0);
    this.#pending = none;
    return bytes.length === 0 ? undefined : { bytes, cut: broken };
  }

  #passOver(bytes: Buffer): number {
    if (this.#toNewline) {
      const newline = bytes.indexOf(NEWLINE);
      this.#toNewline = newline < 0;
      return newline < 0 ? bytes.length : newline + 1;
    }
    const passed = Math.min(this.#left, bytes.length);
    this.#left -= passed;
    return passed;
  }

  *#counted(bytes: Buffer, count: Count): Generator<Frame, number | undefined> {
    const { start, length } = count;
    if (length === undefined) return undefined;
    const behind = start + length;
    if (behind <= bytes.length && length <= this.#most) {
      yield { bytes: bytes.subarray(start, behind), cut: false };
      return behind;
    }
    if (length <= this.#most || bytes.length - start < this.#most) return undefined;
    yield { bytes: bytes.subarray(start, start + this.#most), cut: true };
    this.#left = Math.max(0, behind - bytes.length);
    return Math.min(behind, bytes.length);
  }

  *#line(bytes: Buffer, at: number): Generator<Frame, number | undefined> {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    if (newline < 0 && end - at <= this.#most) return undefined;
    const cut = end - at > this.#most;
    if (newline < 0) this.#toNewline = true;
    const frame = bytes.subarray(at, cut ? at + this.#most : end);
    // Blank lines between messages, as senders of both framings at once leave them.
    if (!isBlank(frame)) yield { bytes: frame, cut: cut || newline < 0 };
    return newline < 0 ? bytes.length : newline + 1;
  }
}

interface Count {
  /** Where the message begins. */
  readonly start: number;
  /** Undefined while it is not whole. */
  readonly length: number | undefined;
}

/** `MSG-LEN SP` before a `<`; undefined when a line begins here. */
function countAt(bytes: Buffer, at: number): Count | undefined {
  let i = at;
  let length = 0;
  for (; i < bytes.length && isDigit(bytes[i], i === at); i++) {
    if (i - at >= mostDigits) throw notFound(bytes, at);
    length = length * 10 + (bytes[i] ?? 0) - 0x30;
  }
  if (i === at && i < bytes.length) return undefined;
  if (i >= bytes.length) return { start: i, length: undefined };
  if (bytes[i] !== BLANK) return undefined;
  if (i + 1 >= bytes.length) return { start: i + 1, length: undefined };
  return bytes[i + 1] === LESS ? { start: i + 1, length } : undefined;
}

/** NONZERO-DIGIT first. */
function isDigit(byte: number | undefined, first: boolean): boolean {
  return byte !== undefined && byte >= (first ? 0x31 : 0x30) && byte <= 0x39;
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes.length === 1 && (bytes[0] === 0x0d || bytes[0] === 0));
}

function notFound(bytes: Buffer, at: number): Error {
  const sample = bytes.toString('latin1', at, at + 20);
  return intakeErrors('FRAME', `"${sample}" is no length of a syslog message (RFC 6587, 3.4.1).`);
}
