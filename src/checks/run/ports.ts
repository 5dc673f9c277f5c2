import type { Access } from '../redirects/access.ts';

import type { Outbound } from './outbound.ts';

/** What steps reach beside HTTP. Each is given from outside, so that scenarios run anywhere. */

/** Whether a time was listened to without a gap. */
export interface CoverageSeen {
  readonly isComplete: boolean;
  /** Why it was not, in a sentence. */
  readonly why?: string;
}

/** A number from the stream, with how many events it stands on. */
export interface StreamNumber {
  /** Undefined: there is no data, which is never 0. */
  readonly value: number | undefined;
  readonly samples: number;
}

/** What `value` is of the events' `metric`: percentiles are those that history answers. */
export const streamAggregates = [
  'count',
  'sum',
  'mean',
  'max',
  'p50',
  'p75',
  'p90',
  'p95',
  'p99',
  'p999',
] as const;
export type StreamAggregate = (typeof streamAggregates)[number];

/** Events of a time; `from` <= time < `to`, ms since the epoch, UTC. */
export interface StreamWindow {
  /** The query language of events. */
  readonly where: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Asks what came in from the environment that is run against. All of it throws Unknown where it can
 * not be asked.
 */
export interface StreamQuestions {
  /** The clock that windows end at, ms since the epoch, UTC. */
  readonly now: () => number;
  readonly value: (
    window: StreamWindow,
    aggregate: StreamAggregate,
    signal: AbortSignal,
  ) => Promise<StreamNumber>;
  /** The unit of their `metric`, as UCUM; undefined: none is said, or there are several. */
  readonly unit: (window: StreamWindow, signal: AbortSignal) => Promise<string | undefined>;
  /** Their `metric`s, newest first, at most `limit`. */
  readonly values: (
    window: StreamWindow,
    limit: number,
    signal: AbortSignal,
  ) => Promise<readonly number[]>;
  /** `where` is whose voice it is. */
  readonly coverage: (window: StreamWindow, signal: AbortSignal) => Promise<CoverageSeen>;
  /** The deploys of an application, newest first; `at` in ms since the epoch, UTC. */
  readonly deploys: (
    application: string,
    signal: AbortSignal,
  ) => Promise<readonly { readonly version: string; readonly at: number }[]>;
  /** Addresses that were asked for between two times, ms since the epoch, UTC, by access events. */
  readonly accessed?: (from: number, to: number, signal: AbortSignal) => Promise<AccessSeen>;
}

/** What access events say of a time. */
export interface AccessSeen {
  readonly accesses: readonly Access[];
  readonly coverage: CoverageSeen;
}

/** A page of a browser for one scenario. */
export interface TakenPage {
  /** Playwright's page, in a context of its own; `src/checks/steps/browser.ts` knows what it is. */
  readonly page: unknown;
  /**
   * Why a host (`name:port`) was not reached by it: refused, or nobody answered. Without a host: the
   * last one.
   */
  readonly unreached: (host?: string) => UnreachedHost | undefined;
  /** Why the browser is not there any more; undefined: it is. */
  readonly lost: () => string | undefined;
  readonly back: () => Promise<void>;
}

export interface UnreachedHost {
  readonly why: string;
  /** It may not be gone to. */
  readonly isRefused: boolean;
}

/** A browser that is shared by scenarios, at most a few at once; made by `src/checks/browser`. */
export interface Browsers {
  /**
   * A page that goes nowhere but where `outbound` lets it. Waits for a free place. Throws Unknown
   * where there is no browser.
   */
  readonly take: (outbound: Outbound, signal: AbortSignal) => Promise<TakenPage>;
  readonly close: () => Promise<void>;
}

/** The release that a scenario is run for. */
export interface ReleaseSeen {
  readonly application: string;
  readonly version: string;
  /** When it was deployed in the environment that is run against, ms since the epoch, UTC. */
  readonly since: number;
}
