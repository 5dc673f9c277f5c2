import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { openLmdbLog } from '../../src/log/lmdb/lmdb-log.ts';

/** What a following thread or process is asked to do. */
interface Orders {
  readonly dir: string;
  /** The last offset to wait for. */
  readonly until: number;
}

const orders = (isMainThread ? JSON.parse(process.argv[2] ?? '{}') : workerData) as Orders;

function say(message: string): void {
  if (isMainThread) process.send?.(message);
  else parentPort?.postMessage(message);
}

const log = await openLmdbLog({ dir: orders.dir, role: 'reader', now: Date.now });
const stop = new AbortController();
const options = { follow: true, signal: stop.signal };
let last = 0;
for await (const { first, count } of log.read('readings', 1, options)) {
  say(`${first} ${count}`);
  last = first + count - 1;
  if (last >= orders.until) stop.abort();
}
try {
  await log.notes.set('cursor', last);
  say('done');
} catch (error) {
  say(error instanceof Error ? error.name : String(error));
}
await log.close();
if (isMainThread) process.disconnect();
