const beats = 0;
const turn = 1;
const words = 2;

/** Whose turn it is beside runs, which have numbers from 1 on. */
export const turns = { none: 0, planning: -1, loading: -2 } as const;

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
  #between: number = turns.none;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
  }

  beat(): void {
    Atomics.add(this.#words, beats, 1);
  }

  /** A step of the run with this number begins to work; `turns.none`: none does. */
  turn(run: number): void {
    Atomics.store(this.#words, turn, run === turns.none ? this.#between : run);
  }

  /** Whose turn it is when it is nobody's: of what goes on beside the runs. */
  between(what: number): void {
    this.#between = what;
    this.turn(turns.none);
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
