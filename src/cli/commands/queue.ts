import type { Command } from 'commander';
import { Queue } from '../../server/api/contract-deploys.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { type DeployOptions, ask } from '../deploys/asking.ts';
import { queueText } from '../deploys/view.ts';

/** Adds `territory queue`. */
export function addQueue(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'queue',
    summary: 'Show what runs, what comes next, and why it waits.',
    description:
      'One deploy of an application runs in an environment at a time. When one begins follows from how long the last 20 took; without any it is not known.',
    examples: [
      ['territory queue', 'everything'],
      [
        "territory queue --json | jq -r '.environments[].waiting[] | [.id, .app, .position] | @tsv'",
        'for scripts',
      ],
    ],
  });
  command.option('--json', 'print the queue as one JSON document');
  addConnectionOptions(command).action(async (options: DeployOptions) => {
    const { terminal } = context;
    const queue = await ask(Queue, { method: 'GET', path: '/queue' }, { options, context });
    await terminal.print(
      options.json === true ? `${JSON.stringify(queue)}\n` : queueText(queue, terminal.style),
    );
  });
}
