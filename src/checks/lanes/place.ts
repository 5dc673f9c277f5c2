import type { PlannedScenario } from '../language/plan.ts';
import { isMeasuring } from '../run/measuring.ts';
import type { Surroundings, World } from '../run/world.ts';
import type { Place } from './lanes.ts';

/**
 * Where a scenario runs: at the first address that it names, or that of the application that it
 * names, or else at the base of its surroundings. One with a step that measures is alone there.
 */
export function placeOf(
  planned: PlannedScenario<World>,
  { base, application }: Pick<Surroundings, 'base' | 'application'>,
): Place {
  const named = planned.steps
    .filter(({ definition }) => definition.kind !== 'assertion')
    .flatMap(({ values }) => values.filter((value) => typeof value === 'string'));
  const own = named.find((value) => /^https?:\/\//.test(value));
  const app = named.map((value) => application?.(value)).find((one) => one !== undefined);
  return { target: originOf(own ?? app ?? base), isAlone: isMeasuring(planned) };
}

function originOf(address: string | undefined): string | undefined {
  try {
    return address === undefined ? undefined : new URL(address).origin;
  } catch {
    return undefined;
  }
}
