// @ts-check
import { parentPort } from 'node:worker_threads';
import { makeSmall } from '../small.js';

parentPort?.on('message', (message) => void work(message));

/** @param {{ item: import('newsroom-service/feed').FeedItem, store: string, place: number }} message */
async function work({ item, ...where }) {
  try {
    await makeSmall(item, where);
    parentPort?.postMessage({});
  } catch (error) {
    parentPort?.postMessage({ failed: error instanceof Error ? error.message : String(error) });
  }
}
