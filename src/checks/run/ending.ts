import { setMaxListeners } from 'node:events';
import { clearTimeout, setTimeout } from 'node:timers';

/**
 * What ends the steps of one attempt: who runs it, or that a step is late. After either no step
 * follows, so that one signal is enough for all of them.
 */
export class Ending {
  readonly #stop = new AbortController();
  readonly #outer: AbortSignal;
  readonly #onOuter = (): void => this.#stop.abort(this.#outer.reason);
  #ended: Promise<never> | undefined;
  #isLate = false;

  constructor(outer: AbortSignal) {
    this.#outer = outer;
    // A step may send many requests at once, and many scenarios may end by one signal.
    setMaxListeners(0, this.#stop.signal, outer);
    if (outer.aborted) this.#onOuter();
    else outer.addEventListener('abort', this.#onOuter, { once: true });
  }

  /** For what a step waits for. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** It was stopped from outside. */
  get isStopped(): boolean {
    return this.#outer.aborted;
  }

  get isLate(): boolean {
    return this.#isLate;
  }

  /** Waits for a step, at most `ms`. Rejects when it is late or stopped, whether it listens or not. */
  async within(ms: number, step: Promise<void>): Promise<void> {
    const late = (): void => {
      this.#isLate = true;
      this.#stop.abort();
    };
    const timer = setTimeout(late, Math.max(1, ms));
    try {
      await Promise.race([step, (this.#ended ??= this.#aborted())]);
      this.signal.throwIfAborted();
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#outer.removeEventListener('abort', this.#onOuter);
  }

  #aborted(): Promise<never> {
    const { signal } = this.#stop;
    const ended = new Promise<never>((_, reject) => {
      const fail = (): void => reject(new Error('aborted'));
      if (signal.aborted) fail();
      else signal.addEventListener('abort', fail, { once: true });
    });
    // Between two steps nobody waits for it.
    ended.catch(() => {});
    return ended;
  }
}
