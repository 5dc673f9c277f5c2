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
    /** Folder of the artefact's files, in which the features are. */
    readonly files: string;
    /** The environment that is deployed to. */
    readonly environment: string;
    readonly tell: (result: SmokeResult) => void;
    readonly signal: AbortSignal;
  }) => Promise<void>;
}
