/** What the checks say of a release in an environment. */
export const verdicts = ['pass', 'fail', 'not-enough-evidence', 'nothing-to-check'] as const;
export type CheckVerdict = (typeof verdicts)[number];

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
}

type Of = Pick<Judgement, 'application' | 'environment' | 'version' | 'tag'>;

/** What a judgement is found by. */
export function judgementKey({ application, environment, version, tag }: Of): string {
  return JSON.stringify([application, environment, version, tag]);
}
