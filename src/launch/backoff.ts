/** Waiting times between attempts: doubled from `firstMs` on, never over `mostMs`. */
export class Backoff {
  readonly #firstMs: number;
  readonly #mostMs: number;
  #nextMs: number;

  constructor(firstMs: number, mostMs: number) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
    this.#nextMs = firstMs;
  }

  /** How long to wait before the next attempt, ms. */
  next(): number {
    const now = this.#nextMs;
    this.#nextMs = Math.min(this.#nextMs * 2, this.#mostMs);
    return now;
  }

  /** An attempt was good: the next failure starts from the shortest wait again. */
  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}
