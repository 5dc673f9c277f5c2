import type { StreamName } from '../../event/event.ts';
import type { Block } from '../../history/history.ts';
import type { Catalogue } from '../api/contract.ts';
import type { Seen, SeenCall } from '../../rooms/map/seen.ts';
import type { CallsSnapshot } from './calls.ts';
import type { CatalogueSnapshot } from './catalogue.ts';
import type { LatestEntry, LatestSnapshot } from './latest.ts';
import type { PlacesSnapshot } from './places.ts';

/** First and last offset of a block. */
export type Span = readonly [first: number, last: number];

/** Where the worker starts in one stream. */
export interface StreamStart {
  /** Blocks that must be made again with these boundaries, before all others. */
  readonly replay: readonly Span[];
  /** First offset that no block covers yet. */
  readonly next: number;
}

/** The folds over the log as they are kept in a note. */
export interface FoldsNote {
  /** First offset of each stream that is not in the folds. */
  readonly next: Readonly<Record<StreamName, number>>;
  readonly catalogue: CatalogueSnapshot;
  readonly latest: LatestSnapshot;
  /** Notes of older versions have neither. */
  readonly places?: PlacesSnapshot;
  readonly calls?: CallsSnapshot;
}

export interface WorkerStart {
  readonly logDir: string;
  /** Where block files go. */
  readonly spool: string;
  /** False when no history is kept: then there are only the folds. */
  readonly inserts: boolean;
  readonly streams: Readonly<Record<StreamName, StreamStart>>;
  readonly folds: FoldsNote | undefined;
  readonly maxValues: number;
  readonly maxLatest: number;
  /** A block is sent this long after its first event was read, ms, if it was not full before. */
  readonly blockAgeMs: number;
}

export type ToWorker =
  /** History has taken the block. */
  | { readonly kind: 'taken'; readonly stream: StreamName; readonly last: number }
  | { readonly kind: 'catalogue'; readonly id: number }
  | { readonly kind: 'seen'; readonly id: number }
  | { readonly kind: 'latest'; readonly id: number; readonly where: string; readonly limit: number }
  /** Writes down the folds and ends. */
  | { readonly kind: 'stop' };

export interface LatestAnswer {
  readonly entries: readonly LatestEntry[];
  readonly overflowed: boolean;
}

/** Under which names readings came, and which service calls which. */
export interface SeenAnswer {
  readonly seen: readonly Seen[];
  readonly calls: readonly SeenCall[];
  /** There was more than there is room for. */
  readonly overflowed: boolean;
}

/** Counted since the worker started. */
export interface WorkerCounters {
  /** Lines of the log that were no JSON object. */
  readonly undecodable: number;
  /** Offsets that the log no longer had, or not readable. */
  readonly skipped: number;
  readonly catalogueRefused: number;
  readonly latestRefused: number;
  readonly latestHeld: number;
  readonly placesRefused: number;
  readonly placesHeld: number;
  readonly callsRefused: number;
  readonly callsHeld: number;
}

export type FromWorker =
  | {
      readonly kind: 'block';
      readonly block: Block;
      /** `received` of the first event of the block, ms. */
      readonly received: number;
    }
  /** A block to be replayed is in the log no longer. */
  | { readonly kind: 'lost'; readonly stream: StreamName; readonly span: Span }
  | { readonly kind: 'folds'; readonly note: FoldsNote }
  | { readonly kind: 'counters'; readonly counters: WorkerCounters }
  | { readonly kind: 'catalogue'; readonly id: number; readonly answer: Catalogue }
  | { readonly kind: 'latest'; readonly id: number; readonly answer: LatestAnswer }
  | { readonly kind: 'seen'; readonly id: number; readonly answer: SeenAnswer }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly message: string;
    };
