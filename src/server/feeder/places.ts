import type { BlockBuilder } from '../../history/block-builder.ts';
import type { EventColumns } from '../../history/columns/event-columns.ts';
import type { Seen } from '../../rooms/map/seen.ts';
import { MaybeHeld } from './maybe-held.ts';
import { RowNames, checkOfKey, hashOfKey, isKey, namesOfKey } from './row-names.ts';

/** How much is held of the names under which readings came. */
export interface PlacesLimits {
  /** Combinations of source, service, namespace, environment, host and type. */
  readonly places: number;
  /** The same with the name of a check: apart, so that many checks push nothing else out. */
  readonly checks: number;
  /** Combinations with longer names are not held, characters. */
  readonly keyLength: number;
  /** Characters of a snapshot, about. */
  readonly snapshotLength: number;
}

export const placesLimits: PlacesLimits = {
  places: 10_000,
  checks: 10_000,
  keyLength: 2_000,
  snapshotLength: 2 << 20,
};

/** Event times, ms. */
interface Place {
  first: number;
  last: number;
  count: number;
  /** Of the event that is the last by its time. */
  offset: number;
}

/** The places as they are kept over a restart. */
export interface PlacesSnapshot {
  readonly overflowed: boolean;
  readonly entries: readonly (readonly [
    key: string,
    first: number,
    last: number,
    count: number,
    offset: number,
  ])[];
}

/** One place within a block. */
interface InBlock extends Place {
  readonly row: number;
}

/**
 * Under which names readings came, and when. A fold over blocks: each combination of a block is
 * counted by the numbers that the block gives to its texts, and looked up once.
 */
export class PlacesFold {
  /** Combinations of a block that had no room, summed over all blocks. */
  refused = 0;
  readonly #limits: PlacesLimits;
  readonly #places = new Map<string, Place>();
  readonly #checks = new Map<string, Place>();
  readonly #held: MaybeHeld;
  #overflowed: boolean;
  #slots = new Int32Array(1 << 10);

  constructor(snapshot?: PlacesSnapshot, limits: PlacesLimits = placesLimits) {
    this.#limits = limits;
    this.#held = new MaybeHeld(limits.places + limits.checks);
    this.#overflowed = snapshot?.overflowed ?? false;
    for (const [key, first, last, count, offset] of snapshot?.entries ?? [])
      this.#tableOf(key).set(key, { first, last, count, offset });
    this.#holdAll();
  }

  get size(): number {
    return this.#places.size + this.#checks.size;
  }

  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** Adds the rows of a block of readings from `fromRow` on. */
  fold(block: BlockBuilder, fromRow = 0): void {
    if (block.stream !== 'readings') return;
    const rows = new RowNames(block.columns);
    for (const found of this.#placesIn(rows, block.columns, fromRow)) {
      const hash = rows.hashOf(found.row);
      if (this.#isFull(rows.isCheck(found.row)) && !this.#held.has(hash)) this.#refuse();
      else this.#add(rows.textOf(found.row), { ...found, offset: block.first + found.offset });
    }
  }

  view(): Seen[] {
    return [...this.#places, ...this.#checks].map(([key, place]) => ({
      stream: 'readings',
      ...namesOfKey(key),
      ...place,
    }));
  }

  /** What is kept over a restart: of the newest as many as fit. */
  snapshot(): PlacesSnapshot {
    const entries: PlacesSnapshot['entries'][number][] = [];
    const newest = [...this.#places, ...this.#checks].toSorted((a, b) => b[1].last - a[1].last);
    let size = 0;
    for (const [key, { first, last, count, offset }] of newest) {
      size += key.length + 60;
      if (size > this.#limits.snapshotLength) break;
      entries.push([key, first, last, count, offset]);
    }
    return { overflowed: this.#overflowed || entries.length < this.size, entries };
  }

  /** Forgets what has not been seen since `before`, ms, when there is no more room. */
  forget(before: number): void {
    if (!this.#isFull(false) && !this.#isFull(true)) return;
    for (const table of [this.#places, this.#checks])
      for (const [key, { last }] of table) if (last < before) table.delete(key);
    if (!this.#isFull(false) && !this.#isFull(true)) this.#overflowed = false;
    this.#holdAll();
  }

  #isFull(ofChecks: boolean): boolean {
    const { places, checks } = this.#limits;
    return ofChecks ? this.#checks.size >= checks : this.#places.size >= places;
  }

  #holdAll(): void {
    this.#held.clear();
    for (const table of [this.#places, this.#checks])
      for (const key of table.keys()) this.#held.add(hashOfKey(key));
  }

  #tableOf(key: string): Map<string, Place> {
    return checkOfKey(key) === '' ? this.#places : this.#checks;
  }

  #add(key: string, { first, last, count, offset }: Place): void {
    const table = this.#tableOf(key);
    const known = table.get(key);
    if (!known) {
      if (
        this.#isFull(table === this.#checks) ||
        key.length > this.#limits.keyLength ||
        !isKey(key)
      )
        return this.#refuse();
      table.set(key, { first, last, count, offset });
      this.#held.add(hashOfKey(key));
      return;
    }
    known.count += count;
    known.first = Math.min(known.first, first);
    if (last < known.last) return;
    known.last = last;
    known.offset = offset;
  }

  #refuse(): void {
    this.#overflowed = true;
    this.refused++;
  }

  /** The places of a block, found with one table of their numbers; `offset` counts from its first. */
  #placesIn(rows: RowNames, columns: EventColumns, fromRow: number): InBlock[] {
    const found: InBlock[] = [];
    const times = columns.time.values;
    this.#slots.fill(0);
    for (let row = fromRow; row < columns.rows; row++) {
      const slot = this.#slotOf(rows, row, found);
      const time = times[row] ?? 0;
      const place = found[(this.#slots[slot] ?? 0) - 1];
      if (place === undefined) {
        this.#slots[slot] = found.push({ row, first: time, last: time, count: 1, offset: row });
        if (found.length * 2 > this.#slots.length) this.#grow(rows, found);
        continue;
      }
      place.count++;
      if (time < place.first) place.first = time;
      if (time < place.last) continue;
      place.last = time;
      place.offset = row;
    }
    return found;
  }

  /** The slot of a row's names, or the empty one where they belong. */
  #slotOf(rows: RowNames, row: number, found: readonly InBlock[]): number {
    const mask = this.#slots.length - 1;
    let slot = rows.slotOf(row) & mask;
    for (;;) {
      const place = found[(this.#slots[slot] ?? 0) - 1];
      if (place === undefined || rows.same(place.row, row)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(rows: RowNames, found: readonly InBlock[]): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (const [i, { row }] of found.entries()) this.#slots[this.#slotOf(rows, row, found)] = i + 1;
  }
}
