import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FeatureScenario, readFeature } from '../../src/checks/language/feature.ts';
import { type Plan, planOf } from '../../src/checks/language/plan.ts';
import { outboundOf } from '../../src/checks/run/outbound.ts';
import { runScenario } from '../../src/checks/run/scenario.ts';
import type { World } from '../../src/checks/run/world.ts';
import { expectedOf, featuresOf, samples } from './kit.ts';
import { kitVocabulary, supported } from './kit-steps.ts';

/** Samples about what this language does not have. docs/reference/gherkin.md says the same. */
const rest: Readonly<Record<string, string>> = {
  ...because('there are no hooks', [
    'global-hooks',
    'global-hooks-afterall-error',
    'global-hooks-attachments',
    'global-hooks-beforeall-error',
    'hooks',
    'hooks-attachment',
    'hooks-conditional',
    'hooks-named',
    'hooks-skipped',
    'hooks-undefined',
    'skipped-failing-hook',
  ]),
  ...because('a step attaches nothing', ['attachments', 'examples-tables-attachment']),
  ...because('a step is not pending: it is there, or it is undefined', [
    'pending',
    'pending-exception',
    'retry-pending',
  ]),
  ...because('a step does not skip itself', ['skipped', 'skipped-exception']),
  ...because('it has pending steps and steps that skip themselves', [
    'all-statuses',
    'failedish-combinations',
  ]),
  ...because('steps are cucumber expressions', ['regular-expression']),
  ...because('steps have the parameter types that there are', [
    'parameter-types',
    'unknown-parameter-type',
  ]),
  ...because('a scenario without steps asserts nothing, which is found before', ['empty']),
  ...because('it is about a runner that breaks', ['test-run-exception']),
};

function because(why: string, all: readonly string[]): Record<string, string> {
  return Object.fromEntries(all.map((sample) => [sample, why]));
}

test('each sample of the kit is either held to or listed', () => {
  expect([...supported, ...Object.keys(rest)].toSorted()).toEqual(samples);
});

test('the page says the same', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/reference/gherkin.md'), 'utf8');
  const [, agree = ''] = /These agree: ([^.]*)\./.exec(page) ?? [];
  expect(agree.split(/,\s+/).toSorted()).toEqual(supported.toSorted());
  const listed = [...page.matchAll(/^\| ([a-z-]+(?:, [a-z-]+)*) \|/gm)];
  expect(listed.flatMap(([, names = '']) => names.split(', ')).toSorted()).toEqual(
    Object.keys(rest).toSorted(),
  );
});

test.each(supported)('%s', async (sample) => {
  const found = await statusesOf(sample);
  const expected = expectedOf(sample);
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(
    expected.map((line) => (/UNDEFINED|AMBIGUOUS/.test(line) ? notBegun(line) : line)),
  );
});

/** Here a scenario with a step that has no one meaning is not begun; Cucumber runs what is before it. */
const notBegun = (line: string): string => line.replaceAll(/PASSED|SKIPPED/g, 'NOT-RUN');

/** A line for each attempt of a scenario, with the status of each step. */
async function statusesOf(sample: string): Promise<readonly string[]> {
  const features = featuresOf(sample).flatMap(({ file, text }) => {
    const read = readFeature(file, text);
    // Tags mean something here, and those of the kit mean nothing.
    const bare = (one: FeatureScenario): FeatureScenario => ({ ...one, tags: [] });
    return 'feature' in read
      ? [{ ...read.feature, scenarios: read.feature.scenarios.map(bare) }]
      : [];
  });
  const plan = planOf(features, kitVocabulary(sample));
  const scenarios = features.flatMap((feature) => feature.scenarios);
  const lines = await Promise.all(scenarios.map(async (one) => attemptsOf(one, plan)));
  return lines.flat();
}

async function attemptsOf(
  scenario: FeatureScenario,
  plan: Plan<World>,
): Promise<readonly string[]> {
  const planned = plan.scenarios.find((one) => one.scenario === scenario);
  if (!planned) return [`${scenario.name}: ${foundOf(scenario, plan).join(' ')}`];
  const attempts: string[][] = [];
  const onStep = ({ state }: { readonly state: string }, attempt: number): void =>
    void (attempts[attempt - 1] ??= []).push(state.toUpperCase());
  const surroundings = { base: undefined, outbound: outboundOf([]), secret: () => undefined };
  await runScenario(planned, surroundings, new AbortController().signal, { onStep });
  return attempts.map((statuses) => `${scenario.name}: ${statuses.join(' ')}`);
}

function foundOf({ steps, file }: FeatureScenario, { findings }: Plan<World>): readonly string[] {
  return steps.map(({ line, text }) => {
    const own = findings.find(
      (one) => one.file === file && one.line === line && one.message.includes(`"${text}"`),
    );
    if (!own) return 'NOT-RUN';
    return own.message.includes('means more than one step') ? 'AMBIGUOUS' : 'UNDEFINED';
  });
}
