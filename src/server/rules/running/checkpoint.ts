import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { RuleSnapshot } from '../../../rules/engine/snapshot.ts';
import type { Cursors } from './messages.ts';

/** Of what is in the file; another one is not read. */
const version = 1;
const head = Buffer.from('TERR rules state\n');

/** What all rules know, and how far in the log they are. */
export interface Checkpoint {
  readonly cursors: Cursors;
  readonly rules: readonly RuleSnapshot[];
}

interface Stored {
  readonly version: number;
  readonly cursors: Cursors;
  readonly rules: readonly Uint8Array[];
}

/** What one rule knows as bytes. Throws what `v8.serialize` throws when it is no plain data. */
export function encodeRule(rule: RuleSnapshot): Buffer {
  return serialize(rule);
}

/** A whole checkpoint, of rules as `encodeRule` makes them. */
export function encodeCheckpoint(cursors: Cursors, rules: readonly Buffer[]): Buffer {
  return serialize({ version, cursors, rules });
}

/** Puts a checkpoint in the place of the one before; a kill at any moment leaves one of the two. */
export async function writeCheckpoint(path: string, body: Buffer): Promise<void> {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(body));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writev([head, sum, body]);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** The last checkpoint; undefined when there is none that can be used. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  try {
    const bytes = await readFile(path);
    const body = bytes.subarray(head.length + 4);
    if (!bytes.subarray(0, head.length).equals(head)) return undefined;
    if (bytes.readUInt32LE(head.length) !== crc32(body)) return undefined;
    const read = deserialize(body) as Stored;
    if (read.version !== version) return undefined;
    const rules = read.rules.map((rule) => deserialize(rule) as RuleSnapshot);
    return { cursors: read.cursors, rules };
  } catch {
    // Absent, cut off or written by something else: the log is read again instead.
    return undefined;
  }
}
