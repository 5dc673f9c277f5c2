import type { FeatureScenario, FeatureStep } from './feature.ts';
import type { Match } from './vocabulary.ts';

/** A step whose meaning is known. */
export interface PlannedStep<World> extends Match<World> {
  readonly step: FeatureStep;
}

/** A scenario that can be run. */
export interface PlannedScenario<World> {
  readonly scenario: FeatureScenario;
  /** Its name, with its place where others have the same one. */
  readonly name: string;
  readonly steps: readonly PlannedStep<World>[];
}
