import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../event/batch.ts';
import { type PlacedEvent, decodeLine } from '../../event/codec.ts';
import { linesWith } from '../../event/lines-with.ts';
import type { Log, ReadOptions } from '../../log/log.ts';

/** So long it reads at a stretch, ms. */
const turnMs = 10;

interface FollowerOptions {
  readonly log: Log;
  /** Parts of types: a line that has none of them is not decoded. */
  readonly types: readonly string[];
  /** Told of every fact that may be of such a type, from the first on. */
  readonly onFact: (event: PlacedEvent) => void;
  /** Told of what can not be read; the rest goes on. */
  readonly onProblem: (error: unknown) => void;
}

/** Reads the facts of some types, from the first one on and then as they come. */
export class FactsFollower {
  readonly #options: FollowerOptions;
  readonly #needles: readonly Buffer[];
  readonly #ending = new AbortController();
  #next = 1;
  #ready = false;
  #since = 0;
  #waiting: { readonly offset: number; readonly go: () => void }[] = [];
  #following: Promise<void> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#needles = options.types.map((text) => Buffer.from(text));
  }

  /** Whether what the log held at the start is read. */
  get ready(): boolean {
    return this.#ready;
  }

  start(): void {
    this.#following = this.#follow();
  }

  /** Resolves when the fact at `offset` is read: who was told that it is durable finds it. */
  reaches(offset: number): Promise<void> {
    if (offset < this.#next || !this.#ready) return Promise.resolve();
    return new Promise((go) => this.#waiting.push({ offset, go }));
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    try {
      await this.#read({ signal });
      this.#ready = !signal.aborted;
      await this.#read({ signal, follow: true });
    } catch (error) {
      this.#options.onProblem(error);
    } finally {
      this.#ready = false;
      this.#release(Number.POSITIVE_INFINITY);
    }
  }

  async #read(options: ReadOptions): Promise<void> {
    const all = { ...options, skipCorrupt: true };
    for await (const batch of this.#options.log.read('facts', this.#next, all)) {
      for (const { line, offset } of linesWith(batch, this.#needles)) {
        this.#tell(line, batch, offset);
        await this.#takeTurn();
      }
      this.#next = batch.first + batch.count;
      this.#release(this.#next);
      await this.#takeTurn();
    }
  }

  #tell(line: Uint8Array, { received, source }: Batch, offset: number): void {
    try {
      this.#options.onFact(decodeLine(line, { stream: 'facts', offset, received, source }));
    } catch (error) {
      this.#options.onProblem(error);
    }
  }

  #release(next: number): void {
    const ready = this.#waiting.filter(({ offset }) => offset < next);
    this.#waiting = this.#waiting.filter(({ offset }) => offset >= next);
    for (const { go } of ready) go();
  }

  /** A long past must not keep others from the thread. */
  async #takeTurn(): Promise<void> {
    if (performance.now() - this.#since < turnMs) return;
    await setImmediate();
    this.#since = performance.now();
  }
}
