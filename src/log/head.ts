import type { StreamName } from '../event/event.ts';

type Waiter = () => void;

/** Ms between two looks at a head that another process moves. */
const pollEvery = 20;

/**
 * The durable end of each stream, and those who wait for it to move. The writer moves it when a
 * commit is on disk, so that no reader ever sees what a power cut could take away again.
 */
export class Head {
  readonly #next: Record<StreamName, number> = { facts: 1, readings: 1 };
  readonly #waiters = new Set<Waiter>();
  readonly #poll: (() => void) | undefined;
  #closed = false;

  /** @param poll called every 20 ms while someone waits, where nobody tells that the head moved */
  constructor(poll?: () => void) {
    this.#poll = poll;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The offset that the next event of the stream will get. */
  next(stream: StreamName): number {
    return this.#next[stream];
  }

  moveTo(stream: StreamName, next: number): void {
    if (this.#next[stream] === next) return;
    this.#next[stream] = next;
    this.#wake();
  }

  /** Lets every waiter go, now and from now on. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Resolves when `offset` exists, when `signal` aborts or when the log closes. */
  async reach(stream: StreamName, offset: number, signal: AbortSignal | undefined): Promise<void> {
    while (this.next(stream) <= offset && !this.#closed && signal?.aborted !== true)
      await this.#change(signal);
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#poll === undefined ? undefined : setInterval(this.#poll, pollEvery);
      const done = (): void => {
        clearInterval(timer);
        this.#waiters.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      this.#waiters.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }
}
