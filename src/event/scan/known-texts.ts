/** Longer texts, in UTF-8 bytes, seldom repeat and are made anew each time. */
const longest = 64;
/** Of one entry: its length, its last four bytes, and what stands before them, four by four. */
const wordsEach = longest / 4 + 1;
/** How many texts with the same place are held beside each other; a power of two. */
const ways = 4;
const defaultSets = 2048;

const noBytes: Buffer = Buffer.alloc(0);

/**
 * The strings of texts that come again and again, found by their bytes without making one: a hash
 * over words, then at most four candidates. What is found is the very string that was given before,
 * so that comparing it and looking it up in a Map is quick for who uses it.
 *
 * It never holds more than `sets` × 4 texts of at most 64 bytes (8,192 texts by default, 0.5 MiB
 * for their bytes); a new one takes the place of one with the same place, so no choice of texts
 * makes it slow. Rejected: emptying the whole table when it is full, which makes every string again
 * whenever one attribute has many values.
 */
export class KnownTexts {
  /** How many strings were made. */
  made = 0;
  /** How many of them took the place of another. */
  replaced = 0;
  readonly #mask: number;
  readonly #hashes: Int32Array;
  readonly #words: Int32Array;
  /** '' where none is held yet. */
  readonly #texts: string[];
  #turn = 0;
  #bytes = noBytes;
  #view = viewOf(noBytes);

  /** @param sets a power of two */
  constructor(sets = defaultSets) {
    this.#mask = sets - 1;
    this.#hashes = new Int32Array(sets * ways);
    this.#words = new Int32Array(sets * ways * wordsEach);
    this.#texts = Array.from({ length: sets * ways }, () => '');
  }

  /** Goes over to other bytes, which must be valid UTF-8. They are held until the next call. */
  read(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  /** The text at `start`..`end` of the bytes that are read. */
  text(start: number, end: number): string {
    const length = end - start;
    if (length <= 0) return '';
    if (length > longest) return this.#make(start, end);
    const tail = this.#tail(start, end);
    const hash = this.#hash(start, end, tail);
    const set = (hash & this.#mask) * ways;
    for (let slot = set; slot < set + ways; slot++)
      if (this.#hashes[slot] === hash && this.#holds(slot, start, end, tail))
        return this.#texts[slot] as string; // the mask keeps it in range
    const slot = this.#room(set);
    this.#hashes[slot] = hash;
    return this.#keep(slot, start, end, tail);
  }

  /** The last four bytes as a word, or all of a shorter text: with the length it stands for them. */
  #tail(start: number, end: number): number {
    if (end - start >= 4) return this.#view.getInt32(end - 4, true);
    let word = 0;
    for (let i = start; i < end; i++) word = (word << 8) | (this.#bytes[i] as number); // in range
    return word;
  }

  /**
   * Of the words before the tail (the last may overlap it), then of the tail. What differs may be
   * one high byte, which one multiplication alone would leave in the high bits: so it is mixed on
   * at the end (multipliers: 2^32 / φ, and of MurmurHash3's fmix32).
   */
  #hash(start: number, end: number, tail: number): number {
    let hash = end - start;
    for (let i = start; i < end - 4; i += 4) {
      hash = Math.imul(hash ^ this.#view.getInt32(i, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ tail, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    return hash ^ (hash >>> 13);
  }

  #holds(slot: number, start: number, end: number, tail: number): boolean {
    const words = this.#words;
    let at = slot * wordsEach;
    if (words[at] !== end - start || words[++at] !== tail) return false;
    for (let i = start; i < end - 4; i += 4)
      if (words[++at] !== this.#view.getInt32(i, true)) return false;
    return true;
  }

  /** A free slot of the set; when there is none, they take turns. */
  #room(set: number): number {
    for (let slot = set; slot < set + ways; slot++) if (this.#texts[slot] === '') return slot;
    this.replaced++;
    return set + (this.#turn++ & (ways - 1));
  }

  #keep(slot: number, start: number, end: number, tail: number): string {
    const words = this.#words;
    let at = slot * wordsEach;
    words[at] = end - start;
    words[++at] = tail;
    for (let i = start; i < end - 4; i += 4) words[++at] = this.#view.getInt32(i, true);
    return (this.#texts[slot] = this.#make(start, end));
  }

  #make(start: number, end: number): string {
    this.made++;
    return this.#bytes.toString('utf8', start, end);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
