import { streamNames, type StreamName } from '../../event/event.ts';
import type { Lines } from '../../event/batch.ts';
import { logErrors } from '../errors.ts';
import { follow } from '../follow.ts';
import { Head } from '../head.ts';
import type { Appended, Log, LogCounters, ReadOptions, StreamStat } from '../log.ts';
import type { HeadFile } from './head-file.ts';
import { lmdbNotes } from './lmdb-notes.ts';
import { fetchRecordsFrom, offsetReceivedAt, statOf } from './records.ts';
import type { OnProblem } from './recovery.ts';
import { readState } from './state.ts';
import type { Store } from './store.ts';
import { readVersion } from './subjects.ts';

interface ReaderParts {
  readonly store: Store;
  readonly file: HeadFile;
  /** Whether the writer runs in this process, so that notes can be set. */
  readonly mayWrite: boolean;
  readonly onProblem: OnProblem;
}

const noIdentities = { held: 0, capacity: 0, forgotten: 0 };
const nothingCounted: LogCounters = {
  appended: 0,
  duplicates: 0,
  conflicts: 0,
  refusedFull: 0,
  refusedBusy: 0,
  pendingBytes: 0,
  identities: { facts: noIdentities, readings: noIdentities },
  appendLatency: { p50: 0, p99: 0, max: 0 },
};

/** The log in another thread or process than its writer's. */
export class LmdbReader implements Log {
  readonly notes;
  readonly #store: Store;
  readonly #file: HeadFile;
  readonly #onProblem: OnProblem;
  readonly #head = new Head(() => this.#look());

  constructor({ store, file, mayWrite, onProblem }: ReaderParts) {
    this.#store = store;
    this.#file = file;
    this.#onProblem = onProblem;
    this.notes = lmdbNotes(store, async (write) => {
      if (!mayWrite) throw readOnly();
      await store.env.batch(write);
      await store.env.flushed;
    });
    this.#look();
  }

  readonly append = (_stream: StreamName, _lines: Lines): Promise<Appended> =>
    Promise.reject(readOnly());

  readonly trim = (): Promise<void> => Promise.reject(readOnly());

  readonly read = (stream: StreamName, from: number, options: ReadOptions = {}) => {
    if (!this.#head.closed) this.#look();
    const fetch = (offset: number) => {
      this.#look();
      const place = { store: this.#store, stream, next: this.#head.next(stream) };
      return fetchRecordsFrom(place, offset, skipping(options, this.#onProblem));
    };
    return follow({ stream, head: this.#head, fetch }, from, options);
  };

  readonly stat = (stream: StreamName): StreamStat => {
    this.#look();
    const { position } = readState(this.#store, stream);
    return statOf(this.#store, stream, { next: this.#head.next(stream), position });
  };

  readonly version = (subject: string): number => {
    this.#look();
    return readVersion(this.#store, subject);
  };

  readonly offsetAt = (stream: StreamName, time: number): number => {
    this.#look();
    return offsetReceivedAt(this.#store, stream, { next: this.#head.next(stream), time });
  };

  /** Of reading: what the writer can take is the writer's to tell. */
  readonly state = () => 'ok' as const;

  readonly counters = (): LogCounters => nothingCounted;

  readonly close = async (): Promise<void> => {
    if (this.#head.closed) return;
    this.#head.close();
    this.#file.close();
    await this.#store.env.close();
  };

  /** Takes the head over from the writer's file, and with it a fresh view of the databases. */
  #look(): void {
    const next = this.#file.look();
    if (next === undefined) return;
    this.#store.env.resetReadTxn();
    for (const stream of streamNames) this.#head.moveTo(stream, next[stream]);
  }
}

/** What a read with `skipCorrupt` does about a damaged record; undefined: it throws. */
export function skipping(options: ReadOptions, onProblem: OnProblem) {
  if (options.skipCorrupt !== true) return undefined;
  return (stream: StreamName, offset: number, damage: string): void =>
    onProblem(`The record at offset ${offset} of ${stream} was left out: ${damage}.`);
}

function readOnly(): Error {
  return logErrors(
    'READ_ONLY',
    'This log was opened as a reader; only the process of its writer can change it.',
  );
}
