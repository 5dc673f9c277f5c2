/** The longest that a timer of Node waits, ms; one that is set for later fires early and is set again. */
const longest = 2 ** 31 - 1;

/** One timer for the next of many times: nobody looks again and again whether it has come. */
export class Alarm {
  readonly #now: () => number;
  readonly #ring: () => void;
  #at = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** `now` in ms since the epoch. */
  constructor(now: () => number, ring: () => void) {
    this.#now = now;
    this.#ring = ring;
  }

  /** Rings at the earliest of these times, ms since the epoch, and at no other. */
  set(times: readonly number[]): void {
    const at = Math.min(Number.POSITIVE_INFINITY, ...times);
    if (at === this.#at) return;
    this.clear();
    if (!Number.isFinite(at)) return;
    this.#at = at;
    const wait = Math.min(longest, Math.max(0, at - this.#now()));
    this.#timer = setTimeout(() => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#ring();
    }, wait).unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#at = Number.POSITIVE_INFINITY;
  }
}
