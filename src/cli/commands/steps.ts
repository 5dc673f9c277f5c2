import type { Command } from 'commander';
import { vocabularyWith } from '../../checks/own/definition.ts';
import { stepsWith } from '../../checks/steps/page.ts';
import { besideFeatures } from '../checks/feature-files.ts';
import { OwnStepFiles } from '../checks/own-steps.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';

interface StepsOptions {
  readonly json?: boolean;
  readonly steps?: string;
}

/** Adds `territory steps`. */
export function addSteps(program: Command, context: Context): void {
  declare(program, context, {
    usage: 'steps [words...]',
    summary: 'List the steps of features, with an example of each.',
    description:
      'With WORDS only those that have all of them. Steps of your own are listed, too: those of the ' +
      'files in FOLDER, or else in steps/ or features/steps/.',
    examples: [
      ['territory steps', 'all of them'],
      ['territory steps header', 'those about headers'],
    ],
  })
    .option('--json', 'print one JSON document')
    .option('--steps <FOLDER>', 'folder with steps of your own')
    .action(async (words: readonly string[], { json, steps: folder }: StepsOptions) => {
      const files = new OwnStepFiles();
      const beside = folder ?? besideFeatures(['.', 'features'], 'steps');
      const own = await files.load(beside, context.signal).finally(() => files.remove());
      const steps = stepsWith(words.join(' '), vocabularyWith(own));
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
