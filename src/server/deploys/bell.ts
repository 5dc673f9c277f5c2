/** Who waits, and for which environments. */
interface Waiting {
  readonly environments: ReadonlySet<string>;
  readonly go: () => void;
}

/**
 * Wakes those who wait for something to do in their environments: nobody asks again and again, and
 * nobody waits longer than until there is something.
 */
export class Bell {
  readonly #waiting = new Set<Waiting>();
  #closed = false;
  #rung = 0;

  /** How often it rang: who looked before it rang last must look again. */
  get rung(): number {
    return this.#rung;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves when it rings for one of the environments, or when the time is up, or at `signal`. */
  wait(environments: ReadonlySet<string>, ms: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiting.go(), ms);
      const waiting: Waiting = {
        environments,
        go: () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', waiting.go);
          this.#waiting.delete(waiting);
          resolve();
        },
      };
      signal.addEventListener('abort', waiting.go, { once: true });
      this.#waiting.add(waiting);
    });
  }

  /** Something may be to do there; without an environment anywhere. */
  ring(environment?: string): void {
    this.#rung++;
    for (const waiting of this.#waiting)
      if (environment === undefined || waiting.environments.has(environment)) waiting.go();
  }

  /** Nobody waits from now on. */
  close(): void {
    this.#closed = true;
    this.ring();
  }

  get closed(): boolean {
    return this.#closed;
  }
}
