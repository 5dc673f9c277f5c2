import type { Finding } from '../../checks/language/feature.ts';
import { type CheckDefaults, checkDefaults } from '../../checks/settings/settings.ts';
import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import type { FeatureStanding, Plan } from './planning.ts';

/** What one thread tells another of a plan: all but the code of its steps. */
export interface PlanTold {
  readonly definitions: readonly CheckDefinition[];
  /** The scenario of each check as it is written, by its id. */
  readonly texts: ReadonlyMap<string, string>;
  readonly features: readonly FeatureStanding[];
  readonly environments: readonly { readonly name: string; readonly base: string | undefined }[];
  readonly defaults: CheckDefaults;
  readonly findings: readonly Finding[];
  readonly good: Readonly<Record<string, string>>;
}

/** What is told of a plan. */
export function toldOf({ checks, settings, texts, features, findings, good }: Plan): PlanTold {
  return {
    definitions: checks.map(({ definition }) => definition),
    texts,
    features,
    environments: settings.environments.map(({ name, base }) => ({ name, base })),
    defaults: settings.defaults,
    findings,
    good,
  };
}

/** Before anything is known. */
export const emptyTold: PlanTold = {
  definitions: [],
  texts: new Map(),
  features: [],
  environments: [],
  defaults: checkDefaults,
  findings: [],
  good: {},
};
