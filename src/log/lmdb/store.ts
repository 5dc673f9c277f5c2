import { open, type Database, type RootDatabase } from 'lmdb';
import type { StreamName } from '../../event/event.ts';

type Binary = Database<Buffer, Uint8Array>;

/** The LMDB environment and its databases; see docs/formats/log.md. */
export interface Store {
  readonly env: RootDatabase<Buffer, Uint8Array>;
  /** First offset → record. */
  readonly streams: Readonly<Record<StreamName, Binary>>;
  /** Subject → offset of its last fact. */
  readonly subjects: Binary;
  /** Key → JSON text. */
  readonly notes: Binary;
  /** `format`, and the state of each stream under its name. */
  readonly meta: Binary;
}

/** How values of 200 bytes and more are stored; one log may hold both. */
export type Compression = 'lz4' | 'none';

export interface StoreOptions {
  readonly dir: string;
  readonly compression: Compression;
  /** Address space for the file, in bytes: a limit of its size, not memory or disk taken. */
  readonly mapBytes: number;
  /**
   * Never takes LMDB's locks of writers: one that dies while it holds them would make the writer's
   * environment unusable (MDB_PANIC of lmdb 3.5.6 with overlapping flushes).
   */
  readonly readOnly: boolean;
}

/**
 * What LZ4 may refer back to at the start of a value, so that a record of one event gets smaller
 * too. Part of format 1: never change it. (Without one of our own, lmdb takes a file out of its
 * package, and an update of that file would make every stored value unreadable.)
 */
const dictionary = Buffer.from(
  '"deployment.environment.name":"production","http.route":"/","subject":"/","data":{"' +
    '"tags":["],"attributes":{"","environment":"production","state":"critical","state":"warning",' +
    '"ttl":60,"state":"ok","metric":0.,"name":"","host":"host-1","service":"service-1",' +
    '"source":"/","time":17,"type":"metric","id":"',
);

/** Opens the files in `dir`, which must exist, and creates what is missing. */
export function openStore({ dir, compression, mapBytes, readOnly }: StoreOptions): Store {
  const threshold = compression === 'lz4' ? 200 : 0xffff_ffff;
  const options = {
    noSubdir: false,
    readOnly,
    permissionsMode: 0o600,
    mapSize: mapBytes,
    noMemInit: true,
    maxDbs: 16,
    // With lmdb's own batching by turns, a failed commit also rejects a promise inside lmdb that
    // nobody can catch, which would end the process. Every write goes through env.batch instead.
    eventTurnBatching: false,
    compression: { threshold, dictionary: dictionary.subarray(0, dictionary.length & ~7) },
  };
  const env = open<Buffer, Uint8Array>(dir, { ...options, ...binary });
  const db = (name: string): Binary => env.openDB<Buffer, Uint8Array>({ name, ...binary });
  return {
    env,
    streams: { facts: db('facts'), readings: db('readings') },
    subjects: db('subjects'),
    notes: db('notes'),
    meta: db('meta'),
  };
}

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;

/** An offset as a key: eight bytes, big-endian, so that bytes sort as numbers do. */
export function offsetKey(offset: number): Buffer {
  const key = Buffer.allocUnsafe(8);
  key.writeUInt32BE(Math.floor(offset / 2 ** 32), 0);
  key.writeUInt32BE(offset % 2 ** 32, 4);
  return key;
}

/** The offset of a key that `offsetKey` made. */
export function keyOffset(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}

/** A text as a key: its UTF-8 bytes. */
export function textKey(text: string): Buffer {
  return Buffer.from(text);
}
