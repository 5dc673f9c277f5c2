/** What one request holds of a budget of bytes. */
export interface Lease {
  /** Takes more; false when the budget has no more, and then nothing was taken. */
  readonly take: (bytes: number) => boolean;
  /** Gives everything back; more than once does nothing. */
  readonly free: () => void;
}

/** Bytes of all bodies together that may be in memory at once. */
export class Budget {
  readonly limit: number;
  #held = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get held(): number {
    return this.#held;
  }

  lease(): Lease {
    let own = 0;
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.limit) return false;
        this.#held += bytes;
        own += bytes;
        return true;
      },
      free: () => {
        this.#held -= own;
        own = 0;
      },
    };
  }
}
