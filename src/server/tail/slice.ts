import type { Batch } from '../../event/batch.ts';
import { type PlacedEvent, decodeLine } from '../../event/codec.ts';
import type { StreamName } from '../../event/event.ts';
import type { Filter } from './filter.ts';

/** So many events are looked at without letting others have the event loop. */
export const sliceEvents = 2_000;

const lineFeed = 0x0a;

/**
 * A piece of a batch as tails see it. Lines are found, decoded and matched when the first client
 * asks, and once for all of them.
 */
export class Slice {
  readonly stream: StreamName;
  /** Offset of the first event. */
  readonly first: number;
  readonly count: number;
  readonly received: number;
  readonly #source: string;
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;
  readonly #events: (PlacedEvent | undefined)[] = [];
  readonly #texts: (string | undefined)[] = [];
  readonly #matching = new Map<string, readonly number[]>();

  constructor(batch: Batch) {
    this.stream = batch.stream;
    this.first = batch.first;
    this.count = batch.count;
    this.received = batch.received;
    this.#source = batch.source;
    const { buffer, byteOffset, byteLength } = batch.bytes;
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#starts = startsOf(this.#bytes, batch.count);
  }

  /** Offset after the last event. */
  get next(): number {
    return this.first + this.count;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** Indices of the events that the filter lets through, ascending; undefined: all of them. */
  matching(filter: Filter): readonly number[] | undefined {
    const { matches } = filter;
    if (matches === undefined) return undefined;
    const known = this.#matching.get(filter.key);
    if (known) return known;
    const candidates = filter.needles && this.#holding(filter.needles);
    const found: number[] = [];
    const count = candidates?.length ?? this.count;
    for (let i = 0; i < count; i++) {
      const index = candidates?.[i] ?? i;
      if (matches(this.event(index))) found.push(index);
    }
    this.#matching.set(filter.key, found);
    return found;
  }

  event(index: number): PlacedEvent {
    const known = this.#events[index];
    if (known) return known;
    const line = this.#bytes.toString('utf8', this.#starts[index], this.#starts[index + 1]);
    const { stream, received } = this;
    const place = { stream, received, source: this.#source, offset: this.first + index };
    return (this.#events[index] = decodeLine(line, place));
  }

  /** The event as JSON. */
  text(index: number): string {
    return (this.#texts[index] ??= JSON.stringify(this.event(index)));
  }

  /** Indices of the lines that hold one of the needles. */
  #holding(needles: readonly Buffer[]): number[] {
    const lines = new Set<number>();
    for (const needle of needles) {
      let line = 0;
      for (let at = this.#bytes.indexOf(needle); at >= 0;) {
        while ((this.#starts[line + 1] ?? Infinity) <= at) line++;
        lines.add(line);
        at = this.#bytes.indexOf(needle, this.#starts[line + 1]);
      }
    }
    return needles.length === 1 ? [...lines] : [...lines].sort((a, b) => a - b);
  }
}

/** Cuts a batch into slices of at most `sliceEvents`. */
export function* slicesOf(batch: Batch): Generator<Slice> {
  if (batch.count <= sliceEvents) {
    yield new Slice(batch);
    return;
  }
  let start = 0;
  for (let done = 0; done < batch.count; done += sliceEvents) {
    const count = Math.min(sliceEvents, batch.count - done);
    let end = start;
    for (let n = 0; n < count; n++) end = batch.bytes.indexOf(lineFeed, end) + 1;
    yield new Slice({
      ...batch,
      first: batch.first + done,
      count,
      bytes: batch.bytes.subarray(start, end),
    });
    start = end;
  }
}

/** Where each line starts, and where the last one ends. */
function startsOf(bytes: Buffer, count: number): Uint32Array {
  const starts = new Uint32Array(count + 1);
  for (let line = 1; line <= count; line++)
    starts[line] = bytes.indexOf(lineFeed, starts[line - 1]) + 1;
  return starts;
}
