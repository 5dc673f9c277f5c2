import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { isRecord } from '../../../event/json.ts';
import type { Lived } from './lives.ts';

/** Another one has another shape, and is not read. */
const head = Buffer.from('TERR checks 1\n');
/** Checks that are written at a stretch: others get their turn between. */
const atOnce = 50;

/** What is known of all checks, and up to where on the log it is known. */
export interface Checkpoint {
  /** First reading that is not in it. */
  readonly next: number;
  readonly lives: ReadonlyMap<string, Lived>;
}

/** Writes a checkpoint in the place of the one before; a kill leaves one of the two. */
export async function writeCheckpoint(path: string, { next, lives }: Checkpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.write(head);
    let sum = 0;
    const put = async (value: unknown): Promise<void> => {
      const bytes = serialize(value);
      const size = Buffer.alloc(4);
      size.writeUInt32LE(bytes.length);
      sum = crc32(bytes, sum);
      await file.write(Buffer.concat([size, bytes]));
      await setImmediate();
    };
    await put({ next });
    const entries = [...lives];
    for (let i = 0; i < entries.length; i += atOnce)
      // oxlint-disable-next-line no-await-in-loop -- in this order
      await put(entries.slice(i, i + atOnce));
    const end = Buffer.alloc(8);
    end.writeUInt32LE(sum, 4);
    await file.write(end);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

/** The last checkpoint; undefined when there is none that can be used. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  try {
    const [first, ...parts] = partsOf(await readFile(path));
    if (!isRecord(first) || typeof first['next'] !== 'number') return undefined;
    // The sum says that they are what was written.
    const entries = parts.flat() as (readonly [string, Lived])[];
    return { next: first['next'], lives: new Map(entries) };
  } catch {
    // Absent, cut off or written by something else: what the log holds is read again.
    return undefined;
  }
}

/** Throws where it is not whole. */
function partsOf(bytes: Buffer): unknown[] {
  if (!bytes.subarray(0, head.length).equals(head)) throw new Error('no checkpoint');
  const parts: unknown[] = [];
  let sum = 0;
  for (let at = head.length; ;) {
    const size = bytes.readUInt32LE(at);
    at += 4;
    if (size === 0) {
      if (bytes.readUInt32LE(at) !== sum) throw new Error('damaged');
      return parts;
    }
    const part = bytes.subarray(at, at + size);
    sum = crc32(part, sum);
    parts.push(deserialize(part));
    at += size;
  }
}
