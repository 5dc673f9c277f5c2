import type { IdentityCounters } from './log.ts';

const smallest = 1024;

/**
 * A bounded set of 64-bit hashes that forgets the oldest first: the last `capacity` identities
 * that were added, exactly. Memory grows on demand to 8 bytes for each identity and 4 for each
 * slot of a table that is at most two thirds full: about 16 MB at one million.
 */
export class IdentityWindow {
  readonly capacity: number;
  readonly #seed: number;
  #size = 0;
  #forgotten = 0;
  /** Position in the ring of the oldest identity. */
  #oldest = 0;
  /** Two words for each identity, in the order of adding. */
  #ring: Uint32Array;
  /** Open addressing with linear probing: position in the ring plus one; 0 is a free slot. */
  #slots: Uint32Array;

  /**
   * @param expected how many will be added at once, to grow only once
   * @param seed any 32-bit number; a secret one keeps senders from choosing ids that all want the
   *   same slot
   */
  constructor(capacity: number, expected = 0, seed = 0) {
    this.capacity = Math.max(1, Math.floor(capacity));
    this.#seed = seed;
    const held = Math.min(this.capacity, Math.max(smallest, expected));
    this.#ring = new Uint32Array(held * 2);
    this.#slots = new Uint32Array(slotsFor(held));
  }

  get size(): number {
    return this.#size;
  }

  /** How many identities were pushed out by newer ones. */
  get forgotten(): number {
    return this.#forgotten;
  }

  counters(): IdentityCounters {
    return { held: this.#size, capacity: this.capacity, forgotten: this.#forgotten };
  }

  /** What the set holds in memory, for the test of its bound and for the metrics. */
  get memoryBytes(): number {
    return this.#ring.byteLength + this.#slots.byteLength;
  }

  has(high: number, low: number): boolean {
    return this.#slots[this.#find(high, low)] !== 0;
  }

  /** False when it was there already; its age does not change then. */
  add(high: number, low: number): boolean {
    if (this.has(high, low)) return false;
    if (this.#size === this.#room && this.#size < this.capacity) this.#grow();
    if (this.#size === this.#room) this.#forgetOldest();
    const at = (this.#oldest + this.#size) % this.#room;
    this.#ring[at * 2] = high;
    this.#ring[at * 2 + 1] = low;
    this.#slots[this.#find(high, low)] = at + 1;
    this.#size += 1;
    return true;
  }

  /** Takes out the `count` identities added last, for a commit that failed. */
  removeNewest(count: number): void {
    for (let n = Math.min(count, this.#size); n > 0; n--) {
      this.#vacate((this.#oldest + this.#size - 1) % this.#room);
      this.#size -= 1;
    }
  }

  get #room(): number {
    return this.#ring.length / 2;
  }

  /** The slot that holds the identity, or the free one where it belongs. */
  #find(high: number, low: number): number {
    const mask = this.#slots.length - 1;
    let slot = mix(high, low, this.#seed) & mask;
    for (;;) {
      const entry = this.#slots[slot] as number;
      if (entry === 0) return slot;
      const at = (entry - 1) * 2;
      if (this.#ring[at] === high && this.#ring[at + 1] === low) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #forgetOldest(): void {
    this.#vacate(this.#oldest);
    this.#oldest = (this.#oldest + 1) % this.#room;
    this.#size -= 1;
    this.#forgotten += 1;
  }

  /** Frees the slot of a ring position and moves later entries of its run up (Knuth 6.4, R). */
  #vacate(position: number): void {
    const mask = this.#slots.length - 1;
    let hole = this.#find(this.#word(position * 2), this.#word(position * 2 + 1));
    let slot = hole;
    for (;;) {
      this.#slots[hole] = 0;
      let entry: number;
      let home: number;
      do {
        slot = (slot + 1) & mask;
        entry = this.#slots[slot] as number;
        if (entry === 0) return;
        home = mix(this.#word((entry - 1) * 2), this.#word((entry - 1) * 2 + 1), this.#seed) & mask;
      } while (((slot - home) & mask) < ((slot - hole) & mask));
      this.#slots[hole] = entry;
      hole = slot;
    }
  }

  #grow(): void {
    const held = Math.min(this.capacity, this.#room * 2);
    const ring = new Uint32Array(held * 2);
    const split = this.#oldest * 2;
    ring.set(this.#ring.subarray(split));
    ring.set(this.#ring.subarray(0, split), this.#ring.length - split);
    this.#ring = ring;
    this.#oldest = 0;
    this.#slots = new Uint32Array(slotsFor(held));
    for (let at = 0; at < this.#size; at++)
      this.#slots[this.#find(this.#word(at * 2), this.#word(at * 2 + 1))] = at + 1;
  }

  #word(index: number): number {
    return this.#ring[index] as number;
  }
}

/** The power of two that is at least one and a half times as many. */
function slotsFor(held: number): number {
  return 2 ** Math.ceil(Math.log2(held * 1.5));
}

/** Both words and the seed decide the slot, through MurmurHash3's final mix. */
function mix(high: number, low: number, seed: number): number {
  let h = Math.imul(high ^ seed, 0x9e3779b1) ^ low;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) + seed;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
