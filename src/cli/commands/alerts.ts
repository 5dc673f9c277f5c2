import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { fieldName, fieldOf } from '../../event/where/field.ts';
import { quote } from '../../event/where/text.ts';
import { Alert, Alerts, Silence } from '../../server/api/contract-alerts.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import {
  type Connection,
  type ConnectionOptions,
  addConnectionOptions,
  connect,
} from '../connection.ts';
import type { Context } from '../context.ts';
import { parseDuration, parseTime } from '../duration.ts';
import { cliErrors } from '../errors.ts';
import { textTable } from '../text-table.ts';
import { plural, printable, showNumber, showTime } from '../words.ts';

type Options = ConnectionOptions & { readonly json?: boolean };

/** Adds `territory alerts list|show|ack|silence`. */
export function addAlerts(program: Command, context: Context): void {
  const parent = program
    .command('alerts')
    .summary('See alerts, take them on, silence them.')
    .description('See what rules have found, take it on, and keep it from being told for a while.');
  addList(parent, context);
  addShow(parent, context);
  addAcknowledge(parent, context);
  addSilence(parent, context);
}

function addList(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'list [where]',
    summary: 'List open alerts, the worst first.',
    examples: [
      ['territory alerts list', 'everything that is open'],
      ['territory alerts list \'service = "shop" and severity = "critical"\'', 'some of it'],
      ['territory alerts list --all --json | jq ".alerts[].title"', 'the resolved ones as well'],
    ],
  });
  command
    .option('--all', 'also those that were resolved')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(
    async (where: string | undefined, options: Options & { readonly all?: boolean }) => {
      const query = new URLSearchParams({ state: options.all === true ? 'all' : 'open' });
      if (where !== undefined) query.set('where', where);
      const path = `api/v1/alerts?${query.toString()}`;
      const answer = await call(connect(options, context), { method: 'GET', path });
      if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
      if (!Value.Check(Alerts, answer))
        throw cliErrors('ANSWER', 'the answer is no list of alerts');
      const heads = ['id', 'is', 'what', 'since', 'times', 'taken on by'].map((head) => ({ head }));
      const { alerts, matched } = answer;
      if (matched === 0) return context.terminal.print('no alerts\n');
      await context.terminal.print(textTable(heads, alerts.map(rowOf), context.terminal.style));
      if (matched > alerts.length) context.terminal.say(`and ${matched - alerts.length} more`);
    },
  );
}

function rowOf(alert: Alert): string[] {
  return [
    alert.id,
    statusOf(alert),
    printable(alert.title),
    showTime(alert.since),
    String(alert.count),
    printable(alert.acknowledged?.by ?? ''),
  ];
}

/** In words: `critical, silenced`. */
function statusOf(alert: Alert): string {
  if (alert.state === 'resolved') return 'resolved';
  return [
    alert.severity,
    ...(alert.flapping ? ['flapping'] : []),
    ...(alert.silencedBy.length > 0 ? ['silenced'] : []),
    ...(alert.inhibitedBy === undefined ? [] : ['inhibited']),
  ].join(', ');
}

function addShow(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'show <id>',
    summary: 'Show one alert with its evidence.',
    examples: [['territory alerts show 3f2a', 'the one whose id begins so']],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (id: string, options: Options) => {
    const connection = connect(options, context);
    const alert = await find(connection, id);
    if (options.json === true) return context.terminal.print(`${JSON.stringify(alert)}\n`);
    await context.terminal.print(`${linesOf(alert).join('\n')}\n`);
  });
}

function linesOf(alert: Alert): string[] {
  const { resolvedAt, acknowledged, suspects = [], service, host, environment } = alert;
  const place = [service, host, environment].filter((one) => one !== undefined).join(' ');
  const lines: (readonly [string, string | undefined])[] = [
    ['alert', alert.id],
    ['is', `${statusOf(alert)}, for the ${ordinal(alert.episode)} time`],
    ['what', alert.title],
    ['rule', alert.rule],
    ['where', place === '' ? undefined : place],
    ['since', showTime(alert.since)],
    ['resolved', resolvedAt === undefined ? undefined : showTime(resolvedAt)],
    [
      'value',
      alert.value === undefined ? undefined : `${alert.name ?? ''} ${showNumber(alert.value)}`,
    ],
    [
      'taken on',
      acknowledged && `${acknowledged.by}, ${showTime(acknowledged.at)} ${acknowledged.note ?? ''}`,
    ],
    ['runbook', alert.runbook],
    ...suspects.map(
      ({ what, because }) => ['before it', `${what} (${because.join(', ')})`] as const,
    ),
  ];
  return lines.flatMap(([head, text]) =>
    text === undefined ? [] : [`${head.padEnd(10)}${printable(text.trim())}`],
  );
}

