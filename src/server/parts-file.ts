import { open, readFile, rename } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';

/**
 * A file of values, for what only saves time: `head`, then each value as its size (4 bytes, little
 * endian) and its bytes by V8's serializer, then size 0 and the CRC-32 of all those bytes. It is
 * written beside its place, durable, and put there as a whole: a kill leaves the old or the new one.
 * Others get their turn between the values.
 */
export async function writeParts(
  path: string,
  head: Uint8Array,
  parts: Iterable<unknown>,
): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.write(head);
    let sum = 0;
    for (const part of parts) {
      const bytes = serialize(part);
      const size = Buffer.alloc(4);
      size.writeUInt32LE(bytes.length);
      sum = crc32(bytes, sum);
      await file.write(Buffer.concat([size, bytes])); // oxlint-disable-line no-await-in-loop -- in this order
      await setImmediate(); // oxlint-disable-line no-await-in-loop -- as above
    }
    const end = Buffer.alloc(8);
    end.writeUInt32LE(sum, 4);
    await file.write(end);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

/** What was written; throws when it is not there, not whole, or begins otherwise. */
export async function readParts(path: string, head: Uint8Array): Promise<unknown[]> {
  const bytes = await readFile(path);
  if (!bytes.subarray(0, head.length).equals(head)) throw new Error('it begins otherwise');
  const parts: unknown[] = [];
  let sum = 0;
  for (let at = head.length; ;) {
    const size = bytes.readUInt32LE(at);
    at += 4;
    if (size === 0) {
      if (bytes.readUInt32LE(at) !== sum) throw new Error('it is damaged');
      return parts;
    }
    const part = bytes.subarray(at, at + size);
    sum = crc32(part, sum);
    parts.push(deserialize(part));
    at += size;
  }
}
