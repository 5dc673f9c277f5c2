import { unlink } from 'node:fs/promises';
import type { StreamName } from '../../event/event.ts';
import type { Block, History } from '../../history/history.ts';
import type { Log } from '../../log/log.ts';
import { Cursor } from './cursor.ts';
import { feederError } from './errors.ts';
import type { Span, StreamStart } from './messages.ts';
import { Samples } from './samples.ts';

/** How far history is behind one stream of the log. */
export interface Lag {
  /** Events that are in the log and not in history. */
  readonly events: number;
  /** How long the oldest of them has been waiting, ms. */
  readonly ms: number;
}

const firstRetryMs = 50;
const mostRetryMs = 5000;

interface Queued {
  readonly block: Block;
  readonly received: number;
}

/** Takes the blocks of one stream into history: in order, each exactly once. */
export class Feed {
  readonly stream: StreamName;
  readonly #log: Log;
  readonly #history: History;
  readonly #cursor: Cursor;
  readonly #samples = new Samples();
  readonly #stop = new AbortController();
  readonly #taken: (block: Block) => void;
  #queue: Queued[] = [];
  #announced: number;
  #work: Promise<void> = Promise.resolve();
  /** Inserts that failed and were, or will be, tried again. */
  retries = 0;
  /** Why the last insert failed; undefined when it did not. */
  problem: string | undefined;

  constructor(
    parts: { readonly log: Log; readonly history: History },
    stream: StreamName,
    taken: (block: Block) => void,
  ) {
    this.stream = stream;
    this.#log = parts.log;
    this.#history = parts.history;
    this.#cursor = new Cursor(parts.log.notes, stream);
    this.#announced = this.#cursor.next;
    this.#taken = taken;
  }

  /** First offset that history may lack. */
  get needed(): number {
    return this.#cursor.needed;
  }

  /**
   * Makes the cursor agree with what history holds. It can hold less than the cursor says (its
   * directory was removed, a power cut): then it gets the rest again. It can't hold what the log
   * has not given yet: then it is the history of another log. Throws TERR_FEEDER_FOREIGN.
   */
  async reconcile(head: number): Promise<void> {
    const { next } = this.#log.stat(this.stream);
    if (head >= next)
      throw feederError(
        'FOREIGN',
        `History holds ${this.stream} up to ${head}, but the log ends at ${next - 1}. Move the directory of history away to have it rebuilt from this log, or restore the log that belongs to it.`,
      );
    if (head + 1 < this.needed || head >= this.#cursor.next) await this.#goOnAt(head + 1);
  }

  /** Has everything that the log holds sent again. */
  restart(): Promise<void> {
    return this.#goOnAt(1);
  }

  /** Where a new worker starts. */
  start(): StreamStart {
    const made = this.#queue.map(({ block }): Span => [block.first, block.last]);
    const { replay } = this.#cursor.start(made);
    return { replay, next: Math.max(this.#announced, this.#cursor.next) };
  }

  /** Takes a block over from the worker. */
  add(block: Block, received: number): void {
    this.#announced = Math.max(this.#announced, block.last + 1);
    const queued = { block, received };
    this.#queue.push(queued);
    this.#work = this.#work.then(() => this.#insert(queued));
  }

  /** The log has a begun block no longer. */
  lost(span: Span): void {
    this.#work = this.#work.then(() => this.#cursor.end(span));
  }

  /** Notes how far the log is, for the age of the lag. */
  sample(now: number): void {
    this.#samples.add(now, this.#log.stat(this.stream).next);
  }

  lag(now: number): Lag {
    const events = this.#log.stat(this.stream).next - this.needed;
    if (events <= 0) return { events: 0, ms: 0 };
    const since = Math.min(
      this.#samples.reached(this.needed) ?? now,
      this.#queue[0]?.received ?? now,
    );
    return { events, ms: Math.max(0, now - since) };
  }

  /** Resolves when every block that was added is in history. */
  drain(): Promise<void> {
    return this.#work;
  }

  /** Stops trying; a block that is being inserted is waited for. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  async #insert(queued: Queued): Promise<void> {
    const { block } = queued;
    const span = [block.first, block.last] as const;
    const done = await this.#untilGood(async () => {
      await this.#cursor.begin(span);
      await this.#history.insert(block);
    });
    this.#queue = this.#queue.filter((other) => other !== queued);
    await unlink(block.path).catch(() => undefined);
    this.#taken(block);
    // When it can't be written the block is sent once more after a restart, to no effect.
    if (done) await this.#cursor.end(span).catch(() => undefined);
  }

  /** Tries again with growing waits until it is good; false when stopped before. */
  async #untilGood(attempt: () => Promise<void>): Promise<boolean> {
    for (
      let wait = firstRetryMs;
      !this.#stop.signal.aborted;
      wait = Math.min(wait * 2, mostRetryMs)
    ) {
      try {
        await attempt();
        this.problem = undefined;
        return true;
      } catch (error) {
        this.retries++;
        this.problem = error instanceof Error ? error.message : String(error);
      }
      await this.#pause(wait);
    }
    return false;
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
  }

  async #goOnAt(next: number): Promise<void> {
    await this.#cursor.moveTo(next);
    this.#announced = next;
  }
}
