import type { Command } from 'commander';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import {
  type IntakeView,
  IntakesAnswer,
  type SenderView,
  SendersAnswer,
} from '../../server/api/contract-intakes.ts';
import { call } from '../api.ts';
import { declare } from '../command.ts';
import { type ConnectionOptions, addConnectionOptions, connect } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { type Column, textTable } from '../text-table.ts';
import { printable, showNumber, showTime } from '../words.ts';

type Options = ConnectionOptions & { readonly json?: boolean };

/** Adds `territory sources senders|intakes`. */
export function addSources(program: Command, context: Context): void {
  const parent = program
    .command('sources')
    .summary('See who sends, and every way in.')
    .description(
      'See who sends events, how much, what was refused, and where each protocol listens.',
    );
  addSenders(parent, context);
  addIntakes(parent, context);
}

function addSenders(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'senders [intake]',
    summary: 'List who has sent something, the last heard first.',
    examples: [
      ['territory sources senders', 'everybody'],
      ['territory sources senders statsd', 'those of one way in'],
      ["territory sources senders --json | jq '.senders[] | select(.silent)'", 'the silent ones'],
    ],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (intake: string | undefined, options: Options) => {
    const query = intake === undefined ? '' : `?${new URLSearchParams({ intake }).toString()}`;
    const answer = await ask(`api/v1/senders${query}`, SendersAnswer, { options, context });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
    const { senders } = answer;
    if (senders.length === 0) return context.terminal.print('nobody has sent anything yet\n');
    await context.terminal.print(
      textTable(senderHeads, senders.map(senderRow), context.terminal.style),
    );
    for (const { intake: by, sender, problem } of senders)
      if (problem)
        context.terminal.say(`! ${by} ${printable(sender)}: ${printable(problem.message)}`);
  });
}

function addIntakes(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'intakes',
    summary: 'List every way in, where it listens and what it has taken.',
    examples: [
      ['territory sources intakes', 'all of them'],
      [
        `territory sources intakes --json | jq -r '.[] | select(.name == "statsd").port'`,
        'the port of one',
      ],
    ],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: Options) => {
    const answer = await ask('api/v1/intakes', IntakesAnswer, { options, context });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
    await context.terminal.print(
      textTable(intakeHeads, answer.map(intakeRow), context.terminal.style),
    );
    for (const { name, problem } of answer)
      if (problem !== undefined) context.terminal.say(`! ${name}: ${printable(problem)}`);
  });
}

async function ask<T extends TSchema>(
  path: string,
  schema: T,
  { options, context }: { readonly options: Options; readonly context: Context },
): Promise<Static<T>> {
  const answer = await call(connect(options, context), { method: 'GET', path });
  if (Value.Check(schema, answer)) return answer;
  throw cliErrors('ANSWER', 'the answer can not be understood; is the server of another version?');
}

const right = { align: 'right' } as const;

const senderHeads: readonly Column[] = [
  { head: 'way in' },
  { head: 'sender' },
  { head: 'is' },
  { head: 'events/s', ...right },
  { head: 'accepted', ...right },
  { head: 'refused', ...right },
  { head: 'last' },
];

function senderRow(one: SenderView): string[] {
  return [
    one.intake,
    printable(one.sender),
    one.silent ? 'silent' : one.rate > 0 ? 'sending' : 'quiet',
    showNumber(one.rate),
    showNumber(one.accepted),
    showNumber(one.refused),
    showTime(one.last),
  ];
}

const intakeHeads: readonly Column[] = [
  { head: 'way in' },
  { head: 'is' },
  { head: 'where' },
  { head: 'accepted', ...right },
  { head: 'refused', ...right },
  { head: 'last' },
];

function intakeRow(one: IntakeView): string[] {
  const { name, state, accepted, refused, lastSeen } = one;
  return [
    name,
    state,
    state === 'off' ? '' : placeOf(one),
    showNumber(accepted),
    showNumber(refused),
    lastSeen === null ? 'nothing yet' : showTime(lastSeen),
  ];
}

function placeOf({ kind, transports, address, port, path = '' }: IntakeView): string {
  if (kind === 'poller') return printable(address);
  const at = `${address}${port === null ? '' : `:${port}`}`;
  return kind === 'http' ? `${at}${path}` : `${transports.join(', ')} ${at} ${path}`.trimEnd();
}
