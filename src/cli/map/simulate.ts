import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { SimulateAnswer } from '../../server/api/contract-map-detail.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { textTable } from '../text-table.ts';
import { printable } from '../words.ts';
import { notUnderstood } from './answers.ts';
import { stateText } from './health-words.ts';

type Options = ConnectionOptions & { readonly json?: boolean; readonly down: readonly string[] };

/** Adds `territory map simulate`. */
export function addMapSimulate(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'simulate',
    summary: 'Say what would be if nodes went down.',
    description: 'From how everything is now, by the same rules: nothing is changed or recorded.',
    examples: [
      ['territory map simulate --down orders-db', 'one database'],
      ['territory map simulate --down web/1 web/2', 'two of a group at once'],
    ],
  });
  command
    .requiredOption('--down <ID...>', 'ids of the nodes')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: Options) => {
    const { terminal } = context;
    const query = new URLSearchParams({ down: options.down.join(',') });
    const path = `api/v1/map/simulate?${query.toString()}`;
    const answer = await call(connect(options, context), { method: 'GET', path });
    if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
    if (!Value.Check(SimulateAnswer, answer)) throw notUnderstood();
    await terminal.print(`${printable(answer.sentence)}\n`);
    if (answer.changes.length === 0) return;
    const { style } = terminal;
    const heads = ['', 'is', 'would be', 'because'].map((head) => ({ head }));
    const rows = answer.changes.map(({ id, from, to, because }) => [
      printable(id),
      stateText(from, style),
      stateText(to, style),
      because
        .slice(1)
        .map((one) => `← ${printable(one)}`)
        .join(' '),
    ]);
    await terminal.print(`\n${textTable(heads, rows, style)}`);
  });
}
