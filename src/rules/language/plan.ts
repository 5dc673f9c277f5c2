import type { Event, Json } from '../../event/event.ts';

/**
 * What the functions of a rule are given: an event, with the text that people read. Environment
 * and the like stand where the event has them; every other label is in `attributes`.
 */
export type RuleEvent = Event & {
  /** The attribute `text`, `message` or `description`, or the payload when that is a text. */
  readonly text?: string;
  /** Since when it has been so, ms: `stable`, `absent` and `followedBy` say it. */
  readonly since?: number;
};

/** A function of a rule: must answer the same for the same event, and touch nothing else. */
export type Opaque = (...given: never[]) => unknown;

/** One thing that an operator was given. */
export type Arg = Json | Opaque | readonly (Json | Opaque)[] | undefined;

/** What an operator was given, by name: plain values and functions. */
export type Args = Readonly<Record<string, Arg>>;

/**
 * One operator of a rule as data: what it is, what it was given, what flows into it. The same
 * object stands in the plan once, however many others it feeds.
 */
export interface PlanNode {
  /** A name of the table in `operators/table.ts`. */
  readonly op: string;
  readonly args: Args;
  readonly inputs: readonly PlanNode[];
}

/** Settings of one rule; durations in ms. */
export interface RuleSettings {
  /** How late an event may be, by its own time, before windows leave it out. */
  readonly lateness: number;
  /** A key that was silent so long is forgotten. */
  readonly idle: number;
  /** How many keys one list of fields may have; events of further keys are left out and counted. */
  readonly maxKeys: number;
}

export const defaultSettings: RuleSettings = {
  lateness: 5_000,
  idle: 3_600_000,
  maxKeys: 100_000,
};

/** A whole rule as data. */
export interface RulePlan {
  readonly name: string;
  readonly settings: RuleSettings;
  /** The decisions it ends in. */
  readonly ends: readonly PlanNode[];
}
