import { intakeErrors } from '../errors.ts';

/**
 * Unpacks a snappy block (google/snappy, format_description.txt). The length that its head names is
 * held against `limit` before anything is set aside, and what follows must come to exactly that.
 * Throws TERR_INTAKE_TOO_LARGE and TERR_INTAKE_BODY.
 *
 * By hand because snappyjs 0.7.0 does not look at what it reads: ten bytes with a literal of negative
 * length have it loop for ever.
 */
export function unsnappy(block: Buffer, limit: number): Buffer {
  const { length, at } = readLength(block);
  if (length > limit) throw tooLarge(length, limit);
  // Each tag of two bytes or more makes at most 64 of them: a longer claim is a lie, not worth the memory.
  if (length > 64 * block.length) throw broken(0, `a length of ${length} that it can not have`);
  const out = Buffer.allocUnsafe(length);
  const written = new Unpacking(block, at, out).run();
  if (written !== length) throw broken(block.length, `an end after ${written} of ${length} bytes`);
  return out;
}

/** Copies up to this many bytes are made one by one, which is faster than asking for it. */
const few = 32;

class Unpacking {
  readonly #block: Buffer;
  readonly #out: Buffer;
  #at: number;
  #to = 0;

  constructor(block: Buffer, at: number, out: Buffer) {
    this.#block = block;
    this.#at = at;
    this.#out = out;
  }

  run(): number {
    const { length } = this.#block;
    while (this.#at < length) {
      const tag = this.#byte();
      const kind = tag & 3;
      if (kind === 0) this.#literal(tag >>> 2);
      else if (kind === 1) this.#copy(((tag >>> 2) & 7) + 4, ((tag >>> 5) << 8) | this.#byte());
      else this.#copy((tag >>> 2) + 1, this.#number(kind === 2 ? 2 : 4));
    }
    return this.#to;
  }

  #literal(size: number): void {
    const length = (size < 60 ? size : this.#number(size - 59)) + 1;
    const from = this.#at;
    if (length > this.#block.length - from) throw broken(from, 'a literal beyond its end');
    this.#needs(length);
    this.#block.copy(this.#out, this.#to, from, from + length);
    this.#at = from + length;
    this.#to += length;
  }

  #copy(length: number, distance: number): void {
    const to = this.#to;
    const out = this.#out;
    if (distance === 0 || distance > to) throw broken(this.#at, 'a copy from before its start');
    this.#needs(length);
    // Where both overlap, what was just written is read again: that is how runs are packed.
    if (distance >= length && length > few)
      out.copyWithin(to, to - distance, to - distance + length);
    else for (let i = to; i < to + length; i++) out[i] = out[i - distance] ?? 0;
    this.#to = to + length;
  }

  #needs(length: number): void {
    if (length > this.#out.length - this.#to)
      throw broken(this.#at, `more than the ${this.#out.length} bytes that its head names`);
  }

  #byte(): number {
    const byte = this.#block[this.#at++];
    if (byte === undefined) throw broken(this.#block.length, 'an end in the middle');
    return byte;
  }

  /** Little-endian. */
  #number(bytes: number): number {
    let value = 0;
    for (let i = 0, scale = 1; i < bytes; i++, scale *= 256) value += this.#byte() * scale;
    return value;
  }
}

function readLength(block: Buffer): { length: number; at: number } {
  let length = 0;
  for (let at = 0, scale = 1; at < 5; at++, scale *= 128) {
    const byte = block[at];
    if (byte === undefined) throw broken(at, 'no length');
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) return { length, at: at + 1 };
  }
  throw broken(0, 'a length of more than 32 bits');
}

function tooLarge(length: number, limit: number): Error {
  const message = `Unpacked, the body has ${length} bytes, and ${limit} are taken (intake.maxBody): send it in parts.`;
  return intakeErrors('TOO_LARGE', message);
}

function broken(at: number, what: string): Error {
  const message = `The body is no snappy block, or damaged: at byte ${at} there is ${what}.`;
  return intakeErrors('BODY', message);
}
