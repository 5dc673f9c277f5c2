import type { StreamName } from '../../event/event.ts';
import { compileWhere } from '../../event/where/compile.ts';
import { parseWhere } from '../../event/where/parse.ts';
import type { BlockBuilder } from '../../history/block-builder.ts';
import type { Catalogue } from '../api/contract.ts';
import { CallsFold } from './calls.ts';
import { CatalogueFold, catalogueLimits } from './catalogue.ts';
import { LatestFold, latestLimits } from './latest.ts';
import type { FoldsNote, LatestAnswer, SeenAnswer, WorkerStart } from './messages.ts';
import { PlacesFold } from './places.ts';

/** When there is no note, or an old one, at most so many events are read again for the folds. */
const mostReread = 3_000_000;
/** What was not seen for so long may give way to others when there is no more room, ms. */
const placesIdleMs = 30 * 86_400_000;

/** The catalogue, the latest readings and under which names they came, and how far in the log they are. */
export class Folds {
  readonly catalogue: CatalogueFold;
  readonly latest: LatestFold;
  readonly places: PlacesFold;
  readonly calls: CallsFold;
  readonly #next: Record<StreamName, number>;
  #changed = false;

  constructor({ folds, streams, maxValues, maxLatest }: WorkerStart) {
    this.catalogue = new CatalogueFold(folds?.catalogue, {
      ...catalogueLimits,
      entries: maxValues,
    });
    this.latest = new LatestFold(folds?.latest, { ...latestLimits, entries: maxLatest });
    this.places = new PlacesFold(folds?.places);
    this.calls = new CallsFold(folds?.calls);
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
    this.places.fold(block, fromRow);
    this.calls.fold(block.columns, fromRow);
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

  seenAnswer(): SeenAnswer {
    const overflowed = this.places.overflowed || this.calls.overflowed;
    return { seen: this.places.view(), calls: this.calls.view(), overflowed };
  }

  /** What is to be kept over a restart; undefined when nothing has changed since the last time. */
  note(now: number): FoldsNote | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    this.latest.forgetIdle(now);
    this.places.forget(now - placesIdleMs);
    this.calls.forget(now - placesIdleMs);
    return {
      next: { ...this.#next },
      catalogue: this.catalogue.snapshot(),
      latest: this.latest.snapshot(),
      places: this.places.snapshot(),
      calls: this.calls.snapshot(),
    };
  }
}
