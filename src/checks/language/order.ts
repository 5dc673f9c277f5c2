import type { FeatureScenario, Finding } from './feature.ts';
import { nearest } from './nearest.ts';
import type { PlannedScenario, PlannedStep } from './planned.ts';
import { isRememberedName, namesIn } from './remembered.ts';

/** Who remembers what, by its name: the first of all scenarios. */
type Rememberers = ReadonlyMap<string, FeatureScenario>;

/**
 * What a scenario relies on that none of its own steps before gives. Each is run alone and in any
 * order, so that it could never hold.
 */
export function faultsOfOrder<World>(
  scenarios: readonly PlannedScenario<World>[],
): readonly Faulty<World>[] {
  const rememberers = new Map<string, FeatureScenario>();
  for (const { scenario, steps } of scenarios)
    for (const name of steps.flatMap(rememberedBy))
      if (!rememberers.has(name)) rememberers.set(name, scenario);
  return scenarios.flatMap((scenario) => {
    const findings = faultsOf(scenario, rememberers);
    return findings.length === 0 ? [] : [{ scenario, findings }];
  });
}

/** A scenario and what is wrong with it. */
export interface Faulty<World> {
  readonly scenario: PlannedScenario<World>;
  readonly findings: readonly Finding[];
}

function faultsOf<World>(
  { scenario, steps }: PlannedScenario<World>,
  rememberers: Rememberers,
): readonly Finding[] {
  const given = new Set<string>();
  const known: string[] = [];
  return steps.flatMap((step) => {
    const { definition } = step;
    const faults = [
      ...faultsOfNeed(step, given),
      ...faultsOfNames(step, { known, rememberers, scenario }),
    ];
    for (const gives of [definition.gives ?? []].flat()) given.add(gives);
    known.push(...rememberedBy(step));
    return faults;
  });
}

function faultsOfNeed<World>(
  step: PlannedStep<World>,
  given: ReadonlySet<string>,
): readonly Finding[] {
  const { needs } = step.definition;
  if (needs === undefined || given.has(needs)) return [];
  const why = `no step before it in this scenario gives one`;
  return [findingAt(step, `"${step.step.text}" is about ${needs}, and ${why}`)];
}

interface Around {
  readonly known: readonly string[];
  readonly rememberers: Rememberers;
  readonly scenario: FeatureScenario;
}

function faultsOfNames<World>(step: PlannedStep<World>, around: Around): readonly Finding[] {
  const { definition, values } = step;
  const { block = '', table = [] } = step.step;
  const texts = values.filter((value) => typeof value === 'string');
  const own = definition.remembers === undefined ? undefined : values[definition.remembers];
  if (typeof own === 'string' && !isRememberedName(own))
    return [findingAt(step, `"${own}" is no name: a letter, and then letters, digits, - and _`)];
  const names = [...texts, block, ...table.flat()].flatMap((text) => namesIn(text));
  return [...new Set(names)].flatMap((name) => {
    const message = faultOfName(name, around);
    return message === undefined ? [] : [findingAt(step, message)];
  });
}

/** Braces mean nothing where nothing is remembered. */
function faultOfName(name: string, { known, rememberers, scenario }: Around): string | undefined {
  if (known.includes(name)) return undefined;
  const by = rememberers.get(name);
  const missing = `{${name}} is not remembered by a step before it in this scenario`;
  if (by && by !== scenario) {
    const { file, line } = by;
    return `${missing}, but in "${by.name}" (${file}:${line}): scenarios do not know of each other`;
  }
  if (by) return missing;
  if (known.length === 0) return undefined;
  const near = nearest(name, known);
  return near === undefined ? undefined : `${missing}; did you mean {${near}}?`;
}

function rememberedBy<World>({ definition, values }: PlannedStep<World>): readonly string[] {
  const name = definition.remembers === undefined ? undefined : values[definition.remembers];
  return typeof name === 'string' ? [name] : [];
}

const findingAt = <World>({ step }: PlannedStep<World>, message: string): Finding => ({
  file: step.file,
  line: step.line,
  column: step.column,
  message,
});
