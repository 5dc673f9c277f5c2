import { type PlacedEvent, decodeLine } from '../../event/codec.ts';
import type { Event } from '../../event/event.ts';
import type { BlockBuilder } from '../../history/block-builder.ts';
import { textHash } from '../../history/columns/dictionary.ts';
import type { EventColumns, RepeatingText } from '../../history/columns/event-columns.ts';
import { MaybeHeld } from './maybe-held.ts';

/** How much is held of the latest events. */
export interface LatestLimits {
  readonly entries: number;
  /** Longer lines are not held. */
  readonly lineLength: number;
  /** An entry without a newer event for so long is forgotten, ms. */
  readonly idleMs: number;
  /** Characters of a snapshot, about. */
  readonly snapshotLength: number;
}

export const latestLimits: LatestLimits = {
  entries: 20_000,
  lineLength: 16_384,
  idleMs: 24 * 3_600_000,
  snapshotLength: 4 << 20,
};

interface Entry {
  readonly time: number;
  readonly offset: number;
  readonly received: number;
  readonly source: string;
  readonly line: string;
}

export type LatestSnapshot = {
  readonly overflowed: boolean;
  readonly entries: readonly (readonly [key: string, entry: Entry])[];
};

/** One latest event; as the API shows it. */
export interface LatestEntry {
  readonly event: PlacedEvent;
  readonly ageMs: number;
  /** Older than its ttl, strictly; never without one. */
  readonly stale: boolean;
  /** Stale, or said to be over by its state `expired`: what is said of the key holds no longer. */
  readonly expired: boolean;
}

const keyFields = ['service', 'host', 'environment', 'name'] as const;

/**
 * The latest reading of every (service, host, environment, name), by event time; of two with the
 * same time the later in the log. Readings that have none of the four are not held. A fold over
 * blocks: of each key only the latest event of a block is looked at.
 */
export class LatestFold {
  readonly #limits: LatestLimits;
  readonly #entries: Map<string, Entry>;
  readonly #held: MaybeHeld;
  #overflowed: boolean;
  #slots = new Int32Array(1 << 12);
  /** How many events had no room. */
  refused = 0;

