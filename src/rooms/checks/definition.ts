/** The word of Nagios: OK 0, WARNING 1, CRITICAL 2, UNKNOWN 3. */
export const checkStates = ['ok', 'warning', 'critical', 'unknown'] as const;
export type CheckState = (typeof checkStates)[number];

/** Who is told of a failure: `@page`, `@ticket` (also without a tag), `@note`. */
export const checkRoutes = ['page', 'ticket', 'note'] as const;
export type CheckRoute = (typeof checkRoutes)[number];

/**
 * A check as it is scheduled: a scenario in one environment, or a plugin. Durations are ms.
 */
export interface CheckDefinition {
  /** `production.shop.the-home-page`: environment, feature file without its ending, name; each in
   * lower-case letters, digits and dashes. The second of the same name ends in `-2`. */
  readonly id: string;
  readonly name: string;
  readonly kind: 'scenario' | 'plugin';
  /** The feature's path as people know it, and the scenario's line in it; of a plugin its settings. */
  readonly file: string;
  readonly line: number;
  readonly application: string | undefined;
  readonly environment: string;
  /** With their `@`. */
  readonly tags: readonly string[];
  readonly route: CheckRoute;
  /** A failure of it is a warning (`@warning`, `@third-party`). */
  readonly isWarning: boolean;
  /** A release has to pass it (`@gate`). */
  readonly isGate: boolean;
  readonly interval: number;
  /** Ids of checks of the same environment that it needs: while one of them is down it makes no alert. */
  readonly dependsOn: readonly string[];
  /** SHA-256 of what is run, hex: tells that it was changed. */
  readonly sha: string;
}

/** Attempts and thresholds of a check's life. */
export interface LifePolicy {
  /** Failures in a row until it is hard. */
  readonly maxAttempts: number;
  /** Passes in a row until a hard failure is over. */
  readonly successes: number;
  /** ms between runs while it is soft. */
  readonly retryInterval: number;
  /** So many intervals without a result make it stale, which is unknown. */
  readonly staleAfter: number;
  /** After a deploy or a first start failures do not count for so long, ms. */
  readonly bootGrace: number;
  /** Hard also when `failures` of the last `of` failed, though not in a row. */
  readonly of?: { readonly failures: number; readonly of: number };
}
