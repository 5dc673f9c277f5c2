import { GrowingBytes, GrowingInts } from './growing.ts';

const initialSlots = 1 << 10;

/** A quick hash of a text's UTF-8 bytes (FNV-1a with a fold); 0 for the empty text. */
export function textHash(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  let hash = end - start;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193); // in range
  return hash ^ (hash >>> 15);
}

/**
 * Distinct texts of one block, each with a number in the order of its first appearance. A known
 * text is found by its bytes, without making a string. Number 0 is always the empty text.
 */
export class Dictionary {
  /** Where each text starts in `#texts`, and behind the last one its end. */
  readonly #starts = new GrowingInts();
  readonly #texts = new GrowingBytes();
  readonly #hashes = new GrowingInts();
  #slots = new Int32Array(initialSlots).fill(-1);
  #mask = initialSlots - 1;

  constructor() {
    this.clear();
  }

  /** How many distinct texts there are, the empty one included. */
  get size(): number {
    return this.#hashes.length;
  }

  /** Number of the text at `start`..`end`. */
  add(bytes: Uint8Array, start: number, end: number): number {
    if (start === end) return 0;
    const hash = textHash(bytes, start, end);
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = this.#slots[slot] as number; // the mask keeps it in range
      if (found < 0) return this.#insert({ bytes, start, end, hash, slot });
      if (this.#hashes.ints[found] === hash && this.#equals(found, bytes, start, end)) return found;
    }
  }

  /** The UTF-8 of text number `id`, valid until the next change. */
  bytesOf(id: number): Uint8Array {
    const { ints } = this.#starts;
    return this.#texts.bytes.subarray(ints[id], ints[id + 1]);
  }

  /** `textHash` of text number `id`. */
  hashOf(id: number): number {
    return this.#hashes.ints[id] as number; // ids given out are in range
  }

  textOf(id: number): string {
    const bytes = this.bytesOf(id);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  }

  /** All texts as Arrow holds them: offsets (one more than texts) and bytes, valid until `clear`. */
  buffers(): { readonly offsets: Int32Array<ArrayBuffer>; readonly bytes: Uint8Array } {
    return { offsets: this.#starts.view(), bytes: this.#texts.view() };
  }

  clear(): void {
    this.#starts.clear(1 << 16);
    this.#texts.clear(1 << 20);
    this.#hashes.clear(1 << 16);
    if (this.#slots.length > 1 << 17) {
      this.#slots = new Int32Array(initialSlots);
      this.#mask = initialSlots - 1;
    }
    this.#slots.fill(-1);
    this.#starts.push(0);
    this.#starts.push(0);
    this.#hashes.push(0);
  }

  #equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { ints } = this.#starts;
    const at = ints[id] as number; // ids given out are in range
    const length = end - start;
    if ((ints[id + 1] as number) - at !== length) return false;
    const texts = this.#texts.bytes;
    for (let i = 0; i < length; i++) if (texts[at + i] !== bytes[start + i]) return false;
    return true;
  }

  #insert(text: {
    readonly bytes: Uint8Array;
    readonly start: number;
    readonly end: number;
    readonly hash: number;
    readonly slot: number;
  }): number {
    const id = this.size;
    this.#texts.append(text.bytes, text.start, text.end);
    this.#starts.push(this.#texts.length);
    this.#hashes.push(text.hash);
    this.#slots[text.slot] = id;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 4).fill(-1);
    const mask = slots.length - 1;
    for (let id = 1; id < this.size; id++) {
      let slot = (this.#hashes.ints[id] as number) & mask; // in range
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}
