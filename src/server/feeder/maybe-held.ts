/** Bits for each key that can be held: with one bit set for each, one in 32 strangers looks held. */
const bitsPerKey = 32;

/**
 * Which keys may be held, by their 32-bit hash: a Bloom filter with one function (Bloom 1970). When
 * there is no room for new keys, nearly every stranger is known as such without making its text.
 */
export class MaybeHeld {
  readonly #words: Int32Array;
  readonly #mask: number;

  /** @param keys how many are held at most */
  constructor(keys: number) {
    const bits = 2 ** Math.ceil(Math.log2(Math.max(1024, keys * bitsPerKey)));
    this.#words = new Int32Array(bits >>> 5);
    this.#mask = bits - 1;
  }

  add(hash: number): void {
    const bit = hash & this.#mask;
    const word = bit >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (bit & 31));
  }

  /** False: surely not held. */
  has(hash: number): boolean {
    const bit = hash & this.#mask;
    return (((this.#words[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  clear(): void {
    this.#words.fill(0);
  }
}
