import { createHash, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { isRecord } from '../../event/json.ts';

/** The first bytes of a file, by which it is known again when its inode is not. */
export interface Print {
  readonly length: number;
  readonly hash: string;
}

/** How far a file has been read; all before `offset` is durable as events. */
export interface Place {
  /** Of this content: a file that was truncated is another one. Part of its events' ids. */
  readonly id: string;
  readonly path: string;
  /** Of the settings it was found by. */
  readonly pattern: string;
  readonly dev: number;
  readonly ino: number;
  readonly offset: number;
  readonly print: Print;
  /** In the middle of a line that was cut. */
  readonly passing: boolean;
  /** No longer under a name that is looked for: to be read to its end. */
  readonly rotated: boolean;
}

/** Bytes of a print at most. */
export const printLength = 1_024;

/** Ids are random: an inode is used again, and a path too. */
export function newId(): string {
  return randomBytes(9).toString('base64url');
}

/** The print of what was read before `offset`: appending does not change it. */
export async function printOf(handle: FileHandle, offset: number): Promise<Print> {
  const length = Math.min(offset, printLength);
  return { length, hash: await hashOf(handle, length) };
}

/** Whether a file still begins as it did. */
export async function isSame(handle: FileHandle, print: Print): Promise<boolean> {
  return print.length === 0 || (await hashOf(handle, print.length)) === print.hash;
}

async function hashOf(handle: FileHandle, length: number): Promise<string> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, 0);
  return createHash('sha256').update(bytes.subarray(0, bytesRead)).digest('base64url').slice(0, 16);
}

/** A note as a place; undefined when it is none. */
export function placeOf(value: unknown): Place | undefined {
  if (!isRecord(value) || !isRecord(value['print'])) return undefined;
  const { id, path, pattern, dev, ino, offset } = value;
  const { length, hash } = value['print'];
  if (typeof id !== 'string' || typeof path !== 'string' || typeof hash !== 'string')
    return undefined;
  if (typeof pattern !== 'string') return undefined;
  if (typeof dev !== 'number' || typeof ino !== 'number') return undefined;
  if (typeof offset !== 'number' || typeof length !== 'number') return undefined;
  return {
    id,
    path,
    pattern,
    dev,
    ino,
    offset,
    print: { length, hash },
    passing: value['passing'] === true,
    rotated: value['rotated'] === true,
  };
}
