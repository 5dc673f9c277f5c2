const beats = 0;
const turn = 1;
const words = 2;

/** Memory that two threads see, for one pulse. */
export function pulseMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT);
}

/**
 * Says from within the thread of the checks that it goes on, and whose step is at work: written to
 * shared memory and not posted, because a step that never ends lets its thread post nothing more.
 */
export class Pulse {
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  beat(): void {
    Atomics.add(this.#words, beats, 1);
  }

  /** A step of the run with this number begins to work; 0: none does. */
  turn(run: number): void {
    Atomics.store(this.#words, turn, run);
  }

  /** As the other thread sees it. */
  feel(): { readonly beats: number; readonly run: number } {
    return { beats: Atomics.load(this.#words, beats), run: Atomics.load(this.#words, turn) };
  }
}

/**
 * Finds the thread that stands still. Counts looks, not time: when the machine was asleep or
 * overloaded the one who looks was too, and nobody is to blame.
 */
export class Watchdog {
  readonly #looks: number;
  #last = -1;
  #same = 0;

  constructor(looks: number) {
    this.#looks = looks;
  }

  /** Whether it has stood still for so many looks; told once. */
  look(count: number): boolean {
    this.#same = count === this.#last ? this.#same + 1 : 0;
    this.#last = count;
    return this.#same === this.#looks;
  }
}
