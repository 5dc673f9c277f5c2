import type { ChaosKind } from '../../rooms/demo/chaos.ts';

/** What was done to the company. */
export interface Deed {
  /** What was really done, in a sentence. */
  readonly said: string;
  /**
   * Resolves when it is over, with how it ended; whoever lasts is undone then. Called once. Throws an
   * Error where it did not end as it should.
   */
  readonly over: () => Promise<string>;
}

/** Does one kind; `ending` aborts when it is to end. Throws an Error when it can not be done. */
export type Do = (ending: AbortSignal) => Promise<Deed>;

/** How each kind is done. */
export type Deeds = Readonly<Record<ChaosKind, Do>>;
