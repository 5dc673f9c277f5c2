import type { Shift } from './mann-whitney.ts';

/** What a sample of readings looks like. */
export interface Sample {
  readonly n: number;
  /** Times of the first and the last reading, ms. */
  readonly from: number;
  readonly to: number;
  readonly median: number;
  /** Weighted: the nearer to the change, the more. */
  readonly mean: number;
  /** Standard deviation around that mean. */
  readonly deviation: number;
}

/** A length of time that another change or an incident takes; ms since the epoch, UTC. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What was measured around a change. With a control, of the difference to it. */
export interface Evidence {
  /** When the change happened, ms. */
  readonly change: number;
  readonly before: Sample;
  readonly after: Sample;
  /** After less before: Hodges and Lehmann's estimate and its 95 % interval, in the metric's unit. */
  readonly shift: Shift;
  /** Difference of the weighted means over the metric's mean before; undefined when that was 0. */
  readonly relative?: number;
  /** Share of the pairs in which the reading after is the larger one. */
  readonly commonLanguage: number;
  /** How the change ranks among what this metric does by itself. */
  readonly rank: {
    /** (1 + larger) / (1 + splits). */
    readonly p: number;
    /** Splits of the history with a statistic as large or larger. */
    readonly larger: number;
    readonly splits: number;
    /** At most this p counts as a move. */
    readonly wanted: number;
  };
  /** The first reading of the best split around the change, and how many readings off it is. */
  readonly location: { readonly at: number; readonly points: number };
  /** `used`: the same metric where nothing was changed was taken off. `incomplete`: too much of it is missing. */
  readonly control: 'none' | 'used' | 'incomplete';
  /** Other changes and incidents that fall into the samples, and may be what is seen. */
  readonly also: readonly Span[];
}

/** Why a metric counts as not moved; all that apply. */
export type Gate =
  /** Its own history does as much, more often than wanted. */
  | 'rank'
  /** Smaller than the effect that was asked for. */
  | 'effect'
  /** Readings before and after overlap too much. */
  | 'commonLanguage'
  /** It moved to the side that was not asked for. */
  | 'direction'
  /** Among so many metrics of one change, one such is to be expected. */
  | 'manyMetrics';

/** Why it cannot be told. */
export type Lack =
  /** Too few readings before the change. */
  | 'before'
  /** Too few readings after the change: none, or not yet. */
  | 'after'
  /** Too few comparable splits of the history for so rare a false alarm. */
  | 'history';

/** Whether a change moved a metric. */
export type Verdict =
  | { readonly kind: 'moved'; readonly direction: 'up' | 'down'; readonly evidence: Evidence }
  | {
      /** It moved, but not at the change. */
      readonly kind: 'movedElsewhere';
      readonly direction: 'up' | 'down';
      /** When it moved, ms, and on which side of the change that lies. */
      readonly at: number;
      readonly side: 'before' | 'after';
      readonly evidence: Evidence;
    }
  | { readonly kind: 'notMoved'; readonly because: readonly Gate[]; readonly evidence: Evidence }
  | {
      /** Never to be taken for `notMoved`. */
      readonly kind: 'cannotTell';
      readonly lack: Lack;
      readonly have: number;
      readonly need: number;
      /** What could be measured nevertheless: only the rank is missing. */
      readonly evidence?: Omit<Evidence, 'rank'>;
    };
