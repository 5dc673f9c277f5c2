import { setTimeout as delay } from 'node:timers/promises';
import { readCode, readMark, readOrder, writeWhole } from './folder.ts';
import { lives } from './processes.ts';
import { stopProcesses } from './stopping.ts';

/** ms that its minder has for all of it: INT, TERM and KILL, the last output, and a slow machine. */
const patience = 30_000;
/** As `pid` of a job that will never be started. */
const nobody = '0 0 -\n';
/** Exit code of a job that was cancelled before it began: that of INT. */
const interrupted = 130;

/**
 * Cancels a job: see JobHost. Its minder is asked by the file `cancel`, so that it goes on whatever
 * becomes of us, and knows why its process ended. When there is none any more we do it ourselves.
 */
export async function cancelJob(folder: string): Promise<readonly number[]> {
  const order = readOrder(folder);
  if (readCode(folder) === undefined) await askMinder(folder);
  const minder = readMark(folder, 'pid');
  const spared = new Set([process.pid]);
  if (minder !== undefined && lives(minder)) spared.add(minder.pid);
  return stopProcesses({ cookie: order.task, child: readMark(folder, 'child'), spared });
}

async function askMinder(folder: string): Promise<void> {
  if (writeWhole(folder, 'pid', nobody, true)) {
    writeWhole(folder, 'stopped', 'cancelled\n');
    writeWhole(folder, 'rc', `${interrupted}\n`);
    return;
  }
  writeWhole(folder, 'cancel', `${Date.now()}\n`, true);
  const minder = readMark(folder, 'pid');
  const end = performance.now() + patience;
  while (minder !== undefined && lives(minder) && performance.now() < end) {
    if (readCode(folder) !== undefined) return;
    await delay(50);
  }
}
