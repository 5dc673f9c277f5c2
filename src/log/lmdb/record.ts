import { crc32 } from 'node:zlib';
import type { StreamName } from '../../event/event.ts';
import type { Admitted } from '../admission.ts';
import type { Batch } from '../../event/batch.ts';

/** "TB", Territory batch, and the version of the record. */
const magic = 0x5442;
const version = 1;
const headerBytes = 48;

/** What a record says of itself; byte table in docs/formats/log.md. */
export interface RecordHead {
  readonly first: number;
  readonly received: number;
  /** Sum of the sizes of all records of the stream before this one, in bytes. */
  readonly position: number;
  readonly source: string;
}

/** A decoded record; `bytes` is a view of the stored value. */
export interface StoredRecord extends RecordHead {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Size of the whole value. */
  readonly size: number;
}

/** Why a value is no record. */
export interface Damage {
  readonly damage: string;
}

/** One value for the events of one or more appends, in their order. */
export function encodeRecord(head: RecordHead, parts: readonly Admitted[]): Buffer {
  const source = Buffer.from(head.source);
  const count = parts.reduce((sum, p) => sum + p.count, 0);
  const size = parts.reduce((sum, p) => sum + p.bytes.length, 0);
  const value = Buffer.allocUnsafe(headerBytes + count * 8 + source.length + size);
  value.writeUInt16BE(magic, 0);
  value.writeUInt8(version, 2);
  value.writeUInt8(0, 3);
  value.writeUInt32LE(count, 8);
  value.writeUInt32LE(source.length, 12);
  writeUint64(value, 16, head.first);
  writeUint64(value, 24, head.received);
  writeUint64(value, 32, head.position);
  writeUint64(value, 40, 0);
  let at = headerBytes;
  for (const { identities } of parts) {
    value.set(new Uint8Array(identities.buffer, identities.byteOffset, identities.byteLength), at);
    at += identities.byteLength;
  }
  value.set(source, at);
  at += source.length;
  for (const { bytes } of parts) {
    value.set(bytes, at);
    at += bytes.length;
  }
  value.writeUInt32LE(crc32(value.subarray(8)), 4);
  return value;
}

/** Takes a value apart, after checking that it is whole and belongs to its key. */
export function decodeRecord(value: Buffer, first: number): StoredRecord | Damage {
  if (value.length < headerBytes) return { damage: `only ${value.length} bytes long` };
  if (value.readUInt16BE(0) !== magic) return { damage: 'no record begins like this' };
  if (value.readUInt8(2) !== version) return { damage: `record version ${value.readUInt8(2)}` };
  if (value.readUInt32LE(4) !== crc32(value.subarray(8))) return { damage: 'the checksum differs' };
  if (readUint64(value, 16) !== first)
    return { damage: `it says that it begins at ${readUint64(value, 16)}` };
  const count = value.readUInt32LE(8);
  const sourceAt = headerBytes + count * 8;
  const linesAt = sourceAt + value.readUInt32LE(12);
  return {
    first,
    count,
    received: readUint64(value, 24),
    position: readUint64(value, 32),
    source: value.toString('utf8', sourceAt, linesAt),
    bytes: value.subarray(linesAt),
    size: value.length,
  };
}

/**
 * Hands every identity of a record to `take`, without looking at the rest: at start a million
 * records may have to be gone through. Of a damaged record it hands out what it finds.
 */
export function eachIdentity(value: Buffer, take: (high: number, low: number) => void): void {
  if (value.length < headerBytes || value.readUInt16BE(0) !== magic) return;
  const end = Math.min(headerBytes + value.readUInt32LE(8) * 8, value.length - 7);
  for (let at = headerBytes; at < end; at += 8)
    take(value.readUInt32LE(at), value.readUInt32LE(at + 4));
}

/** The record as the log gives it to readers. */
export function batchOf(stream: StreamName, record: StoredRecord): Batch {
  const { first, count, received, source, bytes } = record;
  return { stream, first, count, received, source, bytes };
}

/** Little-endian, exact up to 2^53. */
function writeUint64(into: Buffer, at: number, value: number): void {
  into.writeUInt32LE(value % 2 ** 32, at);
  into.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4);
}

function readUint64(from: Buffer, at: number): number {
  return from.readUInt32LE(at + 4) * 2 ** 32 + from.readUInt32LE(at);
}
