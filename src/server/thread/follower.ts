import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../event/batch.ts';
import { type PlacedEvent, decodeBatch } from '../../event/codec.ts';
import type { Log, ReadOptions } from '../../log/log.ts';
import { roomError } from '../../rooms/errors.ts';
import { fold } from '../../rooms/thread/fold.ts';
import { type Bounds, ThreadGraph, defaultBounds } from '../../rooms/thread/graph.ts';
import { readFacts } from './facts.ts';
import { readSnapshot, writeSnapshot } from './snapshot-file.ts';

/** So long it folds at a stretch, ms. */
const turnMs = 10;
/** Facts since the last snapshot, after which another is written. */
const snapshotEvery = 250_000;
/** So few are folded again in less time than a snapshot takes. */
const snapshotLeast = 20_000;

export interface FollowerOptions {
  readonly log: Log;
  /** File of the snapshot. */
  readonly path: string;
  /** Told when a fact can not be read or the snapshot not be written; the rest goes on. */
  readonly onProblem: (error: unknown) => void;
  readonly bounds?: Bounds;
}

/** Holds the threads: folds the facts as the log brings them, from the last snapshot on. */
export class ThreadFollower {
  readonly counters = { snapshots: 0, resumedAt: 0, startMs: 0 };
  readonly #options: FollowerOptions;
  readonly #ending = new AbortController();
  #graph: ThreadGraph;
  #next = 1;
  #last = '';
  #written = 1;
  #ready = false;
  /** When this turn began. */
  #since = 0;
  #waiting: { readonly offset: number; readonly go: () => void }[] = [];
  #following: Promise<void> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#graph = new ThreadGraph(options.bounds ?? defaultBounds);
  }

  /** Begins to fold; `reached` resolves when it has what the log held at that moment. */
  start(): { readonly reached: Promise<void> } {
    let reached = (): void => undefined;
    const promise = new Promise<void>((resolve) => (reached = resolve));
    this.#following = this.#follow(reached);
    return { reached: promise };
  }

  /** Throws TERR_ROOM_STARTING until the facts that the log held at the start are folded. */
  get graph(): ThreadGraph {
    if (this.#ready) return this.#graph;
    throw roomError('STARTING', 'the facts are still being read; try again in a moment', {
      retryAfter: 1,
    });
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** What is held now, whether or not it is all. */
  get held(): ThreadGraph {
    return this.#graph;
  }

  /** Offset of the last fact that is folded. */
  get offset(): number {
    return this.#next - 1;
  }

  /** Resolves when the fact at `offset` is folded: who was told that it is durable finds it. */
  reaches(offset: number): Promise<void> {
    if (offset < this.#next || !this.#ready) return Promise.resolve();
    return new Promise((go) => this.#waiting.push({ offset, go }));
  }

  /** Ends the folding, and writes down what it has. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#following;
    if (this.#ready && this.#next - this.#written >= snapshotLeast) await this.#snapshot();
  }

  async #follow(reached: () => void): Promise<void> {
    const { log, onProblem } = this.#options;
    const { signal } = this.#ending;
    const begin = performance.now();
    const head = log.stat('facts').next;
    try {
      await this.#resume();
      await this.#read({ signal });
      this.#next = Math.max(this.#next, head);
      this.#ready = !signal.aborted;
      this.counters.startMs = Math.round(performance.now() - begin);
      reached();
      if (this.#next - this.#written >= snapshotEvery) await this.#snapshot();
      await this.#read({ signal, follow: true });
    } catch (error) {
      this.#ready = false;
      onProblem(error);
    } finally {
      reached();
      this.#release(Number.POSITIVE_INFINITY);
    }
  }

  #release(next: number): void {
    if (this.#waiting.length === 0) return;
    const ready = this.#waiting.filter(({ offset }) => offset < next);
    this.#waiting = this.#waiting.filter(({ offset }) => offset >= next);
    for (const { go } of ready) go();
  }

  /** Goes on from the snapshot, if it is one of this log. */
  async #resume(): Promise<void> {
    const { path, log, bounds = defaultBounds } = this.#options;
    const found = await readSnapshot(path, bounds);
    if (!found || found.reached.next > log.stat('facts').next) return;
    const { next, last } = found.reached;
    const fact = (await readFacts(log, [next - 1])).get(next - 1);
    if (!fact || identityOf(fact) !== last) return;
    this.#graph = found.graph;
    this.#next = next;
    this.#last = last;
    this.#written = next;
    this.counters.resumedAt = next;
  }

  async #read(options: ReadOptions): Promise<void> {
    const all = { ...options, skipCorrupt: true };
    for await (const batch of this.#options.log.read('facts', this.#next, all)) {
      for (const event of this.#decoded(batch)) {
        // A long past, or a large batch, must not keep others from the thread.
        if (performance.now() - this.#since >= turnMs) await this.#yield();
        fold(this.#graph, event);
        this.#last = identityOf(event);
      }
      this.#next = batch.first + batch.count;
      this.#release(this.#next);
      if (this.#ready && this.#next - this.#written >= snapshotEvery) await this.#snapshot();
    }
  }

  async #yield(): Promise<void> {
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

  async #snapshot(): Promise<void> {
    try {
      const reached = { next: this.#next, last: this.#last };
      await writeSnapshot(this.#options.path, this.#graph, reached);
      this.#written = this.#next;
      this.counters.snapshots++;
    } catch (error) {
      // Not again for every batch: the disk may be full.
      this.#written = this.#next;
      this.#options.onProblem(error);
    }
  }
}

const identityOf = ({ source, id }: { readonly source: string; readonly id: string }): string =>
  `${source}\t${id}`;
