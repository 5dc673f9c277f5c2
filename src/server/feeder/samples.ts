const most = 1000;

/** When the log had reached which offset, looked at now and then: tells the age of a lag. */
export class Samples {
  #list: { readonly at: number; readonly next: number }[] = [];

  /** @param next the offset after the last event at time `at` (ms) */
  add(at: number, next: number): void {
    if (this.#list.at(-1)?.next === next) return;
    this.#list.push({ at, next });
    // Over the bound every second one goes: old lags are told more coarsely.
    if (this.#list.length > most) this.#list = this.#list.filter((_, i) => i % 2 === 0);
  }

  /** When the event at `offset` was first seen to be in the log; forgets all before it. */
  reached(offset: number): number | undefined {
    const place = this.#list.findIndex(({ next }) => next > offset);
    if (place < 0) return undefined;
    this.#list.splice(0, place);
    return this.#list[0]?.at;
  }
}
