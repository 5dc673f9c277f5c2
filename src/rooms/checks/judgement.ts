import type { CheckState } from './definition.ts';

/** What the checks say of a release in an environment. */
export const verdicts = ['pass', 'fail', 'not-enough-evidence', 'nothing-to-check'] as const;
export type CheckVerdict = (typeof verdicts)[number];

/** A limit with what was measured of a release: see `Budget`. */
export interface JudgedBudget {
  readonly check: string;
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly warning: number | null;
  readonly critical: number | null;
  readonly last: number | null;
  readonly median: number | null;
  readonly samples: number;
  readonly state: CheckState | 'pending';
}

/** A verdict as it was kept: what counts for a release that does not run there now. */
export interface Judgement {
  readonly application: string;
  readonly environment: string;
  readonly version: string;
  /** The tag that selected the checks, with its `@`. */
  readonly tag: string;
  readonly verdict: 'pass' | 'fail';
  readonly reason: string;
  /** When the release was deployed there; ms since the epoch, UTC. */
  readonly since: number;
  /** When it was said. */
  readonly at: number;
  /** What was measured while it ran there; known once it does not. */
  readonly budgets?: readonly JudgedBudget[];
}

type Of = Pick<Judgement, 'application' | 'environment' | 'version' | 'tag'>;

/** What a judgement is found by. */
export function judgementKey({ application, environment, version, tag }: Of): string {
  return JSON.stringify([application, environment, version, tag]);
}