  constructor(snapshot?: LatestSnapshot, limits: LatestLimits = latestLimits) {
    this.#limits = limits;
    this.#entries = new Map(snapshot?.entries);
    this.#overflowed = snapshot?.overflowed ?? false;
    this.#held = new MaybeHeld(limits.entries);
    for (const key of this.#entries.keys()) this.#held.add(hashOfKey(key));
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Adds the rows of a block of readings from `fromRow` on. */
  fold(block: BlockBuilder, fromRow = 0): void {
    if (block.stream !== 'readings') return;
    const keys = new KeyTexts(block.columns);
    for (const row of this.#latestRows(block.columns, fromRow)) {
      const hash = keys.hashOf(row);
      if (this.#full && !this.#held.has(hash)) this.#refuse();
      else if (this.#take(block, row, keys.textOf(row))) this.#held.add(hash);
    }
  }

  /** Forgets entries that have had no event for long; `now` in ms. */
  forgetIdle(now: number): void {
    for (const [key, { received }] of this.#entries)
      if (received < now - this.#limits.idleMs) this.#entries.delete(key);
    if (!this.#full) this.#overflowed = false;
    this.#held.clear();
    for (const key of this.#entries.keys()) this.#held.add(hashOfKey(key));
  }

  get #full(): boolean {
    return this.#entries.size >= this.#limits.entries;
  }

  /** Newest first, at most `limit` that match. */
  view(
    now: number,
    matches: (event: Event) => boolean,
    limit: number,
  ): { readonly entries: LatestEntry[]; readonly overflowed: boolean } {
    const entries: LatestEntry[] = [];
    for (const entry of [...this.#entries.values()].toSorted((a, b) => b.time - a.time)) {
      const event = decodeLine(entry.line, { stream: 'readings', ...entry });
      if (!matches(event)) continue;
      if (entries.length === limit) return { entries, overflowed: true };
      const ageMs = now - event.time;
      const stale = event.ttl !== undefined && ageMs > event.ttl * 1000;
      entries.push({ event, ageMs, stale, expired: stale || event.state === 'expired' });
    }
    return { entries, overflowed: this.#overflowed };
  }

  /** What is kept over a restart: of the newest as many as fit. */
  snapshot(): LatestSnapshot {
    const entries: [string, Entry][] = [];
    let size = 0;
    const newestFirst = [...this.#entries].toSorted((a, b) => b[1].offset - a[1].offset);
    for (const [key, entry] of newestFirst) {
      size += key.length + entry.line.length + 100;
      if (size > this.#limits.snapshotLength) break;
      entries.push([key, entry]);
    }
    return { overflowed: this.#overflowed, entries };
  }

  /** Of each key the row with the latest event, found with one table of row numbers. */
  #latestRows(columns: EventColumns, fromRow: number): number[] {
    const keys = new KeyIds(columns);
    const times = columns.time.values;
    const rows: number[] = [];
    this.#makeSlots(columns.rows);
    for (let row = fromRow; row < columns.rows; row++) {
      const hash = keys.hashOf(row);
      if (hash === 0) continue;
      const slot = this.#slotOf(hash, (place) => keys.same(rows[place - 1] ?? 0, row));
      const place = this.#slots[slot] ?? 0;
      if (place === 0) this.#slots[slot] = rows.push(row);
      else if ((times[row] ?? 0) >= (times[rows[place - 1] ?? 0] ?? 0)) rows[place - 1] = row;
    }
    return rows;
  }

  /** The slot of a key, or the empty one where it belongs. */
  #slotOf(hash: number, isIt: (place: number) => boolean): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const place = this.#slots[slot] ?? 0;
      if (place === 0 || isIt(place)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #makeSlots(rows: number): void {
    if (this.#slots.length >= rows * 2) this.#slots.fill(0);
    else this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(rows * 2)));
  }

  /** True when the event of the row is now held. */
  #take(block: BlockBuilder, row: number, key: string): boolean {
    const time = block.columns.time.values[row] ?? 0;
    const known = this.#entries.get(key);
    if (known && known.time > time) return false;
    if (!known && this.#full) return this.#refuse();
    const { batch, text } = block.lineOf(row);
    if (text.length > this.#limits.lineLength) return this.#refuse();
    this.#entries.set(key, {
      time,
      offset: block.first + row,
      received: batch.received,
      source: batch.source,
      line: text,
    });
    return true;
  }

  #refuse(): false {
    this.#overflowed = true;
    this.refused++;
    return false;
  }
}

/** The numbers that a block gives to the four texts of each row's key. */
class KeyIds {
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #c: Int32Array;
  readonly #d: Int32Array;

  constructor(columns: EventColumns) {
    const [a, b, c, d] = keyFields;
    this.#a = columns.repeating(a).ids.ints;
    this.#b = columns.repeating(b).ids.ints;
    this.#c = columns.repeating(c).ids.ints;
    this.#d = columns.repeating(d).ids.ints;
  }

  /** 0 only when the event has none of the fields. */
  hashOf(row: number): number {
    const a = this.#a[row] ?? 0;
    const b = this.#b[row] ?? 0;
    const c = this.#c[row] ?? 0;
    const d = this.#d[row] ?? 0;
    if ((a | b | c | d) === 0) return 0;
    let hash = Math.imul(a, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15) ^ Math.imul(c, 0x27d4eb2f) ^ d, 0x165667b1);
    hash ^= hash >>> 13;
    return hash === 0 ? 1 : hash;
  }

  same(one: number, other: number): boolean {
    return (
      this.#a[one] === this.#a[other] &&
      this.#b[one] === this.#b[other] &&
      this.#c[one] === this.#c[other] &&
      this.#d[one] === this.#d[other]
    );
  }
}

/** The key of a row as text; each text of the block is decoded once. */
class KeyTexts {
  readonly #fields: readonly { readonly column: RepeatingText; readonly texts: string[] }[];

  constructor(columns: EventColumns) {
    this.#fields = keyFields.map((field) => ({ column: columns.repeating(field), texts: [] }));
  }

  /** As `hashOfKey` of the key's text, from the hashes that the block has of its texts. */
  hashOf(row: number): number {
    let hash = 0;
    for (const { column } of this.#fields)
      hash = mix(hash, column.dictionary.hashOf(column.ids.ints[row] ?? 0));
    return hash;
  }

  textOf(row: number): string {
    let key = '';
    for (const { column, texts } of this.#fields) {
      const id = column.ids.ints[row] ?? 0;
      key += `${(texts[id] ??= column.dictionary.textOf(id))}\0`;
    }
    return key;
  }
}

function mix(hash: number, next: number): number {
  const mixed = Math.imul(hash ^ next, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

function hashOfKey(key: string): number {
  let hash = 0;
  for (const text of key.split('\0').slice(0, keyFields.length)) {
    const bytes = Buffer.from(text);
    hash = mix(hash, textHash(bytes, 0, bytes.length));
  }
  return hash;
}
