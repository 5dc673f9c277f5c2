import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const length = 32;

/**
 * The key of digests of values, `values.key` in the runner's home: made once, readable by its user
 * only, and never sent anywhere. Throws what the file system says.
 */
export async function valuesKey(home: string): Promise<Uint8Array> {
  const file = join(home, 'values.key');
  const kept = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (kept?.length === length) return kept;
  if (kept) throw new Error(`${file} is no key of ${length} bytes; remove it to get another`);
  await mkdir(home, { recursive: true });
  const made = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(made, 'wx', 0o600);
  try {
    await handle.writeFile(randomBytes(length));
    await handle.sync();
    // Of several that begin at once the first one's stays.
    await link(made, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await handle.close();
    await rm(made, { force: true });
  }
  return readFile(file);
}
