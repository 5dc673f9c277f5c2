import type { Signal } from '../../../rooms/map/health.ts';

export interface EvidenceStart {
  readonly logDir: string;
  /** First reading that is looked at. */
  readonly from: number;
  readonly metrics: readonly string[];
}

export type ToEvidence =
  | { readonly kind: 'want'; readonly metrics: readonly string[]; readonly from: number }
  | { readonly kind: 'stop' };

/** Counted since the thread started. */
export interface EvidenceCounters {
  readonly decoded: number;
  readonly broken: number;
  /** Signals that came in such numbers that a newer one of the same key took their place. */
  readonly replaced: number;
  /** Keys that had no room. */
  readonly refused: number;
}

export type FromEvidence =
  | {
      readonly kind: 'signals';
      readonly signals: readonly Signal[];
      /** `received` of the newest reading from outside, ms; undefined: none yet. */
      readonly freshest: number | undefined;
      readonly counters: EvidenceCounters;
    }
  /** What the log held at the start is read. */
  | { readonly kind: 'caught-up' };
