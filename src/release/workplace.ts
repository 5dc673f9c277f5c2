import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const host = hostname().replace(/[^\w.-]/g, '_');

/** A folder of this process alone in `parent`, told apart from those that a killed one left. */
export async function makeWorkplace(parent: string, prefix: string): Promise<string> {
  const name = `${prefix}${host}~${process.pid}~${randomBytes(6).toString('hex')}`;
  const place = join(parent, name);
  await mkdir(parent, { recursive: true });
  await mkdir(place, { mode: 0o700 });
  return place;
}

/** Removes what killed processes of this machine left in `parent`. */
export async function sweep(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const left = names.filter((name) => {
    if (!name.startsWith(prefix)) return false;
    const [on, pid] = name.slice(prefix.length).split('~');
    return on === host && /^\d+$/.test(pid ?? '') && !isAlive(Number(pid));
  });
  for (const name of left) await removeTree(join(parent, name)); // oxlint-disable-line no-await-in-loop -- few, if any
}

/**
 * Removes a folder with everything in it, if it is there. What builds leave may be read-only
 * folders; what can not be removed at all stays, since nothing depends on it.
 */
export async function removeTree(place: string): Promise<void> {
  const remove = async (): Promise<void> =>
    rm(place, { recursive: true, force: true, maxRetries: 3 });
  await remove()
    .catch(async () => run('chmod', ['-R', 'u+rwX', place]).then(remove))
    .catch(() => undefined);
}

const run = promisify(execFile);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
