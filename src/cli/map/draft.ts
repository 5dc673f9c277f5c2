import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { MapDraftAnswer } from '../../server/api/contract-map-source.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { plural } from '../words.ts';
import { notUnderstood } from './answers.ts';

type Options = ConnectionOptions & { readonly json?: boolean };

/** Adds `territory map draft`. */
export function addMapDraft(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'draft',
    summary: 'Print a map.yaml made of what was seen.',
    description:
      'Services, the calls between them, databases, repositories, environments and build servers, ' +
      'each with how often it was seen. It is a beginning: what matters to whom is not in it.',
    examples: [
      ['territory map draft > map.yaml', 'the first map'],
      ['territory map draft --json | jq .nodes', 'how many nodes it would have'],
    ],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: Options) => {
    const { terminal } = context;
    const path = 'api/v1/map/draft';
    const answer = await call(connect(options, context), { method: 'GET', path });
    if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
    if (!Value.Check(MapDraftAnswer, answer)) throw notUnderstood();
    await terminal.print(answer.text);
    terminal.say(`${plural(answer.nodes, 'node')}, ${plural(answer.edges, 'edge')}`);
  });
}
