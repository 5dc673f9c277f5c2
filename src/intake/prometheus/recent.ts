/** What an entry costs beside its key, as counted here: an object with ten short texts. */
const entryCost = 600;
/** Each character of a key is there once more in the entry, cut up. */
const keyCost = 3;

/**
 * Remembers what was made of a key while the key is in use, in bounded memory: two generations, of
 * which the older is forgotten when the younger is full. Cheaper than to order all at each look.
 */
export class Recent<V> {
  readonly #most: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #cost = 0;

  /** `most`: bytes of one generation, roughly. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: V): void {
    const cost = entryCost + keyCost * key.length;
    if (cost > this.#most / 16) return;
    if (this.#cost + cost > this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#cost = 0;
    }
    this.#young.set(key, value);
    this.#cost += cost;
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
    this.#cost = 0;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
