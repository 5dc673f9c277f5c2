import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../../event/batch.ts';
import { type PlacedEvent, decodeBatch } from '../../../event/codec.ts';
import type { Log, ReadOptions } from '../../../log/log.ts';
import type { MapModel } from '../../../rooms/map/model.ts';
import { MomentsFold } from './moments-fold.ts';
import { turnMs } from './turns.ts';

/** Folds the facts of the log for the streams of one map, from the first one on. */
export class FlowFollower {
  readonly fold: MomentsFold;
  readonly #log: Log;
  readonly #ending = new AbortController();
  readonly #following: Promise<void>;
  #next = 1;
  #since = 0;
  #failed: unknown;
  #waiting: { readonly offset: number; readonly go: () => void }[] = [];

  constructor(log: Log, model: Pick<MapModel, 'streams'>) {
    this.#log = log;
    this.fold = new MomentsFold(model);
    this.#following = this.#follow();
  }

  /** Offset of the last fact that is folded. */
  get offset(): number {
    return this.#next - 1;
  }

  /**
   * Resolves when the fact at `offset` is folded, or after `most` ms; whether it is. Throws what ended
   * the reading.
   */
  async reaches(offset: number, most: number): Promise<boolean> {
    if (offset >= this.#next && this.#failed === undefined) await this.#wait(offset, most);
    if (this.#failed !== undefined) throw this.#failed;
    return offset < this.#next;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#following;
  }

  async #wait(offset: number, most: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((go) => {
      timer = setTimeout(go, most);
      this.#waiting.push({ offset, go });
    });
    clearTimeout(timer);
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ending;
    const head = this.#log.stat('facts').next;
    try {
      await this.#read({ signal });
      // A damaged batch at the end is passed over as well.
      if (!signal.aborted) this.#release(Math.max(this.#next, head));
      await this.#read({ signal, follow: true });
    } catch (error) {
      this.#failed = error;
    } finally {
      for (const { go } of this.#waiting.splice(0)) go();
    }
  }

  async #read(options: ReadOptions): Promise<void> {
    for await (const batch of this.#log.read('facts', this.#next, {
      ...options,
      skipCorrupt: true,
    })) {
      await this.#take(batch);
      if (this.#ending.signal.aborted) return;
      this.#release(batch.first + batch.count);
    }
  }

  async #take(batch: Batch): Promise<void> {
    for (const event of decoded(batch)) {
      if (performance.now() - this.#since >= turnMs) await this.#yield();
      if (this.#ending.signal.aborted) return;
      this.fold.add(event);
    }
  }

  async #yield(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }

  #release(next: number): void {
    this.#next = next;
    const ready = this.#waiting.filter(({ offset }) => offset < next);
    this.#waiting = this.#waiting.filter(({ offset }) => offset >= next);
    for (const { go } of ready) go();
  }
}

/** A batch that can not be read is passed over: the thread's follower says so. */
function decoded(batch: Batch): readonly PlacedEvent[] {
  try {
    return decodeBatch(batch);
  } catch {
    return [];
  }
}
