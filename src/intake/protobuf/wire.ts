import { intakeErrors } from '../errors.ts';

/** How a field's value is encoded (protobuf.dev, "Encoding"). */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/**
 * Walks one protobuf message field by field, without copies. Usage:
 * `while (reader.next()) switch (reader.field) { case 1: … reader.text() … default: reader.skip() }`.
 * Every field must be read or skipped. Lengths that reach beyond the message, unknown wire types and
 * varints of more than ten bytes throw TERR_INTAKE_DECODE with the offset.
 */
export class WireReader {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
  /** Number and wire type of the field that `next` has found. */
  field = 0;
  type = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const key = this.varint();
    this.field = Math.floor(key / 8);
    this.type = key % 8;
    if (this.field === 0) throw this.#broken('field number 0');
    return true;
  }

  /** An unsigned integer; beyond 2^53 it is rounded (see `big`). */
  varint(): number {
    const { bytes } = this;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (this.at >= this.end) throw this.#broken('a varint that does not end');
      const byte = bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw this.#broken('a varint of more than ten bytes');
  }

  /** All 64 bits of a varint, as two's complement: int64. */
  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  uint64(): bigint {
    let value = 0n;
    for (let i = 0n; i < 10n; i++) {
      if (this.at >= this.end) throw this.#broken('a varint that does not end');
      const byte = this.bytes[this.at++] ?? 0;
      value |= BigInt(byte & 0x7f) << (7n * i);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw this.#broken('a varint of more than ten bytes');
  }

  /** sint64 and sint32 (ZigZag). */
  zigzag(): bigint {
    const value = this.uint64();
    return (value >> 1n) ^ -(value & 1n);
  }

  double(): number {
    this.#need(8);
    const value = this.bytes.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  float(): number {
    this.#need(4);
    const value = this.bytes.readFloatLE(this.at);
    this.at += 4;
    return value;
  }

  fixed64(): bigint {
    this.#need(8);
    const value = this.bytes.readBigUInt64LE(this.at);
    this.at += 8;
    return value;
  }

  fixed32(): number {
    this.#need(4);
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  text(): string {
    const start = this.#length();
    this.at = start + this.#size;
    return this.bytes.toString('utf8', start, this.at);
  }

  /** A view, no copy. */
  raw(): Buffer {
    const start = this.#length();
    this.at = start + this.#size;
    return this.bytes.subarray(start, this.at);
  }

  /** A reader of the message inside; this one goes on behind it. */
  message(): WireReader {
    const start = this.#length();
    this.at = start + this.#size;
    return new WireReader(this.bytes, start, this.at);
  }

  skip(): void {
    if (this.type === wireType.varint) this.varint();
    else if (this.type === wireType.fixed64) this.#jump(8);
    else if (this.type === wireType.fixed32) this.#jump(4);
    else if (this.type === wireType.bytes) this.at = this.#length() + this.#size;
    else throw this.#broken(`wire type ${this.type}`);
  }

  #size = 0;

  /** Reads a length and checks it; gives where what it measures starts. */
  #length(): number {
    if (this.type !== wireType.bytes)
      throw this.#broken(`field ${this.field} with wire type ${this.type} where bytes belong`);
    this.#size = this.varint();
    this.#need(this.#size);
    return this.at;
  }

  #jump(size: number): void {
    this.#need(size);
    this.at += size;
  }

  #need(size: number): void {
    if (size > this.end - this.at) throw this.#broken(`a length of ${size} beyond the message`);
  }

  #broken(what: string): Error {
    const message = `The body is not the protobuf message that it should be: at byte ${this.at} there is ${what}.`;
    return intakeErrors('DECODE', message);
  }
}
