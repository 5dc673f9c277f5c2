import type { Feature, FeatureScenario, FeatureStep, Finding, Place } from './feature.ts';
import { nearest } from './nearest.ts';
import { faultsOfOrder } from './order.ts';
import type { PlannedScenario, PlannedStep } from './planned.ts';
import { faultOfTag, hasTag } from './tags.ts';
import type { Match, StepDefinition, Vocabulary } from './vocabulary.ts';

export type { PlannedScenario, PlannedStep } from './planned.ts';

/** What is to be run, and what is wrong. Findings are in the order of their places, each once. */
export interface Plan<World> {
  readonly scenarios: readonly PlannedScenario<World>[];
  readonly findings: readonly Finding[];
}

/** Finds the meaning of every step. A scenario that has a finding is not among the scenarios. */
export function planOf<World>(
  features: readonly Feature[],
  vocabulary: Vocabulary<World>,
): Plan<World> {
  const findings: Finding[] = [];
  const understood: PlannedScenario<World>[] = [];
  const all = features.flatMap((feature) => feature.scenarios);
  const names = new Map<string, number>();
  for (const { name } of all) names.set(name, (names.get(name) ?? 0) + 1);
  for (const feature of features)
    if (feature.scenarios.length === 0)
      findings.push({
        file: feature.file,
        line: 1,
        column: 1,
        message: 'there is no scenario in it',
      });
  for (const scenario of all) {
    const before = findings.length;
    const steps = scenario.steps.flatMap((step) => {
      const found = meaningOf(step, vocabulary);
      if ('message' in found) findings.push({ ...placeOf(step), message: found.message });
      return 'message' in found ? [] : [{ ...found, step }];
    });
    findings.push(...faultsOf(scenario, steps, findings.length > before));
    const { name, file, line } = scenario;
    if (findings.length === before)
      understood.push({
        scenario,
        name: (names.get(name) ?? 0) > 1 ? `${name} (${file}:${line})` : name,
        steps,
      });
  }
  const order = new Map(
    faultsOfOrder(understood).map(({ scenario, findings: own }) => [scenario, own]),
  );
  return {
    scenarios: understood.filter((one) => !order.has(one)),
    findings: inOrder([...findings, ...[...order.values()].flat()]),
  };
}

/** Findings of a scenario beside those of its steps. */
function faultsOf<World>(
  scenario: FeatureScenario,
  steps: readonly PlannedStep<World>[],
  stepsAreWrong: boolean,
): readonly Finding[] {
  const tags = scenario.tags.flatMap((tag) => {
    const message = faultOfTag(tag.name);
    return message === undefined ? [] : [{ ...placeOf(tag), message }];
  });
  tags.push(...missingTag(scenario, steps));
  const asserts = steps.some(({ definition }) => definition.kind === 'assertion');
  if (asserts || stepsAreWrong) return tags;
  const message = `nothing is asserted by "${scenario.name}": it could only ever pass`;
  return [...tags, { ...placeOf(scenario), message }];
}

/** How a scenario is run goes by its tags, also by those who do not look at its steps. */
function missingTag<World>(
  scenario: FeatureScenario,
  steps: readonly PlannedStep<World>[],
): readonly Finding[] {
  for (const { definition, step } of steps) {
    const { tag } = definition;
    if (tag === undefined || hasTag(scenario.tags, tag.name)) continue;
    return [
      { ...placeOf(step), message: `"${step.text}" ${tag.why}: tag its scenario ${tag.name}` },
    ];
  }
  return [];
}

function meaningOf<World>(
  step: FeatureStep,
  vocabulary: Vocabulary<World>,
): Match<World> | { readonly message: string } {
  let found: readonly Match<World>[];
  try {
    found = vocabulary.match(step.text);
  } catch (error) {
    return { message: `"${step.text}": ${error instanceof Error ? error.message : String(error)}` };
  }
  const [first] = found;
  if (first === undefined) return { message: undefinedStep(step.text, vocabulary) };
  if (found.length > 1)
    return {
      message: `"${step.text}" means more than one step: ${found.map((one) => one.definition.expression).join(' | ')}`,
    };
  return faultBelow(step, first.definition) ?? first;
}

function faultBelow<World>(
  { text, block, table }: FeatureStep,
  { takes }: StepDefinition<World>,
): { readonly message: string } | undefined {
  if (takes === 'text' && block === undefined)
    return { message: `"${text}" needs a text between """ below it` };
  if (takes === 'table' && table === undefined)
    return { message: `"${text}" needs a table below it` };
  if ((takes !== 'text' && block !== undefined) || (takes !== 'table' && table !== undefined))
    return { message: `"${text}" takes nothing like what stands below it` };
  return undefined;
}

function undefinedStep<World>(text: string, { definitions }: Vocabulary<World>): string {
  // What is in quotes and the figures differ; the words between them are what is mistaken.
  const bare = (words: string): string =>
    words.replaceAll(/"[^"]*"|'[^']*'|\{\w+\}|\d+(?:\.\d+)?/g, '·').toLowerCase();
  const forms = definitions.flatMap(({ expression }) =>
    waysToWrite(expression).map((way) => ({ expression, bare: bare(way) })),
  );
  const near = nearest(
    bare(text),
    forms.map((one) => one.bare),
  );
  const expression = forms.find((one) => one.bare === near)?.expression;
  const hint =
    expression === undefined
      ? '; `territory steps` lists those there are'
      : `; did you mean: ${expression}`;
  return `no step is "${text}"${hint}`;
}

/** `I visit/request {string}` is written in two ways. */
function waysToWrite(expression: string): readonly string[] {
  const words = expression.split(' ').map((word) => word.split('/'));
  return words.reduce<readonly string[]>(
    (before, ways) =>
      before.flatMap((start) => ways.map((way) => (start === '' ? way : `${start} ${way}`))),
    [''],
  );
}

const placeOf = ({ file, line, column }: Place): Place => ({ file, line, column });

/** A background's step and a tag of the feature are found once for each scenario. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const each = new Map(findings.map((one) => [JSON.stringify(one), one]));
  return [...each.values()].toSorted(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
}

/** `features/shop.feature:3:5: message`. */
export const lineOfFinding = ({ file, line, column, message }: Finding): string =>
  `${file}:${line}:${column}: ${message}`;
