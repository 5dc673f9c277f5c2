import type { Event } from '../../event/event.ts';
import type { Decision, EmitDecision, Key, Severity } from '../decision.ts';
import type { RuleProblem } from '../engine/engine.ts';

/** A decision beside `emit`, which is listed as the event that it makes. */
export type Action = Exclude<Decision, EmitDecision>;

/** How often each kind of decision was made. */
export interface Counts {
  readonly emit: number;
  readonly alert: number;
  readonly notify: number;
  readonly scale: number;
}

/** One decision in short. */
export interface Glimpse {
  readonly at: number;
  readonly kind: Decision['kind'];
  /** What people read of it. */
  readonly title: string;
}

/** What one rule did within the range. */
export interface RuleResult {
  readonly name: string;
  readonly counts: Counts;
  readonly first?: Glimpse;
  readonly last?: Glimpse;
  /** Events that it was given. */
  readonly events: number;
  readonly late: number;
  readonly failed: number;
  /** Keys that it knew at the end. */
  readonly keys: number;
  /** Events of keys for which it had no room. */
  readonly refused: number;
  /** Why it was stopped, when it was. */
  readonly stopped?: string;
  /** Start of a bucket of `Backtest.every` ms, and the counts in it; empty buckets are left out. */
  readonly course: readonly (readonly [
    start: number,
    emit: number,
    alert: number,
    notify: number,
    scale: number,
  ])[];
}

/** The life of one alert: rule and key, from when it is raised until it is over. */
export interface Episode {
  readonly rule: string;
  readonly key: Key;
  /** When it is raised; before the range when it was open already. */
  readonly from: number;
  /** When it is over; left out when it is open at the end. */
  readonly to?: number;
  /** The worst it came to. */
  readonly severity: Severity;
  /** As it was raised. */
  readonly title: string;
}

/** How many did not fit into the lists; all are counted and compared. */
export interface LeftOut {
  readonly decisions: number;
  readonly emitted: number;
  readonly alerts: number;
}

/** What some rules would have decided. */
export interface Outcome {
  readonly rules: readonly RuleResult[];
  /** Alerts, messages and scalings, in the order in which they are decided. */
  readonly decisions: readonly Action[];
  /** What goes back to the log. `received` is when the other rules see it. */
  readonly emitted: readonly Event[];
  readonly alerts: readonly Episode[];
  readonly problems: readonly RuleProblem[];
  readonly leftOut: LeftOut;
}

/** Where the events of a part of the time came from. */
export interface Source {
  readonly stream: 'facts' | 'readings';
  readonly from: number;
  readonly to: number;
  /**
   * `log`: as they arrived; `history`: in the order of their own time, as if each had arrived when
   * it happened; `gap`: there may have been events, and none are kept.
   */
  readonly source: 'log' | 'history' | 'gap';
  /** Why it is a gap. */
  readonly why?: string;
}

/** What the rules were given. */
export interface Input {
  readonly events: number;
  readonly facts: number;
  readonly readings: number;
  /** Recorded events of the same rules, which were left out because the rules make them anew. */
  readonly replaced: number;
  /** Events that were sent long after they happened, and are taken at the time when they happened. */
  readonly backfilled: number;
  readonly sources: readonly Source[];
  /** Whether there is no gap from `from` to `to`. */
  readonly complete: boolean;
  /** Whether there is none from `warmFrom` to `from`: otherwise the first decisions may differ. */
  readonly warm: boolean;
  /** Start of a bucket of `Backtest.every` ms, and the events received in it. */
  readonly course: readonly (readonly [start: number, events: number])[];
}

/** How the decisions of one rule and key compare. */
export interface Compared {
  readonly rule: string;
  /** The values of the key, as in the subject of an alert; `-` without any. */
  readonly key: string;
  readonly same: number;
  readonly onlyCandidate: number;
  readonly onlyLive: number;
}

/** An alert that only one side raises, or both with another span or severity. */
export interface AlertDifference {
  readonly rule: string;
  readonly key: string;
  readonly candidate?: Omit<Episode, 'rule' | 'key'>;
  readonly live?: Omit<Episode, 'rule' | 'key'>;
}

/** The rules in question beside those that run now, over the same events. */
export interface Difference {
  readonly same: number;
  readonly onlyCandidate: number;
  readonly onlyLive: number;
  /** By rule and key; those that are all the same last. */
  readonly keys: readonly Compared[];
  readonly alerts: readonly AlertDifference[];
  /** Rows that did not fit into `keys` and `alerts`. */
  readonly leftOut: { readonly keys: number; readonly alerts: number };
}

/** All of a backtest: what the rules in question would have decided, and what others would. */
export interface Backtest extends Outcome {
  readonly format: 'territory.backtest/1';
  readonly from: number;
  readonly to: number;
  readonly warmFrom: number;
  /** Width of the buckets of each `course`, ms. */
  readonly every: number;
  readonly input: Input;
  /** With what it was compared. */
  readonly against?: { readonly name: string } & Outcome & { readonly difference: Difference };
}
