import type { Batch, Lines } from '../../event/batch.ts';
import type { StreamName } from '../../event/event.ts';
import { admit } from '../admission.ts';
import { logErrors } from '../errors.ts';
import { follow, type Fetched } from '../follow.ts';
import { Head } from '../head.ts';
import { IdentityWindow } from '../identity-window.ts';
import { checkLines, subjectsOf } from '../lines.ts';
import type { Appended, Expectation, Log, LogCounters, ReadOptions, StreamStat } from '../log.ts';
import { memoryNotes } from './memory-notes.ts';

/** What the memory back end needs. */
export interface MemoryLogOptions {
  /** Ms since the epoch, UTC. */
  readonly now: () => number;
  /** How many identities of each stream are remembered; as the durable back end by default. */
  readonly identities?: Partial<Record<StreamName, number>>;
}

/** The reference back end: everything in memory, nothing durable. For tests and models. */
export function memoryLog(options: MemoryLogOptions): Log {
  return new MemoryLog(options);
}

/** One stream: its batches in order and the identities that it has seen. */
interface Held {
  batches: Batch[];
  received: number;
  readonly window: IdentityWindow;
}

const noTime = { p50: 0, p99: 0, max: 0 };

class MemoryLog implements Log {
  readonly notes = memoryNotes();
  readonly #head = new Head();
  readonly #versions = new Map<string, number>();
  readonly #now: () => number;
  readonly #held: Readonly<Record<StreamName, Held>>;
  #counted = { appended: 0, duplicates: 0, conflicts: 0 };

  constructor({ now, identities }: MemoryLogOptions) {
    this.#now = now;
    this.#held = {
      facts: emptyStream(identities?.facts ?? 10_000_000),
      readings: emptyStream(identities?.readings ?? 1_000_000),
    };
  }

  readonly append = async (
    stream: StreamName,
    lines: Lines,
    expect?: Expectation,
  ): Promise<Appended> => {
    if (this.#head.closed) throw logErrors('CLOSED', 'The log was closed; nothing was written.');
    checkLines(lines);
    const request = { lines, subjects: subjectsOf(stream, lines.bytes), expect };
    const admitted = admit(request, this.#held[stream].window, this.version);
    if ('conflict' in admitted) {
      this.#counted.conflicts += 1;
      throw admitted.conflict;
    }
    const { count, duplicates } = admitted;
    const first = this.#head.next(stream);
    this.#counted.appended += count;
    this.#counted.duplicates += duplicates.length;
    if (count > 0) {
      this.#keep({ stream, first, count, source: lines.source, bytes: admitted.bytes });
      for (const [index, subject] of admitted.subjects) this.#versions.set(subject, first + index);
      this.#head.moveTo(stream, first + count);
    }
    return { first, count, duplicates };
  };

  readonly read = (stream: StreamName, from: number, options: ReadOptions = {}) => {
    const fetch = (offset: number): Fetched => ({
      batches: this.#held[stream].batches.filter((b) => b.first + b.count > offset),
      resume: this.#head.next(stream),
    });
    return follow({ stream, head: this.#head, fetch }, from, options);
  };

  readonly trim = async (stream: StreamName, before: number): Promise<void> => {
    const held = this.#held[stream];
    held.batches = held.batches.filter((b) => b.first + b.count > before);
  };

  readonly stat = (stream: StreamName): StreamStat => {
    const { batches } = this.#held[stream];
    const next = this.#head.next(stream);
    return {
      first: batches[0]?.first ?? next,
      next,
      bytes: batches.reduce((sum, b) => sum + b.bytes.length, 0),
      oldest: batches[0]?.received,
    };
  };

  readonly version = (subject: string): number => this.#versions.get(subject) ?? 0;

  readonly offsetAt = (stream: StreamName, time: number): number =>
    this.#held[stream].batches.find((b) => b.received >= time)?.first ?? this.#head.next(stream);

  readonly state = () => 'ok' as const;

  readonly counters = (): LogCounters => ({
    ...this.#counted,
    refusedFull: 0,
    refusedBusy: 0,
    pendingBytes: 0,
    identities: {
      facts: this.#held.facts.window.counters(),
      readings: this.#held.readings.window.counters(),
    },
    appendLatency: noTime,
  });

  readonly close = async (): Promise<void> => this.#head.close();

  #keep(batch: Omit<Batch, 'received'>): void {
    const held = this.#held[batch.stream];
    held.received = Math.max(held.received, Math.floor(this.#now()));
    // Not bytes.slice(): a Buffer's slice is a view, and the caller may use his bytes again.
    held.batches.push({ ...batch, received: held.received, bytes: new Uint8Array(batch.bytes) });
  }
}

function emptyStream(identities: number): Held {
  return { batches: [], received: 0, window: new IdentityWindow(identities) };
}
