import { type Decoded, refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import { Pieces } from '../pieces.ts';
import type { StreamDecoder } from '../sockets/protocol.ts';
import { fits, frameOf, isEvent } from './event.ts';
import { lineEnd, type Messages } from './messages.ts';

/** Bytes of one message or frame: what fits into a datagram. */
export const maxFrame = 65_536;

const prefixBytes = 4;
const newline = 0x0a;
const none = Buffer.alloc(0);

/**
 * Messages on a connection. Datadog's clients put the length of a piece before it (32 bits, little
 * endian), all others end each message with a newline: no text has a NUL as its fourth byte, and no
 * length that would be taken has none.
 */
export class MessageStream implements StreamDecoder {
  readonly #messages: Messages;
  readonly #sampled: (count: number) => void;
  readonly #rest = new Pieces();
  /** Bytes that are to be there before there is something to read. */
  #wanted = prefixBytes;
  #prefixed: boolean | undefined;
  /** A message was too long: what comes up to the next newline is its end. */
  #skipping = false;

  constructor(messages: Messages, sampled: (count: number) => void) {
    this.#messages = messages;
    this.#sampled = sampled;
  }

  *data(chunk: Buffer): Generator<Decoded> {
    const length = this.#rest.length + chunk.length;
    if (length < this.#wanted || (this.#prefixed === false && !this.#hasEnd(chunk))) {
      this.#rest.add(chunk);
      return;
    }
    const bytes = this.#rest.take(chunk);
    this.#prefixed ??= bytes[prefixBytes - 1] === 0;
    try {
      if (this.#prefixed) yield* this.#frames(bytes);
      else yield* this.#lines(bytes);
    } finally {
      this.#count();
    }
  }

  *end(): Generator<Decoded> {
    const rest = this.#rest.take(none);
    if (rest.length === 0) return;
    if (this.#prefixed === true)
      yield refused('TERR_INTAKE_FRAME', 'the connection ended inside a frame');
    else {
      yield* this.#messages.readAll(rest);
      this.#count();
    }
  }

  /** Whether there may be a whole message now, or too much of one. */
  #hasEnd(chunk: Buffer): boolean {
    return this.#rest.length + chunk.length > maxFrame || chunk.includes(newline);
  }

  *#frames(bytes: Buffer): Generator<Decoded> {
    let at = 0;
    this.#wanted = prefixBytes;
    while (bytes.length - at >= prefixBytes) {
      const length = bytes.readUInt32LE(at);
      if (length > maxFrame)
        throw intakeErrors(
          'FRAME',
          `a frame says that it is ${length} bytes long, and ${maxFrame} are taken`,
        );
      this.#wanted = prefixBytes + length;
      const end = at + this.#wanted;
      if (end > bytes.length) break;
      yield* this.#messages.readAll(bytes.subarray(at + prefixBytes, end));
      at = end;
      this.#wanted = prefixBytes;
    }
    this.#rest.add(bytes.subarray(at));
  }

  *#lines(bytes: Buffer): Generator<Decoded> {
    let start = this.#skipping ? lineEnd(bytes, 0, bytes.length) + 1 : 0;
    if (start > bytes.length) return;
    this.#skipping = false;
    this.#wanted = 1;
    for (;;) {
      const end = streamEnd(bytes, start);
      if (end === undefined) break;
      const other = this.#messages.read(bytes, start, end);
      if (other !== undefined) yield other;
      start = end + 1;
    }
    if (bytes.length - start <= maxFrame) {
      this.#rest.add(bytes.subarray(start));
      return;
    }
    this.#skipping = true;
    yield refused('TERR_INTAKE_FRAME', `a message is longer than ${maxFrame} bytes`, {
      sample: bytes.toString('utf8', start, start + 200),
    });
  }

  #count(): void {
    const samples = this.#messages.takeSamples();
    if (samples > 0) this.#sampled(samples);
  }
}

/** Where a message ends, or undefined while its end has not come. */
function streamEnd(bytes: Buffer, start: number): number | undefined {
  let from = start;
  if (isEvent(bytes, start)) {
    const frame = frameOf(bytes, start, bytes.length);
    // Lengths that lie take along no more than this line.
    if (frame && fits(bytes, start, frame) && frame.end <= maxFrame) from = start + frame.end;
  }
  const end = lineEnd(bytes, from, bytes.length);
  return end < bytes.length ? end : undefined;
}
