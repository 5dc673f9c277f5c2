import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { Thread } from '../../server/api/contract-thread.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { matchLines, threadLines } from '../thread-view.ts';
import { printable } from '../words.ts';

type Options = ConnectionOptions & {
  readonly json?: boolean;
  readonly up?: boolean;
  readonly down?: boolean;
};

/** Adds `territory follow`. */
export function addFollow(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'follow <id>',
    summary:
      'Follow a commit to its deployments and incidents, or an incident back to its commits.',
    description:
      'Takes a commit (seven characters or more), a tag, a change or ticket (shop#12), the id of a run, deployment, incident, card or case, an artefact, or the address of one of them. Prints what led to it and what came of it, with the fact that says so (its place in the log).',
    examples: [
      ['territory follow 3f2a91c', 'is this commit live, and did it break anything'],
      ['territory follow INC-42 --up', 'what may be behind an incident'],
      ['territory follow v1.4.2 --down', 'where a tag went'],
      ['territory follow facts-1234', 'the thread of one event'],
      ["territory follow shop#12 --json | jq '.things[].key'", 'for scripts'],
    ],
  });
  command
    .option('--up', 'only what led to it')
    .option('--down', 'only what came of it')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (id: string, options: Options) => {
    const { up = false, down = false, json = false } = options;
    const direction = up === down ? 'both' : up ? 'up' : 'down';
    const query = new URLSearchParams({ of: id, direction });
    const path = `api/v1/thread?${query.toString()}`;
    const answer = await call(connect(options, context), { method: 'GET', path });
    if (!Value.Check(Thread, answer)) throw cliErrors('ANSWER', 'the answer is no thread');
    if (json) await context.terminal.print(`${JSON.stringify(answer)}\n`);
    if (answer.matches.length > 1)
      throw cliErrors(
        'USAGE',
        `"${printable(id)}" may mean ${answer.matches.length} things; ask for one of them:\n` +
          matchLines(answer)
            .map((line) => `       ${line}`)
            .join('\n'),
      );
    if (json) return;
    const lines = threadLines(answer, context.terminal.style);
    await context.terminal.print(`${lines.join('\n')}\n`);
  });
}
