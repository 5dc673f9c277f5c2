import type { Finding } from '../../checks/language/feature.ts';
import type { CheckDefinition } from '../../rooms/checks/definition.ts';
import type * as contract from '../api/contract-checks.ts';

type Standing = contract.CheckStanding;

/** Of a check that has no result yet. */
export const pending: Standing = {
  shown: 'pending',
  kind: 'soft',
  since: null,
  attempt: 0,
  maxAttempts: 3,
  flapping: false,
  flapPercent: 0,
  stale: false,
  suppressedBy: null,
  inGrace: false,
  summary: null,
  lastGood: null,
};

/** What is known of a check beside its definition. */
export type Lived = Pick<contract.Check, 'standing' | 'quarantine' | 'strip' | 'next'>;

/** A check as the API shows it. */
export function checkView(definition: CheckDefinition, lived: Lived): contract.Check {
  const { application, dependsOn, tags, sha: _, ...rest } = definition;
  return {
    ...rest,
    application: application ?? null,
    tags: [...tags],
    dependsOn: [...dependsOn],
    ...lived,
  };
}

/** By application, environment and name; those without application last. */
export function inOrder(a: CheckDefinition, b: CheckDefinition): number {
  const none = Number(a.application === undefined) - Number(b.application === undefined);
  return (
    none ||
    (a.application ?? '').localeCompare(b.application ?? '') ||
    a.environment.localeCompare(b.environment) ||
    a.name.localeCompare(b.name)
  );
}

/** A finding without what only its maker needs. */
export const findingView = ({ file, line, column, message }: Finding): contract.FeatureFinding => ({
  file,
  line,
  column,
  message,
});
