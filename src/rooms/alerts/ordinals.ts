/** Keys whose last time is remembered: the ones heard of last. */
const maxKeys = 20_000;

/**
 * Counts what is decided of one key at the same time: 0, 1, 2, … Times of senders are often whole
 * seconds, and what comes first within one must be told from what comes again after a crash.
 */
export class Ordinals {
  readonly #last = new Map<string, { readonly at: number; readonly nth: number }>();

  /** Whoever decides begins again from an earlier moment. */
  clear(): void {
    this.#last.clear();
  }

  next(key: string, at: number): number {
    const last = this.#last.get(key);
    const nth = last?.at === at ? last.nth + 1 : 0;
    this.#last.delete(key);
    this.#last.set(key, { at, nth });
    const [oldest] = this.#last.keys();
    if (this.#last.size > maxKeys && oldest !== undefined) this.#last.delete(oldest);
    return nth;
  }
}
