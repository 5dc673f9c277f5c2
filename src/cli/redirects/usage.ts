import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { RedirectUsage } from '../../server/api/contract-redirects.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { notUnderstood } from '../map/answers.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';

interface Options extends ConnectionOptions {
  readonly days: string;
  readonly json?: boolean;
}

/** Adds `territory redirects usage`. */
export function addRedirectsUsage(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'usage <name>',
    summary: 'What real access says of a map: what nobody asked for, and what it lacks.',
    description:
      'By access events that the server keeps. That nobody asked for a row is said only of hosts ' +
      'whose access events have no gap.',
    examples: [
      ['territory redirects usage web --days 90', 'before rows are taken away'],
      ["territory redirects usage web --json | jq -r '.missing[].url'", 'for scripts'],
    ],
  })
    .option('--days <DAYS>', 'the last so many days, 1 to 400', '30')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (name: string, options: Options) => {
    const { days } = options;
    if (!/^[1-9]\d{0,2}$/.test(days) || Number(days) > 400)
      throw cliErrors('USAGE', `"${days}" is no number of days from 1 to 400`, { field: '--days' });
    const path = `api/v1/redirects/${encodeURIComponent(name)}/usage?days=${days}`;
    const answer = await call(connect(options, context), { method: 'GET', path });
    if (!Value.Check(RedirectUsage, answer)) throw notUnderstood();
    const { terminal } = context;
    if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
    await terminal.print(textOf(answer, terminal.style));
  });
}

function textOf(usage: RedirectUsage, style: Context['terminal']['style']): string {
  const { coverage, unused, unusedCount, missing } = usage;
  const gap = coverage.isComplete ? '' : `access was not seen whole: ${coverage.why ?? ''}\n`;
  const count = unusedCount === null ? 'nobody can say' : unusedCount.toLocaleString('en');
  const unusedLines = (unused ?? []).map(({ line, old }) => `  line ${line}  ${printable(old)}\n`);
  const rows = missing.map(({ hits, last, url }) => [
    hits.toLocaleString('en'),
    last === null ? '' : showTime(last),
    printable(url),
  ]);
  const columns = [
    { head: 'Hits', align: 'right' as const },
    { head: 'Last' },
    { head: 'Address' },
  ];
  const lacks = missing.length === 0 ? '  nothing\n' : textTable(columns, rows, style);
  return (
    `${gap}${style('bold', 'Nobody asked for')}: ${count}\n${unusedLines.join('')}` +
    `${style('bold', 'Asked for in vain')}:\n${lacks}`
  );
}
