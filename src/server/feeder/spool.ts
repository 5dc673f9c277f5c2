import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const memory = '/dev/shm';
const prefix = 'territory-';
/** Below that much free room in memory the files go to the disk. */
const roomyBytes = 512 << 20;

/**
 * An empty directory for the files of blocks on their way into history: in memory where there is
 * room, else in `fallback`. Removes what servers that are gone have left behind: their blocks are
 * made again from the log.
 */
export function openSpool(fallback: string, pid: number): string {
  removeLeftovers();
  rmSync(fallback, { recursive: true, force: true });
  const dir = isRoomy() ? join(memory, `${prefix}${pid}-${Date.now().toString(36)}`) : fallback;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}

function isRoomy(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= roomyBytes;
  } catch {
    return false;
  }
}

function removeLeftovers(): void {
  for (const name of namesIn(memory)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) remove(join(memory, name));
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true });
  } catch {
    // Another user's: theirs to remove.
  }
}
