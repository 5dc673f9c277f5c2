import { type Lanes, type Place, noPlace } from '../lanes/lanes.ts';
import { deadlineOf, latenessOf } from './slots.ts';
import { type Missed, type Slot, type Timed, Timetable } from './timetable.ts';

/** What the pacer does it with. */
export interface Paced<Result> {
  /** Where a check runs. */
  readonly place: (check: string) => Place;
  /** Runs a check, at most `deadline` ms. It must not reject. */
  readonly run: (slot: Slot, deadline: number, signal: AbortSignal) => Promise<Result>;
  readonly result: (slot: Slot, result: Result) => void;
  readonly missed: (missed: Missed) => void;
}

/** ms until the clock is looked at again, should it have been set. */
const longestSleep = 10_000;

/**
 * Runs checks when they are due, each in its lane. Of each slot of a check either a result is told
 * or that it was missed, in the order of the slots.
 */
export class Pacer<Result> {
  readonly #timetable = new Timetable();
  readonly #intervals = new Map<string, number>();
  readonly #stop = new AbortController();
  readonly #lanes: Lanes;
  readonly #paced: Paced<Result>;
  #timer: NodeJS.Timeout | undefined;

  constructor(lanes: Lanes, paced: Paced<Result>) {
    this.#lanes = lanes;
    this.#paced = paced;
  }

  /** What is to be run from now on. What stays keeps its slots and its run. */
  set(checks: readonly Timed[]): void {
    if (this.#stop.signal.aborted) return;
    this.#intervals.clear();
    for (const { id, interval } of checks) this.#intervals.set(id, interval);
    this.#timetable.set(checks, Date.now());
    this.#wake();
  }

  /** One run more, where the next of its interval is later. */
  again(slot: Slot): void {
    this.#timetable.again(slot);
    this.#sleep();
  }

  /** Stops what runs; its slots are missed. Nothing is told after it. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#tell(this.#timetable.stop(Date.now()));
    this.#stop.abort();
  }

  #wake(): void {
    const { start, missed } = this.#timetable.take(Date.now());
    this.#tell(missed);
    for (const slot of start) void this.#start(slot);
    this.#sleep();
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    const next = this.#timetable.next();
    if (next === undefined || this.#stop.signal.aborted) return;
    const wait = Math.min(Math.max(0, next - Date.now()), longestSleep);
    this.#timer = setTimeout(() => this.#wake(), wait);
  }

  async #start(slot: Slot): Promise<void> {
    const { check } = slot;
    const { signal } = this.#stop;
    const interval = this.#intervals.get(check) ?? 0;
    const patience = Math.max(0, slot.slot + latenessOf(interval) - Date.now());
    const result = await this.#lanes.run(this.#paced.place(check), patience, async () =>
      signal.aborted
        ? noPlace
        : this.#paced.run(slot, deadlineOf(interval, Date.now() - slot.slot), signal),
    );
    // What was stopped is accounted for already, and so is what went meanwhile.
    if (!this.#timetable.isRunning(slot)) return;
    if (result === noPlace) this.#tell([{ ...slot, last: slot.slot, count: 1, why: 'no-place' }]);
    else this.#paced.result(slot, result);
    this.#tell(this.#timetable.ended(slot));
  }

  #tell(all: readonly Missed[]): void {
    for (const missed of all) this.#paced.missed(missed);
  }
}
