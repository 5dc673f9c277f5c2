import type { Command } from 'commander';
import {
  Blocks,
  Freezes,
  type GateRefusal,
  GatesVerdict,
  Locks,
  Windows,
} from '../../server/api/contract-gates.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { type GatesOptions, ask } from '../gates/asking.ts';
import { textTable } from '../text-table.ts';
import { parseTime } from '../duration.ts';
import { printable, showTime } from '../words.ts';

interface Options extends GatesOptions {
  readonly to?: string;
  readonly by?: string;
  readonly started?: string;
  readonly record?: boolean;
  readonly id?: string;
}

/** Adds `territory gates`. */
export function addGates(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'gates [app] [version]',
    summary: 'Ask whether a deploy may go out now; without one, list what stands in the way.',
    description:
      'Ends with 0 when it may, and with 2 when a rule refuses: each is printed with its reason, its end, and what would lift it. ' +
      'Asking stops nobody: a pipeline asks before it deploys, and heeds the answer.',
    examples: [
      ['territory gates shop 1.4.2 --to production && ./deploy.sh', 'deploy only if it may go out'],
      [
        'territory gates shop 1.4.2 --to production --record --id "$CI_PIPELINE_ID"',
        'a refusal becomes a fact about the deploy',
      ],
      ['territory gates', 'locks, freezes, post-its and windows'],
    ],
  });
  command
    .option('--to <ENVIRONMENT>', 'the environment')
    .option('--by <NAME>', 'who deploys: the holder of a lock may (default: you)')
    .option('--started <TIME>', 'when it began, for a deploy that wants to go on')
    .option('--record', 'write a refusal down as a fact about the deploy')
    .option('--id <ID>', 'with --record: names the deploy in all that is told of it')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(
    async (app: string | undefined, version: string | undefined, options: Options) => {
      if (app === undefined) return list(options, context);
      if (options.to === undefined)
        throw cliErrors('USAGE', 'say where it is to go', { field: '--to' });
      const verdict = await verdictOf({ app, version, environment: options.to }, options, context);
      if (!verdict.may) context.finish(exitCodes.badInput);
      if (options.json === true) return context.terminal.print(`${JSON.stringify(verdict)}\n`);
      await context.terminal.print(`${linesOf(verdict).map(printable).join('\n')}\n`);
    },
  );
}

interface Deploy {
  readonly app: string;
  readonly version: string | undefined;
  readonly environment: string;
}

async function verdictOf(
  { app, version, environment }: Deploy,
  options: Options,
  context: Context,
): Promise<GatesVerdict> {
  const { by, started, record, id } = options;
  const asked = {
    app,
    environment,
    ...(version !== undefined && { version }),
    ...(by !== undefined && { actor: by }),
    ...(started !== undefined && {
      started: String(parseTime(started, '--started', context.now())),
    }),
  };
  if (record !== true) {
    const path = `gates?${new URLSearchParams(asked).toString()}`;
    return ask(GatesVerdict, { method: 'GET', path }, { options, context });
  }
  const json = { ...asked, ...(id !== undefined && { deployment: id }) };
  return ask(GatesVerdict, { method: 'POST', path: 'gates', json }, { options, context });
}

function linesOf({ may, app, version, environment, ...verdict }: GatesVerdict): string[] {
  const what = `${app}${version === null ? '' : ` ${version}`}`;
  const { refusals, warnings, from, token } = verdict;
  return [
    `${what} may ${may ? '' : 'not '}go to ${environment} now`,
    ...refusals.flatMap((one) => refusalLines(one, `refused by ${one.rule}`)),
    ...warnings.flatMap((one) => refusalLines(one, 'warning')),
    ...(may || from === null ? [] : [`it may from ${showTime(from)}, if nothing changes`]),
    ...(token === null ? [] : [`you hold the lock, token ${token}`]),
  ];
}

function refusalLines({ reason, until, lifts }: GateRefusal, head: string): string[] {
  return [
    `${head}: ${reason}`,
    `  until ${until === null ? 'somebody ends it' : showTime(until)}`,
    `  lifted by ${lifts}`,
  ];
}

async function list(options: Options, context: Context): Promise<void> {
  const asking = { options, context };
  const [{ locks }, { freezes }, { blocks }, { windows }] = await Promise.all([
    ask(Locks, { method: 'GET', path: 'locks' }, asking),
    ask(Freezes, { method: 'GET', path: 'freezes' }, asking),
    ask(Blocks, { method: 'GET', path: 'blocks' }, asking),
    ask(Windows, { method: 'GET', path: 'windows' }, asking),
  ]);
  if (options.json === true)
    return context.terminal.print(`${JSON.stringify({ windows, freezes, locks, blocks })}\n`);
  const end = (until: number | null): string => (until === null ? '' : showTime(until));
  const rows = [
    ...windows.map((one) => {
      const why = [`${one.schedule} (${one.zone})`, one.reason ?? ''].join(' ').trim();
      return [`${one.kind} window`, one, one.state, end(one.changes), why] as const;
    }),
    ...freezes.map((one) => {
      const state = one.enforced === 'broken' ? `${one.state}, and broken` : one.state;
      return ['freeze', one, state, end(one.until), one.reason] as const;
    }),
    ...locks.map((one) => {
      return [
        one.warning ? 'warning' : 'lock',
        one,
        one.state,
        end(one.until),
        one.reason,
      ] as const;
    }),
    ...blocks.map((one) => {
      const why = `${one.reason}${one.safe === null ? '' : `; safe: ${one.safe}`}`;
      return ['post-it', one, one.state, end(one.until), why] as const;
    }),
  ];
  if (rows.length === 0) return context.terminal.print('nothing stands in the way\n');
  const heads = ['id', 'what', 'of', 'is', 'until', 'by', 'why'].map((head) => ({ head }));
  const cells = rows.map(([kind, { id, scope, by }, state, until, why]) => {
    return [id, kind, printable(scope), state, until, printable(by), printable(why)];
  });
  await context.terminal.print(textTable(heads, cells, context.terminal.style));
  for (const { scope, passed } of freezes)
    for (const { app, environment, version, time } of passed) {
      const what = `${app} ${version ?? ''} to ${environment}`;
      context.terminal.say(
        `! ${printable(what)} went out at ${showTime(time)} while ${printable(scope)} was frozen`,
      );
    }
}
