import type { Event } from '../../event/event.ts';
import type { Decision, Key } from '../decision.ts';
import type { Args, RuleEvent } from '../language/plan.ts';
import type { Scope } from './scope.ts';

/** One node of a rule's plan while it runs. */
export interface Operator {
  /** Takes an event of a scope; `input` says which of the node's inputs it came by, from 0. */
  readonly event: (event: Event, scope: Scope, input: number) => void;
  /** The watermark has reached `at`, for which the operator asked in this scope. */
  readonly wake?: (scope: Scope, at: number) => void;
  /** The rule runs from `now` (ms) on, and this operator has no state of an earlier run. */
  readonly begin?: (now: number) => void;
  /** Whether a state of it would be missed if its key were forgotten, such as an alert that is open. */
  readonly holds?: (state: unknown) => boolean;
}

/**
 * What a running operator may do. All of it is by event time and plain data: the same events give
 * the same answers, live, in a test and in a backtest.
 */
export interface Surroundings {
  readonly args: Args;
  /** Names of the key's fields at this place; empty before any `by`. */
  readonly fields: readonly string[];
  /** Hands an event on to what follows. */
  readonly send: (event: Event, scope: Scope) => void;
  /** Has `wake` called once the watermark is at `at` (ms) or later; each call counts. */
  readonly wakeAt: (scope: Scope, at: number) => void;
  /** What is at or before it has passed: an event of that time is late. ms. */
  readonly watermark: () => number;
  /** Says that an event came too late and was left out. */
  readonly late: () => void;
  /** Says that the operator let go of something it had kept, because its bound was reached. */
  readonly full: () => void;
  /** The state of this operator in a scope; undefined before the first `set`. */
  readonly get: (scope: Scope) => unknown;
  /** Plain data only: it is kept over restarts and changes of the rule. */
  readonly set: (scope: Scope, state: unknown) => void;
  /** The scope that has no key, for what an operator keeps across all keys. */
  readonly root: Scope;
  /** The scope of other values of the same key fields; undefined when there is no room for it. */
  readonly scopeOf: (labels: readonly string[]) => Scope | undefined;
  readonly keyOf: (scope: Scope) => Key;
  /** A new event about the key: its labels as columns and attributes. `fields` are put over them. */
  readonly about: (scope: Scope, time: number, fields: Partial<RuleEvent>) => Event;
  readonly decide: (decision: Undecided, scope: Scope) => void;
}

type WithoutOrigin<D> = D extends Decision ? Omit<D, 'rule' | 'key' | 'id'> : never;
/** A decision before the engine says whose it is. */
export type Undecided = WithoutOrigin<Decision>;

/** One kind of operator, as the table of operators names it. */
export interface OperatorKind {
  readonly start: (surroundings: Surroundings) => Operator;
  /** Whether what it does depends on what it saw before; its state then has an address. */
  readonly stateful: boolean;
  /** How much of the past it needs to be as if it had always run, ms; 0 when left out. */
  readonly retention?: (args: Args) => number;
  /** What it was given, in a few words, for the picture of the plan. */
  readonly label: (args: Args) => string;
}
