import type { Batch, Lines } from '../event/batch.ts';
import type { StreamName } from '../event/event.ts';

/** Makes an append conditional: nothing is written unless `subject` is still at `version`. */
export interface Expectation {
  readonly subject: string;
  /** Offset of the last fact on the subject; 0 when there must be none. */
  readonly version: number;
}

/** What an append did. */
export interface Appended {
  /** Offset of the first event written; what the next one will get when nothing was. */
  readonly first: number;
  /** How many were written. */
  readonly count: number;
  /** Indices into the appended lines that were dropped as duplicates, ascending. */
  readonly duplicates: readonly number[];
}

/** The state of one stream. */
export interface StreamStat {
  /** Offset of the oldest event held; equal to `next` when the stream is empty. */
  readonly first: number;
  /** Offset that the next event will get: 1 in a new log. */
  readonly next: number;
  /** Stored size in bytes, as far as the back end knows it (before compression). */
  readonly bytes: number;
  /** `received` of the oldest batch held, ms; undefined when empty. */
  readonly oldest: number | undefined;
}

export interface ReadOptions {
  /** Go on with what is appended later; without it the reader ends at the head. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  /** Leave out damaged batches (each is reported to the log's `onProblem`) instead of throwing. */
  readonly skipCorrupt?: boolean;
}

/**
 * The durable order of events. All back ends pass `log.suite.ts`; `memory/` is the reference.
 *
 * - `append` resolves only when the events are durable (fsync locally, quorum in a cluster), in
 *   the order of the calls. Duplicates of the identity window are dropped; an append of nothing
 *   but duplicates resolves only once the originals are durable, and is never a conflict.
 *   Throws TERR_LOG_CONFLICT (expectation failed), FULL (no room), BUSY (queue over its byte limit;
 *   `details.retryAfter`), TOO_LARGE, LINES (not what their description says), CLOSED, FAILED (the
 *   disk refused; no more is taken). When it throws, nothing of the call was written.
 * - `read` yields batches from offset `from` in order (the first batch is cut so that it starts at
 *   `from`; where that was trimmed, at the oldest held). Readers are independent: a slow one never
 *   slows the appender. Only durable events are given. Ends at the head or, when following, when
 *   `signal` aborts or the log closes (no throw). Throws TERR_LOG_CORRUPT at a damaged batch.
 * - `trim` forgets whole batches that lie before offset `before`.
 */
export interface Log {
  readonly append: (stream: StreamName, lines: Lines, expect?: Expectation) => Promise<Appended>;
  readonly read: (stream: StreamName, from: number, options?: ReadOptions) => AsyncIterable<Batch>;
  readonly trim: (stream: StreamName, before: number) => Promise<void>;
  readonly stat: (stream: StreamName) => StreamStat;
  /** Offset of the last fact on a subject, 0 when there is none. */
  readonly version: (subject: string) => number;
  /** The first offset whose batch was received at or after `time` (ms); `next` when none was. */
  readonly offsetAt: (stream: StreamName, time: number) => number;
  readonly notes: Notes;
  /** As it is now, whether or not anybody appends. */
  readonly state: () => LogState;
  readonly counters: () => LogCounters;
  readonly close: () => Promise<void>;
}

/**
 * Small durable values beside the events: readers' cursors by name, intents, snapshots. `set` and
 * `remove` resolve when durable.
 */
export interface Notes {
  readonly get: (key: string) => unknown;
  /** Every note whose key starts with `prefix`, in key order. */
  readonly list: (prefix: string) => readonly (readonly [key: string, value: unknown])[];
  readonly set: (key: string, value: unknown) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
}

/** How full the window of identities is. */
export interface IdentityCounters {
  readonly held: number;
  readonly capacity: number;
  /** Pushed out by newer ones: what comes with them again is taken again. */
  readonly forgotten: number;
}

/**
 * Whether the log takes appends: `full` until there is room again, `failed` after the disk refused a
 * write, until the log is opened anew.
 */
export type LogState = 'ok' | 'full' | 'failed';

/** Counted since the log was opened. */
export interface LogCounters {
  readonly appended: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly refusedFull: number;
  readonly refusedBusy: number;
  /** Bytes queued and not yet durable. */
  readonly pendingBytes: number;
  /** The identities (source, id) by which duplicates are recognised. */
  readonly identities: Readonly<Record<StreamName, IdentityCounters>>;
  /** Recent times from append to durable, ms. */
  readonly appendLatency: { readonly p50: number; readonly p99: number; readonly max: number };
}
