import { addTo, hasBin, makeSketch, sizeOf, valueAt } from '../../sketches/ddsketch.ts';
import { estimate, makeRegisters, note, type Registers } from '../../sketches/hyperloglog.ts';

/** Numbers of 8 bytes that timers and sets may keep. */
export class Room {
  readonly most: number;
  used = 0;

  constructor(most: number) {
    this.most = most;
  }

  get full(): boolean {
    return this.used >= this.most;
  }
}

/** The values of a timer, histogram or distribution in one interval. */
export class Timer {
  /** How many there were: each stands for 1/rate of them. */
  count = 0;
  sum = 0;
  readonly #sketch = makeSketch();

  get min(): number {
    return this.#sketch.min;
  }

  get max(): number {
    return this.#sketch.max;
  }

  /** Takes a value, unless that takes more memory and there is none. */
  add(value: number, times: number, room: Room): boolean {
    if (room.full && !hasBin(this.#sketch, value)) return false;
    const before = sizeOf(this.#sketch);
    addTo(this.#sketch, value, times);
    room.used += sizeOf(this.#sketch) - before;
    this.count += times;
    this.sum += value * times;
    return true;
  }

  /** The value below which a share `q` of all is: at most 1 % off. */
  quantile(q: number): number {
    const { n } = this.#sketch;
    return valueAt(this.#sketch, Math.min(Math.floor(q * n), n - 1));
  }
}

/** Different members of a set that are told apart exactly. */
const exactTo = 1_000;

/** The different members of a set in one interval: exact to 1,000, then estimated to 1.6 %. */
export class Members {
  #few: Set<string> | undefined = new Set();
  #many: Registers | undefined;

  get count(): number {
    return this.#many ? estimate(this.#many) : (this.#few?.size ?? 0);
  }

  /** Takes a member, unless that takes more memory and there is none. */
  add(member: string, room: Room): boolean {
    if (this.#many) {
      note(this.#many, member);
      return true;
    }
    const few = this.#few ?? new Set<string>();
    if (few.has(member)) return true;
    if (room.full) return false;
    few.add(member);
    room.used += 8 + Math.ceil(member.length / 8);
    if (few.size > exactTo) this.#estimateFrom(few);
    return true;
  }

  #estimateFrom(few: ReadonlySet<string>): void {
    const registers = makeRegisters();
    for (const member of few) note(registers, member);
    this.#many = registers;
    this.#few = undefined;
  }
}
