import { open, readFile, rename } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { isRecord } from '../../event/json.ts';
import type { Bounds, ThreadGraph } from '../../rooms/thread/graph.ts';
import { type Part, graphFrom, snapshotOf } from '../../rooms/thread/snapshot.ts';

const head = Buffer.from('TERR threads\n');

/** Up to where a graph has the facts, and what the last of them was: another log has another. */
export interface Reached {
  /** Offset of the first fact that is not in it. */
  readonly next: number;
  /** Source and id of the fact before. */
  readonly last: string;
}

/**
 * Writes a graph down in the place of the one before; a kill leaves one of the two. In a file and not
 * in the log's notes, which are for small things. Others get their turn between its parts.
 */
export async function writeSnapshot(
  path: string,
  graph: ThreadGraph,
  reached: Reached,
): Promise<void> {
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
      await file.write(size);
      await file.write(bytes);
      await setImmediate();
    };
    await put(reached);
    // oxlint-disable-next-line no-await-in-loop -- in this order
    for (const part of snapshotOf(graph)) await put(part);
    const end = Buffer.alloc(8);
    end.writeUInt32LE(sum, 4);
    await file.write(end);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

/** What was written; undefined when there is none, or it can not be used as it is. */
export async function readSnapshot(
  path: string,
  bounds: Bounds,
): Promise<{ readonly graph: ThreadGraph; readonly reached: Reached } | undefined> {
  try {
    const [first, ...parts] = recordsIn(await readFile(path));
    if (!isReached(first)) return undefined;
    const graph = graphFrom(parts as Part[], bounds); // the sum says that they are what was written
    return graph && { graph, reached: first };
  } catch {
    // It only saves time: the facts are all on the log.
    return undefined;
  }
}

function isReached(value: unknown): value is Reached {
  return isRecord(value) && typeof value['next'] === 'number' && typeof value['last'] === 'string';
}

/** Throws when it is not whole. */
function recordsIn(bytes: Buffer): unknown[] {
  if (!bytes.subarray(0, head.length).equals(head)) throw new Error('not a snapshot');
  const records: unknown[] = [];
  let sum = 0;
  let at = head.length;
  for (;;) {
    const size = bytes.readUInt32LE(at);
    at += 4;
    if (size === 0) break;
    const record = bytes.subarray(at, at + size);
    sum = crc32(record, sum);
    records.push(deserialize(record));
    at += size;
  }
  if (bytes.readUInt32LE(at) !== sum) throw new Error('damaged');
  return records;
}
