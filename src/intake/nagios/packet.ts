import { textOf } from '../../event/plugin-output.ts';

/**
 * NSCA's packets, protocol version 3 (nsca 2.x, `common.h`): big-endian, as a C compiler lays the
 * structure out. A client of 2.9 or later sends 4304 bytes, an older one 720.
 *
 * | at  | bytes       | field                                     |
 * |-----|-------------|-------------------------------------------|
 * | 0   | 2           | version: 3                                |
 * | 4   | 4           | CRC-32 of all, with this field as zero    |
 * | 8   | 4           | time in seconds, as the greeting said it  |
 * | 12  | 2           | return code                               |
 * | 14  | 64          | host name, NUL-terminated                 |
 * | 78  | 128         | service description; empty for a host     |
 * | 206 | 4096 or 512 | plugin output; then 2 bytes of filling    |
 */
export interface Packet {
  readonly version: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly returnCode: number;
  readonly host: string;
  readonly service: string;
  readonly output: string;
}

/** Bytes of a packet. */
export const packetSizes = { now: 4304, before: 720 } as const;
/** Bytes of the initialisation vector in the greeting. */
export const ivSize = 128;

/** Whether the checksum is that of the bytes. */
export function isWhole(bytes: Buffer): boolean {
  return crc32(bytes, 4) === bytes.readUInt32BE(4);
}

/** Reads a packet whose checksum is right. */
export function readPacket(bytes: Buffer): Packet {
  return {
    version: bytes.readInt16BE(0),
    timestamp: bytes.readUInt32BE(8),
    returnCode: bytes.readInt16BE(12),
    host: textAt(bytes, 14, 64),
    service: textAt(bytes, 78, 128),
    output: textAt(bytes, 206, bytes.length - 208),
  };
}

function textAt(bytes: Buffer, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return textOf(end < 0 ? field : field.subarray(0, end));
}

/** Encryption method 1, in a copy: XOR with the vector of the greeting, then with the password. */
export function unXor(bytes: Buffer, iv: Uint8Array, password: Uint8Array): Buffer {
  const plain = Buffer.from(bytes);
  for (const key of [iv, password])
    if (key.length > 0)
      for (let at = 0; at < plain.length; at++)
        plain[at] = (plain[at] ?? 0) ^ (key[at % key.length] ?? 0);
  return plain;
}

/** The greeting: a vector, and the time in seconds that packets are to repeat. */
export function greetingOf(iv: Uint8Array, timestamp: number): Buffer {
  const greeting = Buffer.alloc(ivSize + 4);
  greeting.set(iv, 0);
  greeting.writeUInt32BE(timestamp >>> 0, ivSize);
  return greeting;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xed_b8_83_20 : value >>> 1;
  return value;
});

/** CRC-32 (IEEE 802.3) with four bytes at `zeroed` read as zero. `zlib.crc32` is not in Node 20. */
export function crc32(bytes: Uint8Array, zeroed: number): number {
  let value = update(0xff_ff_ff_ff, bytes, { from: 0, to: zeroed });
  value = update(value, zeros, { from: 0, to: zeros.length });
  value = update(value, bytes, { from: zeroed + zeros.length, to: bytes.length });
  return ~value >>> 0;
}

const zeros = new Uint8Array(4);

function update(before: number, bytes: Uint8Array, { from, to }: { from: number; to: number }) {
  let value = before;
  for (let at = from; at < to; at++)
    value = (table[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8);
  return value;
}
