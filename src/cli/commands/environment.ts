import { type Command, InvalidArgumentError, Option } from 'commander';
import { Environment, Environments } from '../../server/api/contract-deploys.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { type DeployOptions, ask, pathOf } from '../deploys/asking.ts';
import { cliErrors } from '../errors.ts';
import { textTable } from '../text-table.ts';
import { printable } from '../words.ts';
import { Type } from 'typebox';

interface SetOptions extends DeployOptions {
  readonly after?: string;
  readonly approvals?: number;
  readonly acknowledgements?: Environment['acknowledgements'];
  readonly newest?: boolean;
  readonly perHour?: number | null;
  readonly rehearse?: boolean;
  readonly checks?: string | null;
}

/** Adds `territory environment list|set|remove`. */
export function addEnvironment(program: Command, context: Context): void {
  const parent = program
    .command('environment')
    .summary('Say what a deploy into an environment has to go through.')
    .description('Say what a deploy into an environment has to go through.');
  addList(parent, context);
  addSet(parent, context);
  addRemove(parent, context);
}

function addList(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'list',
    summary: 'List the environments and what each asks of a deploy.',
    examples: [['territory environment list', 'everything']],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: DeployOptions) => {
    const { terminal } = context;
    const request = { method: 'GET', path: '/environments' } as const;
    const answer = await ask(Environments, request, { options, context });
    if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
    if (answer.environments.length === 0)
      return terminal.print('no environment is known; declare one: territory environment set\n');
    await terminal.print(textTable(heads, answer.environments.map(row), terminal.style));
  });
}

const heads = 'environment,after,approvals,acknowledgements,newest only,per hour,rehearsed,checks,'
  .split(',')
  .map((head) => ({ head }));

function row(one: Environment): string[] {
  const { name, after, approvals, acknowledgements, newest, perHour, rehearse, checks, declared } =
    one;
  return [
    printable(name),
    printable(after ?? '–'),
    String(approvals),
    acknowledgements,
    newest ? 'yes' : 'no',
    perHour === null ? '–' : String(perHour),
    rehearse ? 'yes' : 'no',
    printable(checks ?? '–'),
    declared ? '' : 'not declared',
  ];
}

const whole = (text: string): number => {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number.');
};
const wholeOrNone = (text: string): number | null => (text === 'none' ? null : whole(text));

function addSet(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'set <name>',
    summary: 'Declare an environment, or change what it asks; for gatekeepers.',
    description: 'What is not given stays as it was. See docs/reference/deploy-gates.md.',
    examples: [
      ['territory environment set production --after staging --approvals 1', 'order and four eyes'],
      ['territory environment set production --acknowledgements require --per-hour 4', 'and more'],
      ['territory environment set production --checks @gate', 'checks that passed in staging'],
      ['territory environment set production --after none --no-newest', 'and less'],
    ],
  });
  command
    .option('--after <ENVIRONMENT>', 'where a version must have been verified before, or none')
    .option('--approvals <N>', 'gatekeepers who approve, the asking one not counted', whole)
    .addOption(
      new Option(
        '--acknowledgements <HOW>',
        'authors whose commits go out too: not asked, asked, or waited for',
      ).choices(['off', 'ask', 'require']),
    )
    .option('--newest', 'take only the newest release')
    .option('--no-newest', 'take any release')
    .option('--per-hour <N>', 'deploys of one application within an hour, or none', wholeOrNone)
    .option('--rehearse', 'going back must have been rehearsed before')
    .option('--no-rehearse', 'going back need not have been rehearsed')
    .option(
      '--checks <TAG>',
      'checks that must have passed in the environment before, such as @gate, or none',
      (text) => (text === 'none' ? null : text),
    )
    .option('--json', 'print the environment as one JSON document');
  addConnectionOptions(command).action(async (name: string, options: SetOptions) => {
    const { after, approvals, acknowledgements, newest, perHour, rehearse, checks } = options;
    const json = {
      ...(after !== undefined && { after: after === 'none' ? null : after }),
      ...(approvals !== undefined && { approvals }),
      ...(acknowledgements !== undefined && { acknowledgements }),
      ...(newest !== undefined && { newest }),
      ...(perHour !== undefined && { perHour }),
      ...(rehearse !== undefined && { rehearse }),
      ...(checks !== undefined && { checks }),
    };
    if (Object.keys(json).length === 0)
      throw cliErrors('USAGE', 'say what is to change; see --help');
    const request = { method: 'PATCH', path: `/environments${pathOf(name)}`, json } as const;
    const environment = await ask(Environment, request, { options, context });
    const { terminal } = context;
    if (options.json === true) return terminal.print(`${JSON.stringify(environment)}\n`);
    await terminal.print(textTable(heads, [row(environment)], terminal.style));
  });
}

function addRemove(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'remove <name>',
    summary: 'Take back what was declared of an environment; for gatekeepers.',
    description:
      'What was deployed there stays, and what is deployed from now on is asked nothing.',
    examples: [['territory environment remove demo', 'one of before']],
  });
  addConnectionOptions(command).action(async (name: string, options: DeployOptions) => {
    const request = { method: 'DELETE', path: `/environments${pathOf(name)}` } as const;
    await ask(Type.Unknown(), request, { options, context });
    context.terminal.say(`nothing is declared of ${printable(name)} any more`);
  });
}
