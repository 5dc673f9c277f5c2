import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../event/batch.ts';
import { type PlacedEvent, decodeBatch } from '../../event/codec.ts';
import type { Log, ReadOptions } from '../../log/log.ts';
import { mapSource } from '../../rooms/map/facts.ts';

/** So long it reads at a stretch, ms. */
const turnMs = 10;

interface FollowerOptions {
  readonly log: Log;
  /** First offset from which facts of others are of interest. */
  readonly from: number;
  /** Told of every fact of the map's own, from the start of the log on. */
  readonly onOwn: (event: PlacedEvent) => void;
  readonly onOther: (event: PlacedEvent) => void;
  /** Told of a batch that can not be read; the rest goes on. */
  readonly onProblem: (error: unknown) => void;
}

/** Reads the facts for the map: its own from the first on, those of others from where it knows them. */
export class MapFactsFollower {
  readonly #options: FollowerOptions;
  readonly #ending = new AbortController();
  #next = 1;
  #since = 0;
  #following: Promise<void> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** First offset that is not read. */
  get next(): number {
    return this.#next;
  }

  /** Begins to read; resolves when it has what the log held at that moment. */
  start(): Promise<void> {
    return new Promise((reached) => {
      this.#following = this.#follow(reached);
    });
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#following;
  }

  async #follow(reached: () => void): Promise<void> {
    const { signal } = this.#ending;
    try {
      await this.#read({ signal });
      reached();
      await this.#read({ signal, follow: true });
    } catch (error) {
      this.#options.onProblem(error);
    } finally {
      reached();
    }
  }

  async #read(options: ReadOptions): Promise<void> {
    const all = { ...options, skipCorrupt: true };
    for await (const batch of this.#options.log.read('facts', this.#next, all)) {
      // Only what the server itself appended has this source; senders are refused it.
      if (batch.source === mapSource) await this.#tell(batch, this.#options.onOwn);
      else if (batch.first + batch.count > this.#options.from)
        await this.#tell(batch, this.#options.onOther);
      this.#next = batch.first + batch.count;
      await this.#takeTurn();
    }
  }

  async #tell(batch: Batch, tell: (event: PlacedEvent) => void): Promise<void> {
    for (const event of this.#decoded(batch)) {
      await this.#takeTurn();
      tell(event);
    }
  }

  /** A long past must not keep others from the thread. */
  async #takeTurn(): Promise<void> {
    if (performance.now() - this.#since < turnMs) return;
    await setImmediate();
    this.#since = performance.now();
  }

  #decoded(batch: Batch): readonly PlacedEvent[] {
    try {
      return decodeBatch(batch);
    } catch (error) {
      this.#options.onProblem(error);
      return [];
    }
  }
}
