/** What the index gives back: the slot of what an event is about, and a check that it is still that. */
export interface Indexed {
  readonly slot: number;
  /** Hash of the key that stood in the slot. */
  readonly tag: number;
  /** Hash of the event's source. */
  readonly source: number;
}

/** FNV-1a of 32 bits over UTF-16 units; another seed is another function. */
export function hashOf(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  // Murmur3's end: the low bits are what buckets are chosen by.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

const columns = 5;

/** One generation: open addressing in five words an entry. */
export class Generation {
  readonly words: Uint32Array;
  count = 0;
  readonly #mask: number;

  constructor(slots: number, words = new Uint32Array(slots * columns)) {
    this.words = words;
    this.#mask = slots - 1;
  }

  add(id: readonly [number, number], { slot, tag, source }: Indexed): void {
    const { words } = this;
    let at = id[0] & this.#mask;
    for (; words[at * columns] !== 0; at = (at + 1) & this.#mask) {
      const same = words[at * columns + 1] === id[0] && words[at * columns + 2] === id[1];
      if (same && words[at * columns + 3] === source && words[at * columns + 4] === tag) return;
    }
    words.set([slot + 1, id[0], id[1], source, tag], at * columns);
    this.count++;
  }

  find(id: readonly [number, number], found: Indexed[]): void {
    const { words } = this;
    for (let at = id[0] & this.#mask; words[at * columns] !== 0; at = (at + 1) & this.#mask) {
      const base = at * columns;
      if (words[base + 1] !== id[0] || words[base + 2] !== id[1]) continue;
      const [slot = 0, , , source = 0, tag = 0] = words.subarray(base, base + columns);
      found.push({ slot: slot - 1, tag, source });
    }
  }
}

/**
 * Which thing each event is about, by the event's id: what links and suspects name. Two
 * generations, so that it is bounded and the oldest go first; 64 bits of hash tell ids apart.
 */
export class EventIndex {
  readonly #most: number;
  readonly #slots: number;
  current: Generation;
  previous: Generation;
  /** Entries that went with their generation. */
  forgotten = 0;

  /** @param most events in one generation */
  constructor(most: number) {
    this.#most = most;
    this.#slots = 2 ** Math.ceil(Math.log2(most * 2));
    this.current = new Generation(this.#slots);
    this.previous = new Generation(1);
  }

  get count(): number {
    return this.current.count + this.previous.count;
  }

  add(id: string, entry: Indexed): void {
    if (this.current.count >= this.#most) {
      this.forgotten += this.previous.count;
      this.previous = this.current;
      this.current = new Generation(this.#slots);
    }
    this.current.add(pairOf(id), entry);
  }

  /** Everything that an event with this id was about, of whatever source. */
  find(id: string): Indexed[] {
    const found: Indexed[] = [];
    const pair = pairOf(id);
    this.current.find(pair, found);
    if (this.previous.count > 0) this.previous.find(pair, found);
    return found;
  }
}

const pairOf = (id: string): readonly [number, number] => [hashOf(id), hashOf(id, 0x9747b28c)];
