import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

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
  // Somebody else's in a folder for all; or another build sweeps at the same time.
  for (const name of left) await removeTree(join(parent, name)).catch(() => undefined); // oxlint-disable-line no-await-in-loop -- few, if any
}

/** Removes a folder with everything in it, if it is there. */
export const removeTree = async (place: string): Promise<void> =>
  rm(place, { recursive: true, force: true, maxRetries: 3 });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
