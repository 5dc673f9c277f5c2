import type { CheckDefinition } from './definition.ts';

/** What an application in an environment can lose with a check: that anybody is told, or a gate. */
export const coverages = ['route', 'gate'] as const;
export type Coverage = (typeof coverages)[number];

interface Of {
  readonly application: string | undefined;
  readonly environment: string;
}

/** What is there to look at. */
interface Checks {
  readonly checks: ReadonlyMap<string, { readonly definition: CheckDefinition }>;
}

/**
 * What is not there any more when a check becomes another, or goes (`after` undefined): a tag must
 * not take the last alert or the last gate of an application away in silence.
 */
export function lostBy(
  { checks }: Checks,
  before: CheckDefinition,
  after: CheckDefinition | undefined,
): Coverage[] {
  const others = checksOf(checks, before).filter(({ id }) => id !== before.id);
  const left = after && isOf(after, before) ? [...others, after] : others;
  return coverages.filter((one) => gives[one](before) && !left.some(gives[one]));
}

/** Whether there is such a check, of this application in this environment. */
export function isCovered({ checks }: Checks, of: Of & { readonly what: Coverage }): boolean {
  return checksOf(checks, of).some(gives[of.what]);
}

/** What was lost, in a sentence. */
export function lossText(what: Coverage, { application, environment }: Of): string {
  const of = application === undefined ? environment : `${application} in ${environment}`;
  return what === 'route'
    ? `no check of ${of} tells anybody of a failure any more`
    : `no check of ${of} gates a release any more`;
}

const gives: Readonly<Record<Coverage, (check: CheckDefinition) => boolean>> = {
  route: ({ route }) => route !== 'note',
  gate: ({ isGate }) => isGate,
};

const isOf = (one: Of, { application, environment }: Of): boolean =>
  one.application === application && one.environment === environment;

const checksOf = (checks: Checks['checks'], of: Of): CheckDefinition[] =>
  [...checks.values()].map(({ definition }) => definition).filter((one) => isOf(one, of));
