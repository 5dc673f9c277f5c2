import type { Event } from '../../../event/event.ts';
import type { RuleEvent } from '../../language/plan.ts';

/** What a window says at its end: fields over those of the key. */
export type Result = Partial<RuleEvent>;

/**
 * One way to make one value of many events. What it keeps is plain data. Only the fold itself knows
 * what its `Kept` and `Item` are, so those who hold them hold them as unknown.
 */
export interface Fold<Kept = unknown, Item = unknown> {
  readonly make: () => Kept;
  /** What of an event is folded; undefined: the event counts for nothing. */
  readonly item: (event: Event) => Item | undefined;
  /** Adds an item; may change what it is given, and answers what is kept then. */
  readonly add: (kept: Kept, item: Item) => Kept;
  /** Adds all of `from` to `into` and leaves `from` as it is; undefined when that cannot be done. */
  readonly merge: ((into: Kept, from: Kept) => Kept) | undefined;
  readonly results: (kept: Kept) => readonly Result[];
  /** What an empty window between others says; undefined: nothing. */
  readonly empty: Result | undefined;
}

/** A fold whose types are nobody else's business. */
export function fold<Kept, Item>(made: Fold<Kept, Item>): Fold {
  return made as unknown as Fold; // see Fold: its values go back to itself only
}

/** A reading; never one that is not a number, and none at all rather than an infinite one. */
export function metric(value: number): readonly Result[] {
  return Number.isFinite(value) ? [{ metric: value }] : [];
}
