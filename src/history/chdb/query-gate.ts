import { historyError } from '../errors.ts';

interface Waiter {
  readonly start: () => void;
  readonly leave: (error: Error) => void;
}

/**
 * Lets a few queries run at once and some more wait; refuses the rest at once, so that a burst of
 * questions costs its askers a retry and nobody's memory.
 */
export class QueryGate {
  readonly #atOnce: number;
  readonly #mayWait: number;
  readonly #waiting: Waiter[] = [];
  #running = 0;
  /** How many queries were refused because too many waited. */
  refused = 0;

  constructor(atOnce: number, mayWait: number) {
    this.#atOnce = atOnce;
    this.#mayWait = mayWait;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Runs `query` when there is room. Throws TERR_HISTORY_BUSY when too many wait already, and
   * TERR_HISTORY_CANCELLED when `signal` aborts while it waits.
   */
  async run<T>(query: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#wait(signal);
    else this.#running++;
    try {
      return await query();
    } finally {
      // The place is handed on, not given back, so that nobody overtakes the one who waited.
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#running--;
    }
  }

  #wait(signal?: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#mayWait) {
      this.refused++;
      const message = `${this.#mayWait} queries wait for history already. Try again in a moment.`;
      throw historyError('BUSY', message, { retryAfter: 1 });
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        const place = this.#waiting.indexOf(waiter);
        if (place < 0) return;
        this.#waiting.splice(place, 1);
        waiter.leave(historyError('CANCELLED', 'The query was cancelled by its caller.'));
      };
      const done = (): void => signal?.removeEventListener('abort', abort);
      const waiter: Waiter = {
        start: () => (done(), resolve()),
        leave: (error) => (done(), reject(error)),
      };
      this.#waiting.push(waiter);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}
