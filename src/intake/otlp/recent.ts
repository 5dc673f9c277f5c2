/**
 * The last texts that were noted by their keys, at most `most`: two generations, of which the older
 * is dropped whole when the younger is full, so that keeping costs next to nothing.
 */
export class Recent {
  readonly #half: number;
  #young = new Map<string, string>();
  #old: ReadonlyMap<string, string> = new Map();

  constructor(most: number) {
    this.#half = Math.ceil(most / 2);
  }

  note(key: string, text: string): void {
    this.#young.set(key, text);
    if (this.#young.size < this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  get(key: string): string | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }
}
