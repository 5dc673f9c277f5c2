import type { Draft, Json } from '../event/event.ts';

/** The values of a rule's key by the names that `by` was given, in that order; empty without `by`. */
export type Key = Readonly<Record<string, string>>;

/** How bad it is, in the words of Nagios; `ok` is what ends an alert. */
export type Severity = 'ok' | 'warning' | 'critical' | 'unknown';

/** A change that came before, and may be why. */
export interface Suspect {
  /** Source and id of the event of the change. */
  readonly source: string;
  readonly id: string;
  readonly type: string;
  /** When the change happened: ms since the epoch, UTC. */
  readonly time: number;
  /** What people call it: `shop 1.4.2 deployed`. */
  readonly what: string;
  /** 0 to 1, larger is more suspicious; comparable within one list only. */
  readonly score: number;
  /** Why it stands in the list, in a few words each: `same service`, `4 min before`. */
  readonly because: readonly string[];
}

/** What every decision says of where it comes from. */
interface Origin {
  readonly rule: string;
  readonly key: Key;
  /** Event time of the decision: ms since the epoch, UTC. */
  readonly at: number;
  /**
   * The same for the same recording, whoever runs it and however often: what makes an append of it
   * idempotent.
   */
  readonly id: string;
}

/** *Track*: a derived reading or fact, to be put back on the log. */
export interface EmitDecision extends Origin {
  readonly kind: 'emit';
  readonly event: Draft;
  /** The rules that led to it, `a>b`, this one last; left out when it alone did. */
  readonly path?: string;
}

/** *Alert*: the condition of one (rule, key) as it stands now. The alerts room makes a life of it. */
export interface AlertDecision extends Origin {
  readonly kind: 'alert';
  /** `ok`: the condition is over. */
  readonly severity: Severity;
  readonly title: string;
  /** Since when the condition has been as it is, ms. */
  readonly since: number;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  readonly team?: string;
  readonly runbook?: string;
  /** The reading that decided it. */
  readonly value?: number;
  /** Name of the reading that decided it, for the chart beside the alert. */
  readonly name?: string;
  readonly suspects?: readonly Suspect[];
  /** What the operator before had to say beside the number: `moved` puts its verdict here. */
  readonly details?: Json;
}

/** A message to somebody: `mail:dev@example.org`, `webhook:NAME`, `browser`. */
export interface NotifyDecision extends Origin {
  readonly kind: 'notify';
  readonly to: string;
  readonly title: string;
  /** Plain text. */
  readonly body: string;
}

/** *Scale*: how many of a target there should be. */
export interface ScaleDecision extends Origin {
  readonly kind: 'scale';
  /** `workers/encoder`. */
  readonly target: string;
  /** Already between `min` and `max`. */
  readonly want: number;
  readonly min: number;
  readonly max: number;
  /** The reading that decided it. */
  readonly value?: number;
}

/** What a rule decided. The side effects are others'. */
export type Decision = EmitDecision | AlertDecision | NotifyDecision | ScaleDecision;
