/** What steps reach beside HTTP. Each is given from outside, so that scenarios run anywhere. */

/** A moment up to which something is seen without a gap, and what is missing where it is not. */
export interface CoverageSeen {
  readonly isComplete: boolean;
  /** Why it is not, in a sentence. */
  readonly why?: string;
}

/** A number from the stream, with how many events it stands on. */
export interface StreamNumber {
  /** Undefined: there is no data, which is never 0. */
  readonly value: number | undefined;
  readonly samples: number;
  readonly coverage: CoverageSeen;
}

/** A question about events of the last `windowMs`, or since `from`. `where` is the query language of events. */
export interface StreamWindow {
  readonly where: string;
  /** ms since the epoch, UTC. */
  readonly from: number;
  readonly to: number;
}

/** Asks what came in. Throws Unknown where it can not be asked. */
export interface StreamQuestions {
  /** ms since the epoch, UTC; the clock that windows end at. */
  readonly now: () => number;
  /** `quantile` is 0 to 1, of the events' `metric`. */
  readonly quantile: (
    window: StreamWindow,
    quantile: number,
    signal: AbortSignal,
  ) => Promise<StreamNumber>;
  readonly count: (window: StreamWindow, signal: AbortSignal) => Promise<StreamNumber>;
  /** Sum of the events' `metric`. */
  readonly sum: (window: StreamWindow, signal: AbortSignal) => Promise<StreamNumber>;
  /** The values themselves, newest first, at most `limit`. */
  readonly values: (
    window: StreamWindow,
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly number[]>;
  /** The deploys of an application in the environment that is run against, newest first. */
  readonly deploys: (
    application: string,
    signal: AbortSignal,
  ) => Promise<readonly { readonly version: string; readonly at: number }[]>;
}

/** A browser that is shared by scenarios, at most a few at once; made by `src/checks/browser`. */
export interface Browsers {
  /**
   * A page in a context of its own, and how to give it back. Waits for a free place. Throws Unknown
   * where there is no browser.
   */
  readonly take: (
    signal: AbortSignal,
  ) => Promise<{ readonly page: unknown; readonly back: () => Promise<void> }>;
  readonly close: () => Promise<void>;
}

/** The release that a scenario is run for. */
export interface ReleaseSeen {
  readonly application: string;
  readonly version: string;
  /** When it was deployed in the environment that is run against, ms since the epoch, UTC. */
  readonly since: number;
}
