import type { Key } from '../../thread/thing.ts';

/** A fact that a pattern of some stream fits, as it is kept. */
export interface Kept {
  readonly key: Key;
  /** ms since the epoch, UTC. */
  readonly time: number;
  /** Numbers of the patterns that it fits. */
  readonly fits: readonly number[];
}

/**
 * The moments of all things, in columns, the newest `capacity` of them: about 30 bytes each beside the
 * keys. Reached, the one that came first gives way.
 */
export class MomentStore {
  readonly capacity: number;
  /** How many had to give way. */
  forgotten = 0;
  #count = 0;
  readonly #times: Float64Array;
  readonly #fits: Uint32Array;
  readonly #keys: (Key | undefined)[] = [];
  /** Few different ones: what a kind of fact fits. */
  readonly #sets: (readonly number[])[] = [];
  readonly #setNumbers = new Map<string, number>();

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#times = new Float64Array(capacity);
    this.#fits = new Uint32Array(capacity);
  }

  get size(): number {
    return Math.min(this.#count, this.capacity);
  }

  /** Goes up with each that is added. */
  get added(): number {
    return this.#count;
  }

  add({ key, time, fits }: Kept): void {
    const at = this.#count++ % this.capacity;
    if (this.#count > this.capacity) this.forgotten++;
    this.#times[at] = time;
    this.#fits[at] = this.#setOf(fits);
    this.#keys[at] = key;
  }

  /** All of them, in no order. */
  *all(): Generator<Kept> {
    for (let at = 0; at < this.size; at++) {
      const key = this.#keys[at];
      const fits = this.#sets[this.#fits[at] ?? 0];
      if (key !== undefined && fits) yield { key, time: this.#times[at] ?? 0, fits };
    }
  }

  #setOf(fits: readonly number[]): number {
    const name = fits.join(' ');
    const known = this.#setNumbers.get(name);
    if (known !== undefined) return known;
    this.#setNumbers.set(name, this.#sets.length);
    return this.#sets.push(fits) - 1;
  }
}
