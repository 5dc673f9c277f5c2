import type { Batch } from '../../../event/batch.ts';
import { type PlacedEvent, decodeLine } from '../../../event/codec.ts';
import { type StreamName, streamNames } from '../../../event/event.ts';
import { EventReader } from '../../../event/event-reader.ts';
import type { Log } from '../../../log/log.ts';
import type { Source } from '../../../rules/backtest/result.ts';

/** A batch with an event that is older than this was not sent when it happened, ms. */
const lateMs = 60_000;
/** Of up to so many events every batch is looked at, of more only some. */
const small = 200_000;
const samples = 256;
/** So many events can be put where they belong; they are held in memory meanwhile. */
const most = 1_000_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Events that were sent long after they happened, as an import does. To rules they would all be
 * late, and a backtest over the time that was imported would find nothing. So they are taken as if
 * each had arrived when it happened.
 */
export class Backfill {
  /** Whether there are any in the time that is read. */
  found = false;
  /** How many are taken. */
  count = 0;
  readonly #log: Log;
  readonly #read: Span;
  #leftOut = 0;

  /** @param read what is read, by the clock, ms */
  constructor(log: Log, read: Span) {
    this.#log = log;
    this.#read = read;
  }

  /** Looks whether there are any: at all batches of a small log, at some of a large one. */
  async look(): Promise<void> {
    for (const stream of streamNames)
      // oxlint-disable-next-line no-await-in-loop -- one stream after the other
      if (await this.#lookAt(stream)) {
        this.found = true;
        return;
      }
  }

  /** Whether the events of a batch are taken at their own time. */
  has(batch: Batch): boolean {
    return this.found && isBackfilled(batch);
  }

  /** All of them by when they happened. */
  async *events(): AsyncGenerator<readonly PlacedEvent[]> {
    const taken: PlacedEvent[] = [];
    for (const stream of streamNames)
      // oxlint-disable-next-line no-await-in-loop -- one stream after the other
      await this.#gather(stream, taken);
    taken.sort(
      (a, b) =>
        a.received - b.received ||
        streamNames.indexOf(a.stream) - streamNames.indexOf(b.stream) ||
        a.offset - b.offset,
    );
    this.count = taken.length;
    if (taken.length > 0) yield taken;
  }

  /** What did not fit. */
  gaps(range: Span): readonly Source[] {
    if (this.#leftOut === 0) return [];
    const why = `${this.#leftOut} events more were sent long after they happened than a backtest can put in order`;
    return streamNames.map((stream) => ({ stream, ...range, source: 'gap', why }));
  }

  async #lookAt(stream: StreamName): Promise<boolean> {
    const { next } = this.#log.stat(stream);
    const start = this.#log.offsetAt(stream, this.#read.from);
    // A power of two, so that as the log grows mostly the same are looked at.
    const many = next - start > small;
    const step = many ? 2 ** Math.ceil(Math.log2((next - start) / samples)) : 1;
    for (let at = start; at < next;) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other
      const batch = await this.#batchAt(stream, at);
      if (!batch) return false;
      if (isBackfilled(batch) && this.#concerns(batch)) return true;
      at = Math.max(Math.ceil((at + 1) / step) * step, batch.first + batch.count);
    }
    return false;
  }

  async #batchAt(stream: StreamName, offset: number): Promise<Batch | undefined> {
    for await (const batch of this.#log.read(stream, offset)) return batch;
    return undefined;
  }

  /** Whether something of it may have happened in the time that is read. */
  #concerns(batch: Batch): boolean {
    const { from, to } = this.#read;
    return eventsOf(batch).some(({ time }) => time >= from && time < to);
  }

  async #gather(stream: StreamName, taken: PlacedEvent[]): Promise<void> {
    const { from, to } = this.#read;
    for await (const batch of this.#log.read(stream, this.#log.offsetAt(stream, from))) {
      if (!isBackfilled(batch)) continue;
      for (const event of eventsOf(batch)) {
        const received = Math.min(event.time, event.received);
        if (received < from || received >= to) continue;
        if (taken.length < most) taken.push({ ...event, received });
        else this.#leftOut++;
      }
    }
  }
}

const reader = new EventReader();
const eventsOf = (batch: Batch): readonly PlacedEvent[] => reader.read(batch);

const lineFeed = 0x0a;

/** By its first and last event: what is sent at once is mostly in order. */
function isBackfilled({ stream, first, received, source, bytes, count }: Batch): boolean {
  if (count === 0) return false;
  const place = { stream, received, source, offset: first };
  const firstEnd = bytes.indexOf(lineFeed);
  const lastStart = bytes.lastIndexOf(lineFeed, bytes.length - 2) + 1;
  const isLate = (line: Uint8Array): boolean => decodeLine(line, place).time < received - lateMs;
  return isLate(bytes.subarray(0, firstEnd)) || isLate(bytes.subarray(lastStart));
}
