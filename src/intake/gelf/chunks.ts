import { refused, type Refused } from '../decoded.ts';
import { tooLong } from './unpack.ts';

/** GELF 1.1: all chunks must arrive within this, ms. */
const patience = 5_000;
const header = 12;
const mostChunks = 128;
/** Bytes of all that is not complete, of all senders. */
const mostBytes = 64 * 1024 * 1024;

interface Incomplete {
  readonly sender: string;
  readonly key: string;
  readonly since: number;
  readonly parts: (Buffer | undefined)[];
  missing: number;
  bytes: number;
}

type Answer = Buffer | { readonly refused: Refused } | undefined;

/** Whether a datagram is a part of a message. */
export function isChunk(bytes: Buffer): boolean {
  return bytes[0] === 0x1e && bytes[1] === 0x0f;
}

/**
 * Puts messages together that came in chunks: magic, 8 bytes of id, number, count, part. Ids count by
 * sender. At most `most` messages are incomplete at once; over that the oldest gives way of the
 * sender that has the most of them, so that who sends halves loses their own.
 */
export class Chunks {
  readonly #most: number;
  readonly #mostMessage: number;
  readonly #senders = new Map<string, Map<string, Incomplete>>();
  #count = 0;
  #bytes = 0;

  constructor(most: number, mostMessage: number) {
    this.#most = most;
    this.#mostMessage = mostMessage;
  }

  /** Messages of which parts are missing. */
  get incomplete(): number {
    return this.#count;
  }

  /**
   * The whole message with its last part; undefined while parts are missing, and for one that came
   * twice. `now`: ms, never going back.
   */
  add(bytes: Buffer, sender: string, now: number): Answer {
    const [number = 0, count = 0] = bytes.subarray(10, header);
    if (bytes.length < header || count === 0 || count > mostChunks || number >= count)
      return refused(
        'TERR_INTAKE_DECODE',
        `Chunk ${number} of ${count} (most: ${mostChunks}) is none.`,
      );
    const part = bytes.subarray(header);
    // gelf-pro sends what fits into one datagram as chunk 0 of 1.
    if (count === 1) return part;
    const key = keyOf(bytes);
    const one = this.#senders.get(sender)?.get(key) ?? this.#begin({ sender, key, count, now });
    if (one.parts.length !== count) {
      this.#forget(one);
      return refused('TERR_INTAKE_DECODE', 'Two chunks of one message differ in their count.');
    }
    if (one.parts[number] !== undefined) return undefined;
    return this.#put(one, number, part);
  }

  #put(one: Incomplete, number: number, part: Buffer): Answer {
    // A copy: what came by the socket may be a piece of something larger.
    one.parts[number] = Buffer.from(part);
    one.missing -= 1;
    one.bytes += part.length;
    this.#bytes += part.length;
    if (one.bytes > this.#mostMessage) {
      this.#forget(one);
      return tooLong(this.#mostMessage);
    }
    if (one.missing > 0) return undefined;
    this.#forget(one);
    return Buffer.concat(one.parts.filter((found) => found !== undefined));
  }

  /** Lets go of what has waited too long, or is too much; why, for each. */
  *expire(now: number): Generator<{ readonly refused: Refused }> {
    for (const messages of this.#senders.values())
      for (const one of messages.values()) {
        // In the order of their first chunks.
        if (now - one.since < patience) break;
        this.#forget(one);
        yield late(one);
      }
  }

  /** What gives way so that this chunk finds room. */
  *makeRoom(bytes: Buffer, sender: string): Generator<{ readonly refused: Refused }> {
    const begun = bytes[11] === 1 || this.#senders.get(sender)?.has(keyOf(bytes)) === true;
    while ((!begun && this.#count >= this.#most) || this.#bytes > mostBytes) {
      const oldest = this.#ofTheGreatest();
      if (oldest === undefined) return;
      this.#forget(oldest);
      const message = `Too many messages are incomplete (intakes.gelf.maxChunked): one of ${oldest.sender} gives way.`;
      yield refused('TERR_INTAKE_KEYS', message);
    }
  }

  #begin(of: { sender: string; key: string; count: number; now: number }): Incomplete {
    const { sender, key, count, now } = of;
    const parts: undefined[] = Array.from({ length: count }, () => undefined);
    const one: Incomplete = { sender, key, since: now, parts, missing: count, bytes: 0 };
    const messages = this.#senders.get(sender) ?? new Map<string, Incomplete>();
    messages.set(key, one);
    this.#senders.set(sender, messages);
    this.#count += 1;
    return one;
  }

  #forget(one: Incomplete): void {
    const messages = this.#senders.get(one.sender);
    if (messages?.delete(one.key) !== true) return;
    if (messages.size === 0) this.#senders.delete(one.sender);
    this.#count -= 1;
    this.#bytes -= one.bytes;
  }

  #ofTheGreatest(): Incomplete | undefined {
    let greatest: Map<string, Incomplete> | undefined;
    for (const messages of this.#senders.values())
      if (messages.size > (greatest?.size ?? 0)) greatest = messages;
    return greatest?.values().next().value;
  }
}

function keyOf(bytes: Buffer): string {
  return bytes.toString('latin1', 2, 10);
}

function late({ sender, parts, missing }: Incomplete): { readonly refused: Refused } {
  const message = `${missing} of ${parts.length} chunks of a message of ${sender} did not arrive within 5 s.`;
  return refused('TERR_INTAKE_DECODE', message);
}
