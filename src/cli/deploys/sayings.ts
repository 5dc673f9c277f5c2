import type { Command } from 'commander';
import { Deploy } from '../../server/api/contract-deploys.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { type DeployOptions, ask, exitCodeFor, pathOf, wholeId } from './asking.ts';
import { deployLines, stateLine } from './view.ts';

interface Options extends DeployOptions {
  readonly message?: string;
}

interface Saying {
  readonly name: 'cancel' | 'approve' | 'acknowledge' | 'object';
  readonly summary: string;
  readonly description?: string;
  readonly example: readonly [string, string];
}

const sayings: readonly Saying[] = [
  {
    name: 'cancel',
    summary: 'Cancel a deploy that waits or runs.',
    description:
      'What waits is over at once. What runs is told to stop, and puts the old version back; `--watch` of the deploy, or `territory logs ID -f`, shows how.',
    example: ['territory deploy cancel 3f2a91c0d5e6 -m "wrong tag"', 'and say why'],
  },
  {
    name: 'approve',
    summary: 'Approve a deploy, as a gatekeeper who did not ask for it.',
    description: 'It counts for the artefact that is approved: a changed one asks again.',
    example: ['territory deploy approve 3f2a91c0d5e6', 'by the id that `territory queue` shows'],
  },
  {
    name: 'acknowledge',
    summary: 'Say that your commits may go out with a deploy; takes an objection back.',
    description: 'A gatekeeper says so for all who are silent.',
    example: ['territory deploy acknowledge 3f2a91c0d5e6', 'your work is fine'],
  },
  {
    name: 'object',
    summary: 'Say that a deploy must not go out with your commits, and why.',
    example: ['territory deploy object 3f2a91c0d5e6 -m "the flag is not off yet"', 'it waits then'],
  },
];

/** Adds `territory deploy cancel|approve|acknowledge|object|show`. */
export function addSayings(parent: Command, context: Context): void {
  for (const saying of sayings) addSaying(parent, context, saying);
  const command = declare(parent, context, {
    usage: 'show <id>',
    summary: 'Show how a deploy stands: its gates, stages, smoke test and way back.',
    description: 'Ends with 2 when it was refused, 3 when it failed, 4 when it is lost.',
    examples: [
      ['territory deploy show 3f2a', 'the start of an id is enough where it is the only one'],
    ],
  });
  command.option('--json', 'print the deploy as one JSON document');
  addConnectionOptions(command).action(async (start: string, options: DeployOptions) => {
    const asking = { options, context };
    const id = await wholeId(start, asking);
    const deploy = await ask(Deploy, { method: 'GET', path: pathOf(id) }, asking);
    context.finish(exitCodeFor(deploy));
    const text = options.json === true ? JSON.stringify(deploy) : deployLines(deploy).join('\n');
    await context.terminal.print(`${text}\n`);
  });
}

function addSaying(
  parent: Command,
  context: Context,
  { name, summary, description, example }: Saying,
): void {
  const command = declare(parent, context, {
    usage: `${name} <id>`,
    summary,
    ...(description !== undefined && { description }),
    examples: [example],
  });
  const words = '-m, --message <TEXT>';
  if (name === 'object') command.requiredOption(words, 'why; others will read it');
  else command.option(words, 'what others will read');
  command.option('--json', 'print the deploy as one JSON document');
  addConnectionOptions(command).action(async (start: string, options: Options) => {
    const asking = { options, context };
    const { message } = options;
    const id = await wholeId(start, asking);
    const json = message === undefined ? {} : { text: message };
    const request = { method: 'POST', path: pathOf(id, `/${name}`), json } as const;
    const deploy = await ask(Deploy, request, asking);
    const text = options.json === true ? JSON.stringify(deploy) : stateLine(deploy);
    await context.terminal.print(`${text}\n`);
  });
}
