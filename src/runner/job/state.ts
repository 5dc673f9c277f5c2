import { setTimeout as delay } from 'node:timers/promises';
import { type WrittenOrder, readCode, readMark, readOrder, readStop } from './folder.ts';
import type { JobState } from './job.ts';
import { lives } from './processes.ts';
import { carriers } from './stopping.ts';

/** ms in which an order may stand without anybody who minds it, before that counts. */
const startGrace = 2_000;

/** How a job stands: see JobHost. */
export async function stateOf(folder: string): Promise<JobState> {
  const order = readOrder(folder);
  for (;;) {
    const state = stateNow(folder, order);
    const begins = readMark(folder, 'pid') === undefined && Date.now() - order.at < startGrace;
    if (state.state !== 'lost' || !begins) return state;
    await delay(20);
  }
}

/** How it stands at this moment; one that is about to be started looks lost. */
function stateNow(folder: string, order: WrittenOrder): JobState {
  const before = endOf(folder);
  if (before !== undefined) return before;
  const minder = readMark(folder, 'pid');
  const child = readMark(folder, 'child');
  if (child !== undefined && lives(child)) return { state: 'running', pid: child.pid };
  if (minder !== undefined && lives(minder)) return { state: 'running', pid: minder.pid };
  // Its minder was killed: what it started may go on, and nobody will know how it ends.
  const [left] = carriers({ cookie: order.task, child, spared: new Set([process.pid]) });
  if (left !== undefined) return { state: 'running', pid: left.pid };
  // It may have ended while we looked.
  return endOf(folder) ?? { state: 'lost' };
}

function endOf(folder: string): JobState | undefined {
  const code = readCode(folder);
  return code === undefined ? undefined : { state: 'ended', code, stopped: readStop(folder) };
}
