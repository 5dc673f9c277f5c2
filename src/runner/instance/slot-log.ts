import { copyFile, mkdir, open, stat, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { InstanceWish } from './instance.ts';

/** Size at which the log of a place is put aside, bytes; one older one is kept. */
const logBytes = 4 * 1024 * 1024;

/**
 * Opens the log of a place for a process to write to, and says in it who writes from here on. The
 * process writes to the file itself: a pipe would end with whoever reads it, and the process with
 * that. Close it after the process has it.
 */
export async function openLog(path: string, wish: InstanceWish, at: number) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await boundLog(path);
  const file = await open(path, 'a', 0o600);
  const { version, slot, port } = wish;
  const when = new Date(at).toISOString();
  await file.write(`-- territory ${when}: starts ${version} as ${slot} on port ${port}\n`);
  return file;
}

/**
 * Puts a log aside that has become large: it is copied and emptied, for the process goes on writing
 * to the same file, at its end (as `copytruncate` of logrotate(8) does it). What is written between
 * the two is lost.
 */
export async function boundLog(path: string, limit = logBytes): Promise<void> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= limit) return;
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
}
