import { readFileSync, readlinkSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { allProcesses, cookieName, hasCookie, signalOne } from '../../runner/job/processes.ts';
import { cookieOf } from './cookie.ts';

/**
 * Kills everything of the demo in a folder, at once and without waiting: for who does not want to wait
 * for an orderly end. What it started carries its cookie; what was deployed has one
 * of the runner and works in its folder. Somebody's shell in there has none.
 */
export function killAll(home: string): void {
  const cookie = cookieOf(home);
  const below = `${resolve(home)}${sep}`;
  for (const stat of allProcesses())
    if (stat.pid !== process.pid && (hasCookie(stat.pid, cookie) || isDeployedIn(stat.pid, below)))
      signalOne(stat, 'SIGKILL');
}

function isDeployedIn(pid: number, folder: string): boolean {
  try {
    const isThere = `${readlinkSync(`/proc/${pid}/cwd`)}${sep}`.startsWith(folder);
    return isThere && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`${cookieName}=`);
  } catch {
    return false; // gone, or of another user
  }
}
