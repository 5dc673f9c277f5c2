import type { Lines } from '../../event/batch.ts';
import type { StreamName } from '../../event/event.ts';
import { CodedError } from '../../errors/coded-error.ts';
import { logErrors } from '../errors.ts';
import { follow } from '../follow.ts';
import type { Head } from '../head.ts';
import { Latencies } from '../latencies.ts';
import { checkLines, subjectsOf } from '../lines.ts';
import type {
  Appended,
  Expectation,
  Log,
  LogCounters,
  LogState,
  ReadOptions,
  StreamStat,
} from '../log.ts';
import type { Committer } from './committer.ts';
import type { DirectoryLock } from './directory-lock.ts';
import type { HeadFile } from './head-file.ts';
import { lmdbNotes } from './lmdb-notes.ts';
import { skipping } from './lmdb-reader.ts';
import { fetchRecordsFrom, offsetReceivedAt, statOf, trimmable } from './records.ts';
import type { OnProblem } from './recovery.ts';
import { putState } from './state.ts';
import { offsetKey, type Store } from './store.ts';
import { readVersion } from './subjects.ts';

interface WriterParts {
  readonly store: Store;
  readonly head: Head;
  readonly file: HeadFile;
  readonly lock: DirectoryLock;
  readonly committer: Committer;
  readonly monotonic: () => number;
  readonly maxAppendBytes: number;
  readonly onProblem: OnProblem;
}

/** Records removed in one transaction; appends get their turn between two. */
const trimRecords = 64;

/** How long closing waits for lmdb after a commit failed: its flush never reports back then. */
const stuckClose = 1_000;

/** The log in the one process that writes it. */
export class LmdbWriter implements Log {
  readonly notes;
  readonly #parts: WriterParts;
  readonly #latencies = new Latencies();
  #counted = { appended: 0, duplicates: 0, conflicts: 0, refusedFull: 0, refusedBusy: 0 };
  #closing: Promise<void> | undefined;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.notes = lmdbNotes(parts.store, (write) => this.#write(write));
  }

  readonly append = async (
    stream: StreamName,
    lines: Lines,
    expect?: Expectation,
  ): Promise<Appended> => {
    const started = this.#parts.monotonic();
    try {
      const appended = await this.#append(stream, lines, expect);
      this.#latencies.add(this.#parts.monotonic() - started);
      this.#counted.appended += appended.count;
      this.#counted.duplicates += appended.duplicates.length;
      return appended;
    } catch (error) {
      this.#count(error);
      throw error;
    }
  };

  readonly read = (stream: StreamName, from: number, options: ReadOptions = {}) => {
    const { store, head, onProblem } = this.#parts;
    const fetch = (offset: number) =>
      fetchRecordsFrom(
        { store, stream, next: head.next(stream) },
        offset,
        skipping(options, onProblem),
      );
    return follow({ stream, head, fetch }, from, options);
  };

  readonly trim = async (stream: StreamName, before: number): Promise<void> => {
    while (await this.#trimSome(stream, before));
  };

  readonly stat = (stream: StreamName): StreamStat => {
    const { store, committer } = this.#parts;
    return statOf(store, stream, committer.states[stream]);
  };

  readonly version = (subject: string): number => readVersion(this.#parts.store, subject);

  readonly offsetAt = (stream: StreamName, time: number): number => {
    const { store, head } = this.#parts;
    return offsetReceivedAt(store, stream, { next: head.next(stream), time });
  };

  readonly state = (): LogState => this.#parts.committer.state;

  readonly counters = (): LogCounters => ({
    ...this.#counted,
    pendingBytes: this.#parts.committer.pendingBytes,
    identities: this.#parts.committer.identities,
    appendLatency: this.#latencies.summary(),
  });

  /** Waits for what was queued; new appends get CLOSED. */
  readonly close = (): Promise<void> => (this.#closing ??= this.#close());

  async #close(): Promise<void> {
    const { committer, head, file, lock, store } = this.#parts;
    await committer.drained();
    head.close();
    file.close();
    const closed = store.env.close();
    await (committer.stuckFlush ? Promise.race([closed, after(stuckClose)]) : closed);
    lock.release();
  }

  #append(stream: StreamName, lines: Lines, expect: Expectation | undefined): Promise<Appended> {
    this.#requireOpen();
    this.#requireSize(lines.bytes.length);
    checkLines(lines);
    this.#parts.committer.room.check();
    const subjects = subjectsOf(stream, lines.bytes);
    return this.#parts.committer.append(stream, { lines, subjects, expect });
  }

  /** False when nothing was left to remove. */
  async #trimSome(stream: StreamName, before: number): Promise<boolean> {
    const { store, head, committer } = this.#parts;
    this.#requireOpen();
    const place = { before, next: head.next(stream), limit: trimRecords };
    const offsets = trimmable(store, stream, place);
    if (offsets.length === 0) return false;
    await this.#write(() => {
      for (const offset of offsets) void store.streams[stream].remove(offsetKey(offset));
    });
    // LMDB gives freed pages out only two transactions later; on a full disk an append would fail
    // and never get there.
    await this.#write(() => putState(store, stream, committer.states[stream]));
    return true;
  }

  async #write(write: () => void): Promise<void> {
    this.#requireOpen();
    await this.#parts.committer.write(write);
  }

  #requireOpen(): void {
    if (this.#closing === undefined) return;
    throw logErrors('CLOSED', 'The log was closed; nothing was written.');
  }

  #requireSize(bytes: number): void {
    const { maxAppendBytes } = this.#parts;
    if (bytes <= maxAppendBytes) return;
    throw logErrors(
      'TOO_LARGE',
      `${bytes} bytes are more than the ${maxAppendBytes} that one append may have. Send them in parts.`,
    );
  }

  #count(error: unknown): void {
    if (!(error instanceof CodedError)) return;
    if (error.code === 'TERR_LOG_CONFLICT') this.#counted.conflicts += 1;
    if (error.code === 'TERR_LOG_FULL') this.#counted.refusedFull += 1;
    if (error.code === 'TERR_LOG_BUSY') this.#counted.refusedBusy += 1;
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
