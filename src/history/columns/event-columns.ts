import { type TextField, textFields } from '../../event/event.ts';
import { at } from '../../event/scan/fields.ts';
import { Dictionary } from './dictionary.ts';
import { GrowingBytes, GrowingInts } from './growing.ts';

/** A text column whose values repeat: a number for each row, and the texts once. */
export class RepeatingText {
  readonly dictionary = new Dictionary();
  readonly ids = new GrowingInts();

  add(bytes: Uint8Array, start: number, end: number): void {
    this.ids.push(this.dictionary.add(bytes, start, end));
  }

  clear(): void {
    this.dictionary.clear();
    this.ids.clear();
  }
}

/** A text column whose values seldom repeat. */
export class PlainText {
  /** Where each value ends in `bytes`, after a first 0. */
  readonly ends = new GrowingInts();
  readonly bytes = new GrowingBytes();

  constructor() {
    this.clear();
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    this.bytes.append(bytes, start, end);
    this.ends.push(this.bytes.length);
  }

  clear(): void {
    this.ends.clear();
    this.bytes.clear();
    this.ends.push(0);
  }
}

const plain: ReadonlySet<TextField> = new Set(['id', 'subject']);

/** Numbers, one for each row; NaN stands for a missing one. */
class Numbers {
  values = new Float64Array(1024);
  /** Whether any row has one. */
  any = false;

  set(row: number, value: number): void {
    if (row >= this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[row] = value;
    if (value === value) this.any = true;
  }
}

/**
 * The events of one block in columns. Rows are made of texts as bytes (the scanner's, or those of
 * an event that took the slow way): `begin`, then each part, then `end`.
 */
export class EventColumns {
  rows = 0;
  /** By the numbers of `at`. */
  readonly texts: readonly (RepeatingText | PlainText)[] = textFields.map((field) =>
    plain.has(field) ? new PlainText() : new RepeatingText(),
  );
  readonly time = new Numbers();
  readonly received = new Numbers();
  readonly metric = new Numbers();
  readonly ttl = new Numbers();
  readonly tags = new RepeatingText();
  /** How many tags there are up to and with each row, after a first 0. */
  readonly tagEnds = new GrowingInts();
  readonly keys = new RepeatingText();
  readonly values = new PlainText();
  readonly attributeEnds = new GrowingInts();
  readonly data = new PlainText();

  constructor() {
    this.clear();
  }

  text(field: number, bytes: Uint8Array, start: number, end: number): void {
    this.texts[field]?.add(bytes, start, end);
  }

  /** Times are ms since the epoch; whole ms, a fraction is cut off. */
  numbers(row: {
    readonly time: number;
    readonly received: number;
    readonly metric: number;
    readonly ttl: number;
  }): void {
    this.time.set(this.rows, Math.floor(row.time));
    this.received.set(this.rows, row.received);
    this.metric.set(this.rows, row.metric);
    this.ttl.set(this.rows, row.ttl);
  }

  end(): void {
    this.tagEnds.push(this.tags.ids.length);
    this.attributeEnds.push(this.keys.ids.length);
    this.rows++;
  }

  /** The column of a text field whose values repeat. */
  repeating(field: Exclude<TextField, 'id' | 'subject'>): RepeatingText {
    const column = this.texts[at[field]];
    if (!(column instanceof RepeatingText)) throw new TypeError(`${field} is a plain column`);
    return column;
  }

  /** The greatest number of distinct texts in one column. */
  distinct(): number {
    let most = Math.max(this.tags.dictionary.size, this.keys.dictionary.size);
    for (const column of this.texts)
      if (column instanceof RepeatingText) most = Math.max(most, column.dictionary.size);
    return most;
  }

  clear(): void {
    this.rows = 0;
    for (const column of [...this.texts, this.tags, this.keys, this.values, this.data])
      column.clear();
    for (const ends of [this.tagEnds, this.attributeEnds]) {
      ends.clear();
      ends.push(0);
    }
    for (const numbers of [this.time, this.received, this.metric, this.ttl]) numbers.any = false;
  }
}
