import type { StreamName } from '../../event/event.ts';
import type { Notes } from '../../log/log.ts';
import type { Span, StreamStart } from './messages.ts';

interface CursorNote {
  /** First offset that no block covers. */
  readonly next: number;
  /** Blocks that were begun: inserted or about to be. */
  readonly pending: readonly Span[];
}

/**
 * How far history has come in one stream, durably: which blocks were begun with which boundaries,
 * so that after a crash the same blocks are sent again and recognised by their tokens.
 */
export class Cursor {
  readonly stream: StreamName;
  readonly #notes: Notes;
  #next: number;
  #pending: readonly Span[];

  constructor(notes: Notes, stream: StreamName) {
    this.#notes = notes;
    this.stream = stream;
    const note = notes.get(keyOf(stream)) as CursorNote | undefined;
    this.#next = note?.next ?? 1;
    this.#pending = note?.pending ?? [];
  }

  /** First offset that history may lack: what the log must keep. */
  get needed(): number {
    return this.#pending[0]?.[0] ?? this.#next;
  }

  /** First offset that no block covers. */
  get next(): number {
    return this.#next;
  }

  /** Where to go on after a restart. `made` are blocks whose files are still at hand. */
  start(made: readonly Span[] = []): StreamStart {
    const isMade = ([first]: Span): boolean => made.some((span) => span[0] === first);
    return { next: this.#next, replay: this.#pending.filter((span) => !isMade(span)) };
  }

  /** Writes down that a block is about to be inserted; resolves when that is durable. */
  async begin(span: Span): Promise<void> {
    if (this.#pending.some(([first, last]) => first === span[0] && last === span[1])) return;
    this.#pending = [...this.#pending, span];
    this.#next = Math.max(this.#next, span[1] + 1);
    await this.#write();
  }

  /** The block is in history, or will never be. */
  async end([first]: Span): Promise<void> {
    this.#pending = this.#pending.filter((span) => span[0] !== first);
    await this.#write();
  }

  /** Goes on at `next`, whatever was begun. */
  async moveTo(next: number): Promise<void> {
    this.#next = next;
    this.#pending = [];
    await this.#write();
  }

  #write(): Promise<void> {
    const note: CursorNote = { next: this.#next, pending: this.#pending };
    return this.#notes.set(keyOf(this.stream), note);
  }
}

const keyOf = (stream: StreamName): string => `feeder/${stream}`;
