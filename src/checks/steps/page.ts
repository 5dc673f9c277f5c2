import { placeHolders } from '../language/values.ts';
import { vocabulary } from './vocabulary.ts';

/** A step as people are shown it. */
export interface ShownStep {
  readonly group: string;
  readonly kind: 'context' | 'action' | 'assertion';
  /** A cucumber expression. */
  readonly expression: string;
  readonly about: string;
  readonly example: readonly string[];
}

/** Every step whose words contain all of these, in the order of the groups. */
export function stepsWith(text = '', { definitions } = vocabulary): readonly ShownStep[] {
  const words = text.toLowerCase().split(/\s+/);
  return definitions
    .map(({ group, kind, expression, about, example }) => ({
      group,
      kind,
      expression,
      about,
      example,
    }))
    .filter((step) => {
      const said = [step.expression, step.about, ...step.example].join(' ').toLowerCase();
      return words.every((word) => said.includes(word));
    });
}

/** The text of docs/reference/steps.md. */
export function stepsPage(): string {
  const steps = stepsWith();
  const groups = [...new Set(steps.map(({ group }) => group))];
  const parts = groups.map((group) => {
    const own = steps.filter((step) => step.group === group);
    return [`## ${group}`, '', ...own.flatMap(entryOf)].join('\n');
  });
  return `# The steps of features

${head}

${parts.join('\n')}`;
}

const head = `What stands in a scenario, with an example of each. \`territory steps\` prints the same. How features are used: [smoke tests of a deploy](../guides/checks.md).

A step that says what **should** be is an assertion: a scenario without one is not run. Each scenario is run alone, and in any order: what it relies on stands in it. What is wrong with a feature is told with its line and column before it is run.

## What stands for a value

| in a step | what is written |
|---|---|
${placeHolders.map(({ name, about }) => `| \`{${name}}\` | ${about} |`).join('\n')}

What was remembered under a name stands for it in braces, in what is in quotes and in texts and tables below a step: \`"/orders/{order}"\`. Two braces, \`{{order}}\`, mean nothing.`;

function entryOf({ expression, about, example }: ShownStep): string[] {
  return [`### ${expression}`, '', about, '', '```gherkin', ...example, '```', ''];
}
