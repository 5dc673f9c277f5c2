import { Worker } from 'node:worker_threads';
import { ownModule } from '../../../launch/own-module.ts';
import type { Drawing } from '../../../rooms/map/picture/drawing.ts';
import type { Sheet } from '../../../rooms/map/picture/sheet.ts';
import type { LayoutAnswer, LayoutOrder } from './messages.ts';

/** A layout that takes longer is given up, ms; 500 nodes, all open, take some three seconds. */
const patienceMs = 20_000;
/** The thread ends when nothing was asked for so long, ms: ELK alone holds some 100 MB. */
const idleMs = 60_000;

interface Waiting {
  readonly worker: Worker;
  readonly resolve: (drawing: Drawing) => void;
  readonly reject: (error: Error) => void;
}

/** The thread in which ELK works, there while it is needed. One order at a time. */
export class LayoutThread {
  readonly #patience: number;
  #worker: Worker | undefined;
  #waiting: Waiting | undefined;
  #next = 1;
  #idle: NodeJS.Timeout | undefined;

  constructor(patience = patienceMs) {
    this.#patience = patience;
  }

  /** Lays a sheet out; rejects when it fails, dies, or takes too long. */
  async draw(sheet: Sheet, hash: string): Promise<Drawing> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const order: LayoutOrder = { id: this.#next++, sheet, hash };
    let late: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Drawing>((resolve, reject) => {
        this.#waiting = { worker, resolve, reject };
        late = setTimeout(() => {
          reject(new Error(`the layout took longer than ${this.#patience} ms`));
          void this.close();
        }, this.#patience);
        worker.postMessage(order);
      });
    } finally {
      clearTimeout(late);
      this.#waiting = undefined;
      this.#idle = setTimeout(() => void this.close(), idleMs).unref();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const module = ownModule(import.meta.url, './worker.ts');
    const worker = new Worker(module.url, { execArgv: [...module.execArgv] });
    worker.unref();
    worker.on('message', (answer: LayoutAnswer) => {
      if ('failed' in answer) this.#waiting?.reject(new Error(answer.failed));
      else this.#waiting?.resolve(answer.drawing);
    });
    const died = (error: Error): void => {
      if (this.#worker === worker) this.#worker = undefined;
      // One that was given up ends while the next one is at work already.
      if (this.#waiting?.worker === worker) this.#waiting.reject(error);
    };
    worker.on('error', (error) => died(error instanceof Error ? error : new Error(String(error))));
    worker.on('exit', () => died(new Error('the thread of the layout ended')));
    return worker;
  }
}
