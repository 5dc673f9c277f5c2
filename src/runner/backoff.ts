/** ms: the first wait after a failure, and the longest. */
const first = 250;
const longest = 10_000;

/** How long to wait before something is tried again: 0.25 s, 0.5 s, … up to 10 s, with jitter. */
export class Backoff {
  #failures = 0;
  readonly #random: () => number;

  /** `random`: 0 up to 1. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** ms to wait after one more failure, at least as long as was asked for. */
  failed(atLeast = 0): number {
    const full = Math.min(longest, first * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    return Math.max(atLeast, full * (0.5 + this.#random() / 2));
  }

  worked(): void {
    this.#failures = 0;
  }
}
