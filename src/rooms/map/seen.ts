/** One combination of names under which events came. Times are ms since the epoch, UTC. */
export interface Seen {
  readonly stream: 'facts' | 'readings';
  readonly source: string;
  readonly service?: string;
  readonly namespace?: string;
  readonly environment?: string;
  readonly host?: string;
  readonly subject?: string;
  readonly repository?: string;
  /** Name of a check, of checks alone. */
  readonly check?: string;
  /** `metric`, `check`, or subject and predicate of a fact. */
  readonly type: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** Of the last event. */
  readonly offset: number;
}

/** What an end of a call is, as docs/protocols/otlp.md tells it. */
export type CalledKind = 'service' | 'database' | 'queue' | 'address';

/** A call from one service to another, as spans tell it. */
export interface SeenCall {
  readonly from: string;
  readonly to: string;
  /** Left out: it is not said. */
  readonly fromIs?: CalledKind;
  readonly toIs?: CalledKind;
  /** Where both ends tell of it: once. */
  readonly count: number;
  readonly first?: number;
  readonly last: number;
}

/** Where the map and what happens do not agree. */
export type MapProblemKind =
  | 'declared-never-seen'
  | 'seen-never-declared'
  | 'stale'
  | 'contradiction'
  /** A process is seen to be bad while everything it is said to need is good. */
  | 'unexplained'
  /** A need that was bad while who needs it stayed good, again and again. */
  | 'need-without-effect';

export interface MapProblem {
  /** The same for the same problem, however often it is found: `stale/orders-db`. */
  readonly id: string;
  readonly kind: MapProblemKind;
  /** Node or process that it is about; left out where nothing is declared. */
  readonly node?: string;
  readonly message: string;
  /** Lines for map.yaml that would mend it. */
  readonly snippet?: string;
  /** ms since the epoch. */
  readonly since: number;
  readonly evidence: readonly {
    readonly stream: 'facts' | 'readings';
    readonly offset: number;
    readonly time: number;
    readonly text: string;
  }[];
}
