const beats = 0;
const kind = 1;
const index = 2;
const words = 3;

const kinds = ['idle', 'rule', 'file'] as const;

/** Whose turn it is in the thread of the rules. */
export interface Turn {
  readonly kind: (typeof kinds)[number];
  /** Of the rule or file, in the order in which they were told. */
  readonly index: number;
}

/** A heartbeat as another thread feels it: `beats` stands still while one turn goes on. */
export interface Pulse extends Turn {
  readonly beats: number;
}

/** Memory that two threads see, for one heartbeat. */
export function heartbeatMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Says from within a thread whose turn it is. Written to shared memory and not posted, because a
 * rule that loops for ever lets its thread post nothing any more.
 */
export class Heartbeat {
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  /** A turn begins. */
  begin(turn: Turn): void {
    Atomics.store(this.#words, index, turn.index);
    Atomics.store(this.#words, kind, kinds.indexOf(turn.kind));
    Atomics.add(this.#words, beats, 1);
  }

  /** Nobody's turn. */
  end(): void {
    this.begin({ kind: 'idle', index: 0 });
  }

  /** The turn goes on, but the thread is free. */
  beat(): void {
    Atomics.add(this.#words, beats, 1);
  }

  /** As the other thread sees it. */
  feel(): Pulse {
    return {
      beats: Atomics.load(this.#words, beats),
      kind: kinds[Atomics.load(this.#words, kind)] ?? 'idle',
      index: Atomics.load(this.#words, index),
    };
  }
}

/**
 * Finds the turn that does not end. Counts looks, not time: when the machine was asleep or
 * overloaded the one who looks was too, and nobody is to blame.
 */
export class Watchdog {
  readonly #looks: number;
  #last: Pulse | undefined;
  #same = 0;

  /** @param looks so many looks without a beat in between are too many */
  constructor(looks: number) {
    this.#looks = looks;
  }

  /** The turn that has been going on for too long; told once. */
  look(pulse: Pulse): Turn | undefined {
    const stands = this.#last?.beats === pulse.beats && pulse.kind !== 'idle';
    this.#last = pulse;
    this.#same = stands ? this.#same + 1 : 0;
    return this.#same === this.#looks ? pulse : undefined;
  }
}
