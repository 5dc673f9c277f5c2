import type { Command } from 'commander';
import { stepsWith } from '../../checks/steps/page.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';

/** Adds `territory steps`. */
export function addSteps(program: Command, context: Context): void {
  declare(program, context, {
    usage: 'steps [words...]',
    summary: 'List the steps of features, with an example of each.',
    description:
      'With WORDS only those that have all of them. What a feature of an artefact says is run ' +
      'against the new instances of a deploy before customers are sent to them.',
    examples: [
      ['territory steps', 'all of them'],
      ['territory steps header', 'those about headers'],
    ],
  })
    .option('--json', 'print one JSON document')
    .action(async (words: readonly string[], { json }: { readonly json?: boolean }) => {
      const steps = stepsWith(words.join(' '));
      await context.terminal.print(
        json === true ? `${JSON.stringify(steps)}\n` : textOf(steps, context.terminal.style),
      );
      if (steps.length === 0 && json !== true) context.terminal.say('no step has all these words');
    });
}

function textOf(steps: ReturnType<typeof stepsWith>, style: Context['terminal']['style']): string {
  const lines = steps.flatMap(({ group, expression, about, example }, i) => [
    ...(steps[i - 1]?.group === group ? [] : [`${i === 0 ? '' : '\n'}${style('bold', group)}`]),
    `  ${expression}`,
    `      ${about}`,
    ...example.map((line) => `      ${line}`),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}
