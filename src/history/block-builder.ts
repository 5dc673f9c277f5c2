import type { Batch } from '../event/batch.ts';
import type { StreamName } from '../event/event.ts';
import { LineScanner } from '../event/scan/scanner.ts';
import { writeArrow } from './arrow.ts';
import { EventColumns } from './columns/event-columns.ts';
import { type RowPlace, fillFromJson, fillFromScan } from './columns/fill.ts';

/** When a block is full. */
export interface BlockLimits {
  readonly rows: number;
  /** Of the encoded events; one more event may go over it. */
  readonly bytes: number;
  /** Distinct texts in one column: what bounds memory when every event has another label. */
  readonly distinct: number;
}

export const blockLimits: BlockLimits = { rows: 100_000, bytes: 32 << 20, distinct: 65_536 };

/** Where a row's line lies, for who needs the whole event. */
export interface Line {
  readonly batch: Batch;
  readonly text: string;
}

/**
 * Collects the events of consecutive offsets of one stream until they are a block. Reused from
 * block to block: its memory is kept.
 */
export class BlockBuilder {
  readonly columns = new EventColumns();
  readonly stream: StreamName;
  /** Offset of the first row; 0 while there is none. */
  first = 0;
  /** Lines, since it was made, that were no JSON object; they are rows with nothing but `data`. */
  undecodable = 0;
  readonly #limits: BlockLimits;
  readonly #scanner = new LineScanner();
  readonly #batches: { readonly batch: Batch; readonly firstRow: number }[] = [];
  #lineStarts = new Int32Array(1024);
  #bytes = 0;

  constructor(stream: StreamName, limits: BlockLimits = blockLimits) {
    this.stream = stream;
    this.#limits = limits;
  }

  get rows(): number {
    return this.columns.rows;
  }

  /** Offset of the last row. */
  get last(): number {
    return this.first + this.rows - 1;
  }

  get full(): boolean {
    return (
      this.rows >= this.#limits.rows ||
      this.#bytes >= this.#limits.bytes ||
      this.columns.distinct() >= this.#limits.distinct
    );
  }

  /**
   * Takes lines of the batch until the block is full or holds `most` rows. Returns what is left
   * of the batch, undefined when all was taken.
   *
   * @param exact the block may go over its limits, because its boundaries are given
   */
  add(batch: Batch, most = Number.POSITIVE_INFINITY, exact = false): Batch | undefined {
    if (this.rows === 0) this.first = batch.first;
    this.#batches.push({ batch, firstRow: this.rows });
    const place: RowPlace = { source: Buffer.from(batch.source), received: batch.received };
    let at = 0;
    let taken = 0;
    while (taken < batch.count && this.rows < most) {
      // Asking is not free, so not for every row: a block may be over its limits by that little.
      if ((taken & 63) === 0 && !exact && this.full) break;
      if (this.rows >= this.#limits.rows && !exact) break;
      const behind = this.#line(batch.bytes, at, place);
      this.#bytes += behind - at;
      at = behind;
      taken++;
    }
    if (taken === batch.count) return undefined;
    return {
      ...batch,
      first: batch.first + taken,
      count: batch.count - taken,
      bytes: batch.bytes.subarray(at),
    };
  }

  /** The Arrow IPC stream of the block. */
  encode(): Uint8Array {
    return writeArrow(this.columns, this.first);
  }

  /** The line of a row. */
  lineOf(row: number): Line {
    let low = 0;
    let high = this.#batches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#batches[middle]?.firstRow ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const batch = this.#batches[low]?.batch;
    if (!batch) throw new RangeError(`no row ${row} in a block of ${this.rows}`);
    const { bytes } = batch;
    const start = this.#lineStarts[row] ?? 0;
    const end = bytes.indexOf(0x0a, start);
    return { batch, text: textOf(bytes, start, end < 0 ? bytes.length : end) };
  }

  clear(): void {
    this.columns.clear();
    this.#batches.length = 0;
    this.#bytes = 0;
    this.first = 0;
  }

  /** Adds the event at `start`; returns the place behind its line. */
  #line(bytes: Uint8Array, start: number, place: RowPlace): number {
    this.#setStart(this.rows, start);
    const behind = this.#scanner.scan(bytes, start, bytes.length);
    if (behind > 0 && (behind === bytes.length || bytes[behind] === 0x0a)) {
      fillFromScan(this.columns, this.#scanner, bytes, place);
      return behind + 1;
    }
    const lineEnd = bytes.indexOf(0x0a, start);
    const end = lineEnd < 0 ? bytes.length : lineEnd;
    if (!fillFromJson(this.columns, textOf(bytes, start, end), place)) this.undecodable++;
    return end + 1;
  }

  #setStart(row: number, start: number): void {
    if (row >= this.#lineStarts.length) {
      const larger = new Int32Array(this.#lineStarts.length * 2);
      larger.set(this.#lineStarts);
      this.#lineStarts = larger;
    }
    this.#lineStarts[row] = start;
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}
