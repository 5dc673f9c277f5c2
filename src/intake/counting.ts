import type { IntakeCounters } from './intake.ts';

/** Counts what an intake has done since it was made. */
export class Counting {
  #accepted = 0;
  #duplicates = 0;
  #refused = 0;
  readonly #refusedBy = new Map<string, number>();

  take(accepted: number, duplicates: number): void {
    this.#accepted += accepted;
    this.#duplicates += duplicates;
  }

  /** `by` is an error code: events or, where a whole request is turned away, requests. */
  refuse(by: string, count = 1): void {
    this.#refused += count;
    this.#refusedBy.set(by, (this.#refusedBy.get(by) ?? 0) + count);
  }

  read(protocol: string): IntakeCounters {
    return {
      protocol,
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      refused: this.#refused,
      refusedBy: Object.fromEntries(this.#refusedBy),
    };
  }
}
