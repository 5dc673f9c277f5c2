import type { Kind, MetricLine, Span } from './metric-line.ts';

/** A series' own copy of the bytes that it is known by. */
interface Entry<Value> {
  readonly hash: number;
  readonly kind: Kind;
  readonly bytes: Uint8Array;
  /** Where in `bytes` the name, the tags and the container end; the external data ends with them. */
  readonly name: number;
  readonly tags: number;
  readonly container: number;
  readonly value: Value;
}

const firstSlots = 1_024;

/**
 * Finds what belongs to a line by the line's bytes, without making a text of them: open addressing
 * (linear, at most half full) over the line's hash, then a comparison byte by byte. Two orders of the
 * same tags are two keys.
 */
export class Keys<Value> {
  #slots = new Int32Array(firstSlots);
  #entries: Entry<Value>[] = [];

  get size(): number {
    return this.#entries.length;
  }

  find(bytes: Uint8Array, line: MetricLine): Value | undefined {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = mixed(line.hash) & mask; ; slot = (slot + 1) & mask) {
      const index = slots[slot] ?? 0;
      if (index === 0) return undefined;
      const entry = this.#entries[index - 1];
      if (entry?.hash === line.hash && isOf(entry, bytes, line)) return entry.value;
    }
  }

  /** Adds a key that `find` has not found. */
  add(bytes: Uint8Array, line: MetricLine, value: Value): void {
    const { name, tags, container, external } = line;
    const spans = [name, tags, container, external] as const;
    const own = Buffer.concat(spans.map(({ start, end }) => bytes.subarray(start, end)));
    const nameEnd = lengthOf(name);
    const tagsEnd = nameEnd + lengthOf(tags);
    this.#entries.push({
      hash: line.hash,
      kind: line.kind,
      bytes: own,
      name: nameEnd,
      tags: tagsEnd,
      container: tagsEnd + lengthOf(container),
      value,
    });
    if (this.#entries.length * 2 > this.#slots.length) this.#rebuild();
    else this.#place(line.hash, this.#entries.length);
  }

  /** Forgets the keys whose values are not to be kept. */
  keep(kept: (value: Value) => boolean): void {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter(({ value }) => kept(value));
    if (this.#entries.length < before) this.#rebuild();
  }

  #rebuild(): void {
    let slots = firstSlots;
    while (slots < this.#entries.length * 2 + 2) slots *= 2;
    this.#slots = new Int32Array(slots);
    for (const [i, { hash }] of this.#entries.entries()) this.#place(hash, i + 1);
  }

  #place(hash: number, index: number): void {
    const mask = this.#slots.length - 1;
    let slot = mixed(hash) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index;
  }
}

function isOf(entry: Entry<unknown>, bytes: Uint8Array, line: MetricLine): boolean {
  return (
    entry.kind === line.kind &&
    same(entry.bytes, { start: 0, end: entry.name }, bytes, line.name) &&
    same(entry.bytes, { start: entry.name, end: entry.tags }, bytes, line.tags) &&
    same(entry.bytes, { start: entry.tags, end: entry.container }, bytes, line.container) &&
    same(entry.bytes, { start: entry.container, end: entry.bytes.length }, bytes, line.external)
  );
}

function same(own: Uint8Array, { start, end }: Span, bytes: Uint8Array, span: Span): boolean {
  const length = end - start;
  if (span.end - span.start !== length) return false;
  for (let i = 0; i < length; i++) if (own[start + i] !== bytes[span.start + i]) return false;
  return true;
}

function lengthOf({ start, end }: Span): number {
  return end - start;
}

/** FNV's low bits alone say little; those of MurmurHash3's finalizer do. */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
