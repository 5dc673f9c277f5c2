import type { Batch } from '../../event/batch.ts';
import type { StreamName } from '../../event/event.ts';
import { BlockBuilder } from '../../history/block-builder.ts';
import type { Log } from '../../log/log.ts';
import type { Span, StreamStart } from './messages.ts';

/** How much is read in one turn before the other stream and the messages get theirs. */
const turnBytes = 4 << 20;

/** What is done with a finished block, before its memory is used again. */
export interface BlockUse {
  /** Whether another block may be finished now. */
  readonly mayFinish: () => boolean;
  readonly finish: (block: BlockBuilder, as: Finished) => void;
  /** The log has nothing any more of a block that was to be made again. */
  readonly lost: (span: Span) => void;
}

export interface Finished {
  /** `fold`: history has it already. */
  readonly use: 'insert' | 'fold';
  /** The boundaries to be inserted with. */
  readonly span: Span;
  /** `received` of the first event, ms. */
  readonly received: number;
}

/**
 * Reads one stream of the log into blocks. First come those offsets that are read only for the
 * folds, which lag behind history; then the blocks that a crash cut short, with their old
 * boundaries; then everything else.
 */
export class Follower {
  readonly stream: StreamName;
  readonly #log: Log;
  readonly #use: BlockUse;
  readonly #blockAgeMs: number;
  readonly #builder: BlockBuilder;
  readonly #spans: { readonly span: Span; readonly use: 'insert' | 'fold' }[];
  #next: number;
  #began = 0;
  #received = 0;
  /** Offsets that the log no longer had, or could not read. */
  skipped = 0;

  constructor(
    log: Log,
    stream: StreamName,
    use: BlockUse,
    from: StreamStart & { readonly foldsNext: number; readonly blockAgeMs: number },
  ) {
    this.stream = stream;
    this.#log = log;
    this.#use = use;
    this.#blockAgeMs = from.blockAgeMs;
    this.#builder = new BlockBuilder(stream);
    const inserts = from.replay.map((span) => ({ span, use: 'insert' }) as const);
    const first = from.replay[0]?.[0] ?? from.next;
    const folds = from.foldsNext < first ? [[from.foldsNext, first - 1] as const] : [];
    this.#spans = [...folds.map((span) => ({ span, use: 'fold' }) as const), ...inserts];
    this.#next = this.#spans[0]?.span[0] ?? from.next;
  }

  get undecodable(): number {
    return this.#builder.undecodable;
  }

  /** Reads on for a while and finishes blocks; whether there was anything to do. */
  async turn(now: number): Promise<boolean> {
    const before = this.#next;
    if (!this.#isDue(now)) await this.#read(now);
    if (this.#isDue(now) && this.#use.mayFinish()) {
      this.#finish();
      return true;
    }
    return this.#next !== before;
  }

  async #read(now: number): Promise<void> {
    let bytes = 0;
    for await (const batch of this.#log.read(this.stream, this.#next)) {
      if (!this.#take(batch, now)) return;
      bytes += batch.bytes.length;
      if (bytes >= turnBytes) return;
    }
    // Trimmed up to its head, a stream has nothing to give for offsets that it once had.
    if (bytes === 0) this.#skipTo(this.#log.stat(this.stream).first);
  }

  /** Adds what fits; whether the block may take more. */
  #take(batch: Batch, now: number): boolean {
    if (batch.first > this.#next && !this.#skipTo(batch.first)) return false;
    const span = this.#spans[0]?.span;
    if (span && batch.first > span[1]) return false;
    if (this.#builder.rows === 0) {
      this.#began = now;
      this.#received = batch.received;
    }
    const most = span ? span[1] - batch.first + 1 + this.#builder.rows : undefined;
    const rest = this.#builder.add(batch, most, this.#spans[0]?.use === 'insert');
    this.#next = rest?.first ?? batch.first + batch.count;
    return rest === undefined && !this.#isDue(now);
  }

  /**
   * Offsets before `first` are not to be had. What is collected is finished first, since a block
   * has no gaps; whether reading may go on at once.
   */
  #skipTo(first: number): boolean {
    if (first <= this.#next) return true;
    if (this.#builder.rows > 0) {
      this.#began = Number.NEGATIVE_INFINITY;
      return false;
    }
    this.skipped += first - this.#next;
    this.#next = first;
    for (const { span, use } of this.#spans)
      if (use === 'insert' && span[1] < first) this.#use.lost(span);
    this.#endSpans();
    return true;
  }

  #isDue(now: number): boolean {
    const { rows, full } = this.#builder;
    if (rows === 0) return false;
    const span = this.#spans[0];
    if (span?.use === 'insert') return this.#next > span.span[1] || this.#began < 0;
    return (
      full || this.#next > (span?.span[1] ?? Infinity) || now - this.#began >= this.#blockAgeMs
    );
  }

  #finish(): void {
    const builder = this.#builder;
    const given = this.#spans[0];
    const use = given?.use ?? 'insert';
    // A replayed block keeps its boundaries even where the log has lost its first events.
    const span = given?.use === 'insert' ? given.span : ([builder.first, builder.last] as const);
    this.#use.finish(builder, { use, span, received: this.#received });
    builder.clear();
    this.#endSpans();
  }

  #endSpans(): void {
    while (this.#spans[0] && this.#next > this.#spans[0].span[1]) this.#spans.shift();
  }
}
