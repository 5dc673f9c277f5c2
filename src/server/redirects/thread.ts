import { Worker } from 'node:worker_threads';
import { ownModule } from '../../launch/own-module.ts';
import { threadMemory } from '../../launch/thread-memory.ts';
import type { FromRedirects, RedirectsOrder, RedirectsResults } from './messages.ts';

/** A quarter of a million rows take 130 MB; the largest map has twice as many bytes. */
const maxMemory = 768 * 2 ** 20;

interface Options {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, wrong: number) => void;
}

/**
 * Works on a map in a thread of its own, which ends with it: reading and linting one takes seconds,
 * verifying it minutes. Rejects when it fails, dies, or is stopped.
 */
export async function inThread<K extends keyof RedirectsResults>(
  order: Extract<RedirectsOrder, { readonly kind: K }>,
  { signal, onProgress }: Options,
): Promise<RedirectsResults[K]> {
  signal.throwIfAborted();
  const module = ownModule(import.meta.url, './worker.ts');
  const worker = new Worker(module.url, {
    execArgv: [...module.execArgv],
    workerData: order,
    resourceLimits: threadMemory(maxMemory),
  });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: FromRedirects) => {
        if (message.kind === 'progress') onProgress?.(message.done, message.wrong);
        else if (message.kind === 'failed') reject(new Error(message.message));
        // The thread answers what it was asked.
        else resolve(message.result as RedirectsResults[K]);
      });
      worker.on('error', reject);
      worker.on('exit', () =>
        reject(signal.aborted ? signal.reason : new Error('the thread ended before it was done')),
      );
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
