import type { StreamName } from '../event/event.ts';

type Waiter = () => void;

/**
 * The durable end of each stream, and those who wait for it to move. The writer moves it when a
 * commit is on disk, so that no reader ever sees what a power cut could take away again.
 */
export class Head {
  readonly #next: Record<StreamName, number> = { facts: 1, readings: 1 };
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** The offset that the next event of the stream will get. */
  next(stream: StreamName): number {
    return this.#next[stream];
  }

  /** How many wait; a poller need not look while nobody does. */
  get waiting(): number {
    return this.#waiters.size;
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
      const done = (): void => {
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
