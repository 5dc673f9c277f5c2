/** Lets about `perSecond` events a second through, spread over the second, and counts the rest. */
export class Sample {
  readonly #perSecond: number;
  #tokens: number;
  #refilled: number;
  /** Since the last `takeSkipped`. */
  #skipped = 0;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#tokens = this.#most;
    this.#refilled = now;
  }

  /** Of `count` events, how many may pass now (`now` in ms). */
  allow(count: number, now: number): number {
    const refill = (Math.max(0, now - this.#refilled) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#most, this.#tokens + refill);
    this.#refilled = now;
    const allowed = Math.min(count, Math.floor(this.#tokens));
    this.#tokens -= allowed;
    this.#skipped += count - allowed;
    return allowed;
  }

  takeSkipped(): number {
    const skipped = this.#skipped;
    this.#skipped = 0;
    return skipped;
  }

  /** A tenth of a second's worth may come at once; at least one, or nothing would ever pass. */
  get #most(): number {
    return Math.max(1, this.#perSecond / 10);
  }
}

/** `wanted` of `count` things, evenly spaced: which positions to take. */
export function spread(count: number, wanted: number): number[] {
  return Array.from({ length: wanted }, (_, i) => Math.floor((i * count) / wanted));
}
