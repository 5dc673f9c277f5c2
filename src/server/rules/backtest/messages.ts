import type { ErrorDetails } from '../../../errors/coded-error.ts';

/** Compiled rule files, to be loaded in the thread of the backtest. */
export interface LoadableFile {
  /** As `compileRules` gave it. */
  readonly module: string;
  /** The path of the source. */
  readonly file: string;
}

/** What the thread of a backtest is to do. */
export interface BacktestStart {
  readonly logDir: string;
  /** ms */
  readonly from: number;
  /** ms */
  readonly to: number;
  readonly files: readonly LoadableFile[];
  /** Names of the rules that run; all when left out. */
  readonly only?: readonly string[];
  readonly against?: {
    readonly name: string;
    readonly files: readonly LoadableFile[];
    /** Rules of other files than this (a base name) count only where the candidate has the name. */
    readonly counterpart?: string;
  };
  /** Why history can't be asked; left out when it can. */
  readonly noHistory?: string;
}

/** Asks for events of history, oldest first. Answered with a `HistoryPage`. */
export interface PageRequest {
  readonly kind: 'page';
  /** ms */
  readonly from: number;
  /** ms */
  readonly to: number;
  readonly cursor?: string;
}

export interface HistoryPage {
  readonly kind: 'page';
  /** The events as one JSON array: between threads text goes, never objects. */
  readonly events: string;
  readonly next?: string;
  /** Event time of the oldest reading that history has, ms; left out when it has none. */
  readonly oldest?: number;
  /** Why there is no answer. */
  readonly failed?: string;
}

export type FromBacktest =
  | PageRequest
  | {
      readonly kind: 'progress';
      /** 0 to 1 */
      readonly part: number;
      readonly events: number;
      /** ms */
      readonly received: number;
    }
  | {
      readonly kind: 'result';
      /** A `Backtest` as JSON. */
      readonly json: string;
    }
  | {
      readonly kind: 'failed';
      /** Undefined for what nobody has foreseen. */
      readonly code: string | undefined;
      readonly message: string;
      readonly details: Pick<ErrorDetails, 'file' | 'line' | 'column'>;
    };
