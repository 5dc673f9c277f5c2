/** How something is, from good to bad; and that nothing is known. */
export const healthStates = ['ok', 'at-risk', 'degraded', 'down', 'no-evidence'] as const;
export type HealthState = (typeof healthStates)[number];

/** What the stream has to say about something, as it came last. Times are ms since the epoch, UTC. */
export interface Signal {
  readonly kind: 'check' | 'heartbeat' | 'metric' | 'alert' | 'sli';
  /** Who says it about what: a later signal with the same key replaces it. */
  readonly key: string;
  readonly time: number;
  /** Where in the log; 0 for what is not an event (an SLI). */
  readonly stream: 'facts' | 'readings';
  readonly offset: number;
  readonly source: string;
  readonly subject?: string;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  /** Name of the check, metric or rule. */
  readonly name?: string;
  /** Of checks: as the producer has it. Of alerts: severity; `resolved` takes it away. Of an SLI: a HealthState. */
  readonly state?: string;
  readonly metric?: number;
  /** Seconds. */
  readonly ttl?: number;
  /** A sentence about it, where there is one. */
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** One thing that speaks for a state. */
export interface Evidence {
  readonly kind: Signal['kind'] | 'replicas';
  readonly state: HealthState;
  /** What it is called: check, metric, rule. */
  readonly name: string;
  /** A sentence: `p99 is 812 ms, limit 500`. */
  readonly text: string;
  readonly time: number;
  /** Too old to count. */
  readonly stale: boolean;
  readonly stream: 'facts' | 'readings';
  readonly offset: number;
}

/** What is seen of one node or process by itself. */
export interface Observed {
  readonly state: HealthState;
  /** Worst first. */
  readonly evidence: readonly Evidence[];
  /** Pieces that are not in `evidence` for want of room; they counted all the same. */
  readonly omitted?: number;
  /** When the answer may change without a new signal, because something gets too old. */
  readonly until?: number;
}

/** How a node or process is, by itself and by what it needs. */
export interface Health {
  readonly observed: HealthState;
  readonly inferred: HealthState;
  readonly shown: HealthState;
  /**
   * The way to the cause: own id first, then each need in turn, the cause last. Only the own id when
   * it is seen by itself; empty when nothing is wrong.
   */
  readonly because: readonly string[];
  /** Inferred to be down, and seen to be good: the map may be wrong about a need. */
  readonly contradiction: boolean;
  readonly evidence: readonly Evidence[];
}

/** By id, of nodes and of processes (ids of processes are `process:<id>`). */
export type HealthById = ReadonlyMap<string, Health>;

/** The key of a process among nodes. */
export const processKey = (id: string): string => `process:${id}`;
