import { type Command, InvalidArgumentError, Option } from 'commander';
import { Value } from 'typebox/value';
import { Aggregate, EventsAnswer, type Query, SeriesAnswer } from '../../server/api/contract.ts';
import { call } from '../api.ts';
import { collect, declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { eventLine } from '../event-view.ts';
import { seriesView } from '../series-view.ts';

interface QueryOptions extends ConnectionOptions {
  readonly aggregate?: NonNullable<Query['aggregate']>;
  readonly by?: readonly string[];
  readonly last?: string;
  readonly from?: string;
  readonly to?: string;
  readonly every?: string;
  readonly top?: number;
  readonly ratio?: string;
  readonly compare?: NonNullable<Query['compare']>;
  readonly order?: NonNullable<Query['order']>;
  readonly limit?: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

const whole = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
};

/** Adds `territory query`. */
export function addQuery(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'query [where]',
    summary: 'Ask history: a number, a series over time, or a list of events.',
    description:
      'With --aggregate it computes; without, it lists events. The query language is in ' +
      'docs/reference/where.md. Where there is no data it says so; it never prints 0 for it. ' +
      'Each course is drawn between its own least and greatest value.',
    examples: [
      [
        'territory query \'type = "metric" and name = "cpu.busy"\' --aggregate mean --by host --last 1h --every 1m',
        'a series for each host',
      ],
      [
        'territory query \'name = "http.requests" and label.code =~ "5%"\' --ratio \'name = "http.requests"\' --aggregate count --last 1d',
        'the share of failed requests',
      ],
      [
        'territory query \'name = "checkout.ms"\' --aggregate p95 --last 1h --compare yesterday',
        'against the same hour yesterday',
      ],
      [
        'territory query \'type =~ "dev.cdevents%"\' --last 7d --limit 20',
        'the last twenty facts of the week',
      ],
      ['territory query --aggregate count --last 1h --json | jq .total', 'one number for a script'],
    ],
  });
  const aggregates = Aggregate.enum;
  command
    .addOption(
      new Option('-a, --aggregate <HOW>', 'what to compute over the events').choices(aggregates),
    )
    .option('--by <FIELD>', 'one series for each value (may be repeated, or a,b)', collect)
    .option('--last <DURATION>', 'the time until now, e.g. 15m, 1h, 7d')
    .option('--from <TIME>', 'from this time on: RFC 3339 with an offset, or ms since the epoch')
    .option('--to <TIME>', 'until before this time (default: now)')
    .option('--every <DURATION>', 'width of a bucket')
    .option('--top <N>', 'only the N series with the largest totals', whole)
    .option('--ratio <WHERE>', 'divide by the same aggregate over these events')
    .addOption(
      new Option('--compare <WITH>', 'the same time earlier').choices(['yesterday', 'last-week']),
    )
    .addOption(new Option('--order <ORDER>', 'of a list of events').choices(['newest', 'oldest']))
    .option('--limit <N>', 'how many events to list', whole)
    .option('--cursor <CURSOR>', 'the next page of a list, as the page before printed it')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (where: string | undefined, options: QueryOptions) => {
    await query(where, options, context);
  });
}

async function query(
  where: string | undefined,
  options: QueryOptions,
  context: Context,
): Promise<void> {
  const { terminal } = context;
  const answer = await call(connect(options, context), {
    method: 'POST',
    path: 'api/v1/query',
    json: requestOf(where, options),
  });
  if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
  if (Value.Check(SeriesAnswer, answer)) return terminal.print(seriesView(answer, terminal));
  if (!Value.Check(EventsAnswer, answer))
    throw cliErrors(
      'ANSWER',
      'the answer can not be understood; is the server of another version?',
    );
  const lines = answer.events.map((event) => `${eventLine(event, terminal.style)}\n`);
  await terminal.print(lines.join(''));
  if (lines.length === 0) terminal.say('no events');
  if (answer.next !== undefined) terminal.say(`more with --cursor ${answer.next}`);
}

function requestOf(where: string | undefined, options: QueryOptions): Query {
  const { aggregate, last, from, to, every, top, ratio, compare, order, limit, cursor } = options;
  const by = options.by?.flatMap(splitFields);
  const time = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);
  const all = {
    where,
    aggregate,
    last,
    from: from === undefined ? undefined : time(from),
    to: to === undefined ? undefined : time(to),
    every,
    top,
    ratio,
    compare,
    order,
    limit,
    cursor,
    by,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Query; // only fields of Query; the server checks them
}

/** `a,b` are two fields; a comma within quotes belongs to a name. */
function splitFields(text: string): string[] {
  return (text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []).map((field) => field.trim());
}
