import { parentPort } from 'node:worker_threads';
import ELK from 'elkjs/lib/elk.bundled.js';
import { stepBack } from '../../../launch/priority.ts';
import type { LayoutAnswer, LayoutOrder } from './messages.ts';

/** Lays out one order after the other: ELK does not let go of its thread until it is done. */
async function work({ id, graphs }: LayoutOrder): Promise<LayoutAnswer> {
  try {
    const laidOut = [];
    // oxlint-disable-next-line no-await-in-loop -- one thread, one after the other
    for (const graph of graphs) laidOut.push(await new ELK.default().layout(graph));
    return { id, graphs: laidOut };
  } catch (error) {
    return { id, failed: error instanceof Error ? error.message : String(error) };
  }
}

stepBack('thread', 2);
parentPort?.on('message', (order: LayoutOrder) => {
  void work(order).then((answer) => parentPort?.postMessage(answer));
});
