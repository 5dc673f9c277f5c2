/** Streams of one sender that are remembered. */
const mostStreams = 100_000;
/** A stream that was silent for so long gives way to a new one, ms. */
const silentMs = 3_600_000;
/** Points of one stream that are remembered, so that an export that is sent again is known. */
const mostPoints = 8;

/** One point of a counter that counts from `start` on; times in ns since the epoch. */
export interface Reading<V> {
  /** Names the stream: who counts what, since when. */
  readonly key: string;
  readonly start: bigint;
  readonly time: bigint;
  readonly value: V;
}

interface Known<V> {
  readonly time: bigint;
  readonly value: V;
  /** Since the point before; undefined where that is not known. */
  readonly increment: V | undefined;
}

interface Stream<V> {
  /** Ascending by time. */
  readonly points: Known<V>[];
  /** When it was heard of last, ms since the epoch. */
  heard: number;
}

/** A point that was remembered for the sake of one request. */
export interface Noted {
  readonly key: string;
  readonly time: bigint;
}

/** What was counted since the point before: a value, `unknown`, or `full`: no room for a new stream. */
export type Increment<V> = { readonly value: V } | 'unknown' | 'full';

/** What lies between two values; undefined when the later one does not continue the earlier. */
export type Minus<V> = (later: V, earlier: V) => V | undefined;

/**
 * Makes increments of counters that are sent as they stand, for one sender, by the rules of the
 * OpenTelemetry Collector's `cumulativetodeltaprocessor` (`internal/tracking`, initial value `auto`):
 * another start time is another stream; the first point of a stream counts whole when the stream
 * began after we began to listen, else it is only where the next one counts from; so is a value that
 * fell.
 *
 * Beyond it: a point that comes again gives the same increment again, and one that comes late none,
 * because the later ones counted it. A point whose request failed is forgotten again (`forget`),
 * unless a later one was counted from it: then it keeps its increment for when it is sent again.
 */
export class Increments<V> {
  readonly #minus: Minus<V>;
  readonly #most: number;
  readonly #streams = new Map<string, Stream<V>>();
  /** ns since the epoch: streams that began before may have been counted already. */
  #since: bigint;

  /** @param since when listening began, ms since the epoch */
  constructor(minus: Minus<V>, since: number, most: number = mostStreams) {
    this.#minus = minus;
    this.#most = most;
    this.#since = BigInt(since) * 1_000_000n;
  }

  /** `now`: ms since the epoch. What is remembered because of it is put on `noted`. */
  take(reading: Reading<V>, now: number, noted: Noted[]): Increment<V> {
    const { key, time, value } = reading;
    const stream = this.#streams.get(key);
    if (stream === undefined) return this.#begin(reading, now, noted);
    stream.heard = now;
    this.#streams.delete(key);
    this.#streams.set(key, stream);
    const { points } = stream;
    const known = points.find((point) => point.time === time);
    if (known !== undefined) return told(known.increment);
    const last = points.at(-1);
    if (last === undefined || last.time > time) return 'unknown';
    const increment = this.#minus(value, last.value);
    points.push({ time, value, increment });
    if (points.length > mostPoints) points.shift();
    noted.push({ key, time });
    return told(increment);
  }

  /** The request failed for which these were remembered. */
  forget(noted: readonly Noted[]): void {
    for (const { key, time } of noted.toReversed()) {
      const points = this.#streams.get(key)?.points;
      if (points?.at(-1)?.time !== time) continue;
      points.pop();
      if (points.length === 0) this.#streams.delete(key);
    }
  }

  #begin({ key, start, time, value }: Reading<V>, now: number, noted: Noted[]): Increment<V> {
    if (this.#streams.size >= this.#most && !this.#makeRoom(now)) return 'full';
    const whole = start >= this.#since && start !== time ? value : undefined;
    this.#streams.set(key, { points: [{ time, value, increment: whole }], heard: now });
    noted.push({ key, time });
    return told(whole);
  }

  /** What is forgotten here could not be told from what is new: so nothing as old counts as new. */
  #makeRoom(now: number): boolean {
    for (const [key, { points, heard }] of this.#streams) {
      if (now - heard < silentMs) return false;
      const time = points.at(-1)?.time ?? 0n;
      if (time > this.#since) this.#since = time;
      return this.#streams.delete(key);
    }
    return false;
  }
}

function told<V>(value: V | undefined): Increment<V> {
  return value === undefined ? 'unknown' : { value };
}
