import { parentPort } from 'node:worker_threads';
import ELK from 'elkjs/lib/elk.bundled.js';
import { stepBack } from '../../../launch/priority.ts';
import { draw } from './draw.ts';
import type { LayoutAnswer, LayoutOrder } from './messages.ts';

const elk = new ELK.default();

/** Draws one order after the other: ELK does not let go of its thread until it is done. */
async function work({ id, sheet, hash }: LayoutOrder): Promise<LayoutAnswer> {
  try {
    return { id, drawing: await draw(sheet, hash, (graph) => elk.layout(graph)) };
  } catch (error) {
    return { id, failed: error instanceof Error ? error.message : String(error) };
  }
}

stepBack('thread', 2);
parentPort?.on('message', (order: LayoutOrder) => {
  void work(order).then((answer) => parentPort?.postMessage(answer));
});
