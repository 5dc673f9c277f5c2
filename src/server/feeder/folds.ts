import type { StreamName } from '../../event/event.ts';
import { compileWhere } from '../../event/where/compile.ts';
import { parseWhere } from '../../event/where/parse.ts';
import type { BlockBuilder } from '../../history/block-builder.ts';
import type { Catalogue } from '../api/contract.ts';
import { CatalogueFold, catalogueLimits } from './catalogue.ts';
import { LatestFold, latestLimits } from './latest.ts';
import type { FoldsNote, LatestAnswer, WorkerStart } from './messages.ts';

/** When there is no note, or an old one, at most so many events are read again for the folds. */
const mostReread = 3_000_000;

/** The catalogue and the latest readings, and how far in the log they are. */
export class Folds {
  readonly catalogue: CatalogueFold;
  readonly latest: LatestFold;
  readonly #next: Record<StreamName, number>;
  #changed = false;

  constructor({ folds, streams, maxValues, maxLatest }: WorkerStart) {
    this.catalogue = new CatalogueFold(folds?.catalogue, {
      ...catalogueLimits,
      entries: maxValues,
    });
    this.latest = new LatestFold(folds?.latest, { ...latestLimits, entries: maxLatest });
    const from = (stream: StreamName): number =>
      Math.max(folds?.next[stream] ?? 1, streams[stream].next - mostReread, 1);
    this.#next = { facts: from('facts'), readings: from('readings') };
  }

  /** First offset of a stream that is not in the folds. */
  next(stream: StreamName): number {
    return this.#next[stream];
  }

  fold(block: BlockBuilder): void {
    const fromRow = Math.max(0, this.#next[block.stream] - block.first);
    if (fromRow >= block.rows) return;
    this.catalogue.fold(block.columns, fromRow);
    this.latest.fold(block, fromRow);
    this.#next[block.stream] = block.last + 1;
    this.#changed = true;
  }

  /** Throws TERR_WHERE_… */
  latestAnswer(where: string, limit: number, now: number): LatestAnswer {
    const matches = where.trim() === '' ? () => true : compileWhere(parseWhere(where));
    return this.latest.view(now, matches, limit);
  }

  catalogueAnswer(): Catalogue {
    return this.catalogue.view();
  }

  /** What is to be kept over a restart; undefined when nothing has changed since the last time. */
  note(now: number): FoldsNote | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    this.latest.forgetIdle(now);
    return {
      next: { ...this.#next },
      catalogue: this.catalogue.snapshot(),
      latest: this.latest.snapshot(),
    };
  }
}
