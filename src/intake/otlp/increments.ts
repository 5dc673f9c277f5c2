/** A counter, or a histogram's count, sum and buckets, as it stood at one time. */
interface Standing {
  /** ms since the epoch; 0: not said. */
  readonly start: number;
  readonly time: number;
  readonly values: readonly number[];
}

interface Series {
  readonly before: Standing | undefined;
  readonly last: Standing;
}

/** What came of a cumulative point. */
export type Increment =
  | readonly number[]
  /** The first of a series: there is nothing to count from. */
  | 'first'
  /** Older than the last one. */
  | 'old';

/**
 * Makes increments of counters that only ever grow. Of a series that was not heard of before the
 * first point counts whole when it began after we did, else it is what is counted from (as the
 * OpenTelemetry Collector's cumulativetodelta does with `initial_value: auto`). A later start, or a
 * value that falls, says that the counter began anew: then it counts whole.
 *
 * A point that is sent again gives the same increment again: the one before it is kept, until there
 * is a newer one. The series not heard of for longest gives way to new ones.
 */
export class Increments {
  forgotten = 0;
  readonly #series = new Map<string, Series>();
  readonly #limit: number;
  /** ms since the epoch */
  readonly #since: number;

  constructor(limit: number, since: number) {
    this.#limit = limit;
    this.#since = since;
  }

  get size(): number {
    return this.#series.size;
  }

  take(key: string, point: Standing): Increment {
    const known = this.#series.get(key);
    if (known !== undefined && point.time < known.last.time) return 'old';
    const again = known !== undefined && point.time === known.last.time;
    const before = again ? known.before : known?.last;
    this.#put(key, { before, last: point });
    if (before !== undefined) return between(before, point);
    const isNew = point.start > this.#since && point.start !== point.time;
    return isNew ? point.values : 'first';
  }

  #put(key: string, series: Series): void {
    this.#series.delete(key);
    this.#series.set(key, series);
    if (this.#series.size <= this.#limit) return;
    const [oldest] = this.#series.keys();
    if (oldest !== undefined) this.#series.delete(oldest);
    this.forgotten++;
  }
}

function between(before: Standing, now: Standing): readonly number[] {
  const [was = 0] = before.values;
  const [is = 0] = now.values;
  const anew = is < was || now.start > before.start || now.values.length !== before.values.length;
  return anew ? now.values : now.values.map((value, i) => value - (before.values[i] ?? 0));
}
