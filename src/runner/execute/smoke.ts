import type { Scenario } from '../../rooms/releases/artefact/release.ts';
import type { Smoke as SmokeResult } from '../../server/api/contract-deploys.ts';

/** Runs the scenarios of a release against its new instances, before anybody is sent to them. */
export interface Smoke {
  /**
   * Tells each scenario as it begins and as it ends. Throws TERR_RUNNER_CHECK when one failed; one
   * that was not run is told as `not-run` and never as passed.
   */
  readonly run: (order: {
    readonly scenarios: readonly Scenario[];
    /** Ports of the new instances, on this machine. */
    readonly ports: readonly number[];
    readonly tell: (result: SmokeResult) => void;
    readonly signal: AbortSignal;
  }) => Promise<void>;
}

/** While there is nothing that can run scenarios they are told as what they are: not run. */
export const withoutEngine: Smoke = {
  run: async ({ scenarios, tell }) => {
    for (const { scenario } of scenarios)
      tell({
        scenario,
        state: 'not-run',
        seconds: null,
        text: 'this runner has nothing that runs scenarios',
      });
    await Promise.resolve();
  },
};
