/**
 * Whole numbers of 64 bits as pairs of 32: high, low, high, low, …; the high ones are signed for
 * DERIVE. Numbers and not BigInt, which would be several times slower.
 */
export type Words = readonly number[];

interface Series {
  /** ms since the epoch, of the sender. */
  time: number;
  /** ms since the epoch, ours. */
  heard: number;
  words: Words;
}

/** Older than the last one by more than this, ms: its clock was set back, nothing came twice. */
const setBack = 60_000;
/** A series that is silent for so long gives way when there is no room, ms. */
const forgotten = 600_000;
const sweepEvery = 10_000;

/** What there is to subtract from, or why there is nothing. */
export type Before = Words | 'first' | 'late' | 'full';

/** The last readings of counters, so that increments can be made of them. */
export class Counters {
  readonly #series = new Map<string, Series>();
  readonly #most: number;
  readonly #now: () => number;
  #swept = 0;

  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  get size(): number {
    return this.#series.size;
  }

  /**
   * Remembers a reading and gives the one before it. `late`: it is not newer than the last one, and
   * is ignored, as collectd does; `full`: there are too many series.
   */
  swap(key: string, time: number, words: Words): Before {
    const series = this.#series.get(key);
    const now = this.#now();
    if (series === undefined) {
      if (this.#series.size >= this.#most && !this.#sweep(now)) return 'full';
      this.#series.set(key, { time, heard: now, words });
      return 'first';
    }
    const before = series.words;
    const late = time <= series.time;
    if (late && series.time - time <= setBack) return 'late';
    series.time = time;
    series.heard = now;
    series.words = words;
    return late || before.length !== words.length ? 'first' : before;
  }

  /** Makes room; false when there is none. At most every ten seconds: it looks at all. */
  #sweep(now: number): boolean {
    if (now - this.#swept < sweepEvery) return false;
    this.#swept = now;
    for (const [key, { heard }] of this.#series)
      if (now - heard > forgotten) this.#series.delete(key);
    return this.#series.size < this.#most;
  }
}

const two32 = 2 ** 32;

/** How kinds of values are numbered on the wire. */
export const kinds = { counter: 0, gauge: 1, derive: 2, absolute: 3 } as const;

/**
 * What a value grew by, the `at`-th pair of both. A COUNTER that shrank went over its end, at 32
 * bits when it was that small, else at 64: collectd's counter_diff. A DERIVE that shrank began anew:
 * no increment.
 */
export function increment(kind: number, now: Words, before: Words, at: number): number | undefined {
  const oldHigh = before[at * 2] ?? 0;
  const high = (now[at * 2] ?? 0) - oldHigh;
  const low = (now[at * 2 + 1] ?? 0) - (before[at * 2 + 1] ?? 0);
  if (high > 0 || (high === 0 && low >= 0)) return high * two32 + low;
  if (kind === kinds.derive) return undefined;
  // The high words first: a sum with 2^64 would be rounded.
  return oldHigh === 0 ? low + two32 : (high + two32) * two32 + low;
}
