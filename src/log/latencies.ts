const kept = 4096;

/** The most recent durations, for percentiles. */
export class Latencies {
  readonly #ring = new Float64Array(kept);
  #count = 0;

  /** @param ms milliseconds */
  add(ms: number): void {
    this.#ring[this.#count % kept] = ms;
    this.#count += 1;
  }

  /** Nearest-rank percentiles in ms; 0 before the first. */
  summary(): { readonly p50: number; readonly p99: number; readonly max: number } {
    const sorted = this.#ring.slice(0, Math.min(this.#count, kept)).toSorted();
    const at = (p: number): number => sorted[Math.ceil(sorted.length * p) - 1] ?? 0;
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}
