import type { Event, StreamName } from '../event/event.ts';
import type { Where } from '../event/where/ast.ts';

/**
 * Rows on their way into history: the events of consecutive offsets of one stream, encoded by
 * `arrow.ts` as one Arrow IPC stream in a file (a file, because it crosses a process boundary
 * without a copy through a socket; on tmpfs where there is one).
 */
export interface Block {
  readonly stream: StreamName;
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  readonly path: string;
}

/** What is computed over the events of one bucket, or of the whole range. See docs/reference/query.md. */
export type Aggregate =
  | 'count'
  | 'sum'
  | 'mean'
  | 'min'
  | 'max'
  | 'p50'
  | 'p75'
  | 'p90'
  | 'p95'
  | 'p99'
  | 'p999'
  | 'rate';

/** Half-open: from <= time < to, ms since the epoch, UTC. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface SeriesQuery extends Range {
  readonly where: Where;
  readonly aggregate: Aggregate;
  /** Fields or attribute names to group by; one series for each combination of their values. */
  readonly by: readonly string[];
  /** Bucket width in ms, buckets aligned to the epoch; undefined: totals only. */
  readonly every?: number;
  /** How many series at most, the largest totals first. */
  readonly top: number;
  /** The aggregate is divided by the same aggregate over these events. */
  readonly ratio?: Where;
}

export interface Series {
  /** By the names of `by`; an event without the field counts under ''. */
  readonly labels: Readonly<Record<string, string>>;
  /** [start of the bucket in ms, value]; null where there is no data, never 0. */
  readonly points: readonly (readonly [time: number, value: number | null])[];
  /** The aggregate over the whole range. */
  readonly total: number | null;
}

export interface SeriesAnswer {
  readonly series: readonly Series[];
  /** The aggregate over the whole range and all series, also those that `top` left out. */
  readonly total: number | null;
  /** How many events it was computed from. */
  readonly matched: number;
  /** How many series `top` left out. */
  readonly omitted: number;
}

export interface EventsQuery extends Range {
  readonly where: Where;
  readonly order: 'newest' | 'oldest';
  readonly limit: number;
  /** As the previous page gave it. */
  readonly cursor?: string;
}

/** An event with its place in the log. */
export interface PlacedEvent extends Event {
  readonly stream: StreamName;
  readonly offset: number;
}

export interface EventsAnswer {
  readonly events: readonly PlacedEvent[];
  /** Give it back for the next page; undefined at the end. */
  readonly next?: string;
}

/** Every query is bounded; going over one ends in a HistoryError `timeout` or `memory`. */
export interface QueryLimits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly signal?: AbortSignal;
}

export interface HistoryStat {
  readonly rows: number;
  readonly bytes: number;
  /** Event time of the oldest row, ms; undefined when empty. */
  readonly oldest: number | undefined;
  readonly parts: number;
  readonly merging: number;
  /** The greatest offset held of each stream, 0 when none. */
  readonly head: Readonly<Record<StreamName, number>>;
}

/**
 * Events in columns, to be asked over time. All back ends pass `history.suite.ts`.
 *
 * - `insert` is idempotent for the same (stream, first, last), also across `kill -9`; it must be
 *   called with the same boundaries again after a crash (see `server/feeder/`).
 * - Throws HistoryError: `timeout`, `memory`, `unavailable` (restarting; try again), `refused`.
 */
export interface History {
  readonly insert: (block: Block) => Promise<void>;
  readonly series: (query: SeriesQuery, limits: QueryLimits) => Promise<SeriesAnswer>;
  readonly events: (query: EventsQuery, limits: QueryLimits) => Promise<EventsAnswer>;
  /** Forgets readings older than `before` (ms, event time), whole partitions at a time. */
  readonly dropBefore: (before: number) => Promise<void>;
  /** Forgets everything: the log is read again from its start. */
  readonly clear: () => Promise<void>;
  readonly stat: () => Promise<HistoryStat>;
  readonly counters: () => HistoryCounters;
  /** Drains what is under way, then stops. */
  readonly close: () => Promise<void>;
}

/** Counted since the history was opened. */
export interface HistoryCounters {
  readonly insertedRows: number;
  readonly inserts: number;
  readonly insertFailures: number;
  readonly queries: number;
  readonly queryTimeouts: number;
  readonly queryMemory: number;
  /** Refused because too many waited. */
  readonly queriesRefused: number;
  /** Waiting for their turn now. */
  readonly queriesWaiting: number;
  readonly restarts: number;
  /** The slowest recent queries, slowest first, at most 20. */
  readonly slow: readonly { readonly at: number; readonly ms: number; readonly what: string }[];
}