function ordinal(n: number): string {
  const special = n % 100 > 10 && n % 100 < 14;
  return `${n}${(special ? undefined : ['st', 'nd', 'rd'][(n % 10) - 1]) ?? 'th'}`;
}

function addAcknowledge(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'ack <id>',
    summary: 'Take an alert on: it is not told again while it stays as bad.',
    examples: [['territory alerts ack 3f2a --note "restarting it"', 'with a note for the others']],
  });
  command
    .option('--note <TEXT>', 'what you are doing')
    .option('--undo', 'take it back')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(
    async (id: string, options: Options & { readonly note?: string; readonly undo?: boolean }) => {
      const connection = connect(options, context);
      const alert = await find(connection, id);
      const what = options.undo === true ? 'unacknowledge' : 'acknowledge';
      const { note } = options;
      const answer = await call(connection, {
        method: 'POST',
        path: `api/v1/alerts/${alert.id}/${what}`,
        json: note === undefined ? {} : { note },
      });
      if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
      context.terminal.say(`${what}d: ${printable(alert.title)}`);
    },
  );
}

interface SilenceOptions extends Options {
  readonly reason: string;
  readonly for: string;
  readonly starts?: string;
}

function addSilence(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'silence <where-or-id>',
    summary: 'Tell nobody of the alerts that match, for a while and a reason.',
    examples: [
      [
        'territory alerts silence \'host = "db-1"\' --for 2h --reason "new disks"',
        'everything of one host',
      ],
      ['territory alerts silence 3f2a --for 30m --reason "known, fix is on its way"', 'one alert'],
    ],
  });
  command
    .requiredOption('--reason <TEXT>', 'why; others will read it')
    .requiredOption('--for <DURATION>', 'how long from its start: 30m, 2h, 7d')
    .option('--starts <TIME>', 'later than now: RFC 3339, or ms since the epoch')
    .option('--json', 'print the silence as one JSON document');
  addConnectionOptions(command).action(async (which: string, options: SilenceOptions) => {
    const connection = connect(options, context);
    const now = context.now();
    const starts = options.starts === undefined ? now : parseTime(options.starts, '--starts', now);
    const where = looksLikeId(which) ? await whereOf(connection, which) : which;
    const answer = await call(connection, {
      method: 'POST',
      path: 'api/v1/silences',
      json: {
        where,
        reason: options.reason,
        ends: starts + parseDuration(options.for, '--for'),
        ...(options.starts === undefined ? {} : { starts }),
      },
    });
    if (!Value.Check(Silence, answer)) throw cliErrors('ANSWER', 'the answer is no silence');
    if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
    const { id, matches, ends } = answer;
    context.terminal.say(
      `silence ${id} until ${showTime(ends)}: ${plural(matches, 'open alert')} now`,
    );
  });
}

/** The alert whose id begins so. */
async function find(connection: Connection, start: string): Promise<Alert> {
  if (/^[0-9a-f]{20}$/.test(start)) {
    const answer = await call(connection, { method: 'GET', path: `api/v1/alerts/${start}` });
    if (Value.Check(Alert, answer)) return answer;
    throw cliErrors('ANSWER', 'the answer is no alert');
  }
  const path = 'api/v1/alerts?state=all&limit=1000';
  const answer = await call(connection, { method: 'GET', path });
  if (!Value.Check(Alerts, answer)) throw cliErrors('ANSWER', 'the answer is no list of alerts');
  const [found, another] = answer.alerts.filter(({ id }) => id.startsWith(start));
  if (found === undefined || another !== undefined) {
    const what = found === undefined ? 'there is no alert' : 'there are several alerts';
    throw cliErrors('USAGE', `${what} ${start}…; \`territory alerts list --all\` shows them`);
  }
  return found;
}

function looksLikeId(text: string): boolean {
  return /^[0-9a-f]{4,20}$/.test(text);
}

/** Selects one alert by its rule and key. */
async function whereOf(connection: Connection, id: string): Promise<string> {
  const { rule, key } = await find(connection, id);
  const parts = Object.entries(key).map(
    ([name, value]) => `${fieldName(fieldOf(name))} = ${quote(value)}`,
  );
  return [`rule = ${quote(rule)}`, ...parts].join(' and ');
}
