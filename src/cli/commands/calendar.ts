import type { Command } from 'commander';
import { Calendar } from '../../server/api/contract-gates.ts';
import { open } from '../api.ts';
import { declare } from '../command.ts';
import { addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { parseTime } from '../duration.ts';
import { type GatesOptions, ask, parseAhead } from '../gates/asking.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';

interface Options extends GatesOptions {
  readonly ics?: boolean;
  readonly from?: string;
  readonly to?: string;
}

/** Adds `territory calendar`. */
export function addCalendar(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'calendar',
    summary: 'Show the calendar of releases: windows, freezes, locks, post-its and deploys.',
    description: 'Nothing is booked in it: it is made of what is declared and of what facts tell.',
    examples: [
      ['territory calendar --from 1d --to 14d', 'from a day ago to a fortnight ahead'],
      ['territory calendar --ics > releases.ics', 'for a calendar program'],
    ],
  });
  command
    .option('--from <TIME>', 'RFC 3339, a date, or a duration ago (default: 7d, with --ics 30d)')
    .option('--to <TIME>', 'RFC 3339, a date, or a duration ahead (default: 28d, with --ics 60d)')
    .option('--ics', 'print iCalendar (RFC 5545)')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: Options) => {
    const query = rangeIn(options, context.now());
    if (options.ics === true) return printIcs(query, options, context);
    const request = { method: 'GET', path: `calendar${query}` } as const;
    const answer = await ask(Calendar, request, { options, context });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
    if (answer.entries.length === 0) return context.terminal.print('nothing in this time\n');
    const heads = ['from', 'to', 'what', 'why'].map((head) => ({ head }));
    const rows = answer.entries.map(({ from, to, title, text }) => [
      showTime(from).slice(0, 16),
      to === undefined ? '' : showTime(to).slice(0, 16),
      printable(title),
      printable(text.replaceAll('\n', ', ')),
    ]);
    await context.terminal.print(textTable(heads, rows, context.terminal.style));
    if (answer.cut > 0) context.terminal.say(`and ${answer.cut} more; ask for a shorter time`);
  });
}

function rangeIn({ from, to }: Options, now: number): string {
  const query = new URLSearchParams();
  if (from !== undefined) query.set('from', String(parseTime(from, '--from', now)));
  if (to !== undefined) query.set('to', String(parseAhead(to, '--to', now)));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

async function printIcs(query: string, options: Options, context: Context): Promise<void> {
  const connection = connect(options, context);
  const signal = AbortSignal.any([AbortSignal.timeout(connection.timeoutMs), context.signal]);
  const path = `api/v1/releases/calendar.ics${query}`;
  const answer = await open(connection, { method: 'GET', path }, signal);
  await context.terminal.print(await answer.text());
}
