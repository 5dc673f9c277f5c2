import type { Batch } from '../../../event/batch.ts';
import type { PlacedEvent } from '../../../event/codec.ts';
import { type StreamName, streamNames } from '../../../event/event.ts';
import { EventReader } from '../../../event/event-reader.ts';
import type { Log } from '../../../log/log.ts';
import type { ReadReport } from '../../../rules/backtest/backtest.ts';
import { mergeByReceived } from '../../../rules/backtest/merge.ts';
import type { Source } from '../../../rules/backtest/result.ts';
import { Backfill } from './backfill.ts';
import type { HistoryReadings } from './history-readings.ts';

interface Span {
  /** ms */
  readonly from: number;
  /** ms; before this. */
  readonly to: number;
}

interface RecordingOptions {
  readonly log: Log;
  /** What is asked of the rules. */
  readonly range: Span;
  /** What must be read for it, by the clock. */
  readonly read: Span;
  /** Readings that have left the log; undefined when history can't be asked. */
  readonly history: HistoryReadings | undefined;
  /** Why it can't. */
  readonly noHistory: string;
}

/**
 * What was recorded in a span of time, in the order in which it was received. Readings that have
 * left the log come from history, where the order of their arrival is lost: they are taken at the
 * time when they happened. So is what was sent long after it happened.
 */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #backfill: Backfill;
  readonly #sources: Source[] = [];

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.#backfill = new Backfill(options.log, options.read);
  }

  async *batches(): AsyncGenerator<readonly PlacedEvent[]> {
    await this.#backfill.look();
    const streams = await Promise.all(streamNames.map((stream) => this.#stream(stream)));
    const late = this.#backfill.found ? [this.#backfill.events()] : [];
    yield* mergeByReceived([...streams, ...late]);
  }

  /** At the end. */
  report(): ReadReport {
    const { range, read } = this.#options;
    const gaps = [...this.#sources, ...this.#backfill.gaps(range)].filter(
      ({ source }) => source === 'gap',
    );
    const touched = (from: number, to: number): boolean =>
      gaps.some((gap) => gap.from < to && gap.to > from);
    return {
      sources: [...this.#sources, ...this.#backfill.gaps(range)],
      complete: !touched(range.from, range.to),
      warm: !touched(read.from, range.from),
      backfilled: this.#backfill.count,
    };
  }

  /** Says where each part comes from, and gives them one after the other. */
  async #stream(stream: StreamName): Promise<AsyncIterable<readonly PlacedEvent[]>> {
    const { log, read, range } = this.#options;
    const { first, oldest } = log.stat(stream);
    const add = (source: Source['source'], span: Span, why?: string): void => {
      const from = Math.max(span.from, read.from);
      const to = Math.min(span.to, range.to);
      if (from < to)
        this.#sources.push({ stream, from, to, source, ...(why === undefined ? {} : { why }) });
    };
    // What begins with the first offset lacks nothing before it.
    const seam = first <= 1 ? read.from : (oldest ?? read.to);
    if (seam <= read.from) {
      add('log', read);
      return this.#fromLog(stream);
    }
    const before = { from: read.from, to: Math.min(seam, read.to) };
    const history = stream === 'readings' ? this.#options.history : undefined;
    if (!history) {
      add('gap', before, stream === 'readings' ? this.#options.noHistory : 'they left the log');
      add('log', { from: seam, to: read.to });
      return this.#fromLog(stream);
    }
    const begins = await history.begins(before);
    if (begins > before.from)
      add('gap', { from: before.from, to: begins }, 'history holds nothing so old');
    const asked = { from: Math.max(before.from, begins), to: before.to };
    add('history', asked);
    add('log', { from: seam, to: read.to });
    const older = history.read(asked, first, (from) =>
      add('gap', { from, to: asked.to }, 'history holds more than a backtest takes from it'),
    );
    return oneAfterTheOther(older, this.#fromLog(stream));
  }

  async *#fromLog(stream: StreamName): AsyncGenerator<readonly PlacedEvent[]> {
    const { log, read } = this.#options;
    const reader = new EventReader();
    for await (const batch of log.read(stream, log.offsetAt(stream, read.from))) {
      if (batch.received >= read.to) return;
      if (this.#backfill.has(batch)) continue;
      yield reader.read(batch as Batch);
    }
  }
}

async function* oneAfterTheOther<T>(...parts: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const part of parts) yield* part;
}
