import { type Command, InvalidArgumentError } from 'commander';
import { Reservation, Reservations } from '../../server/api/contract-deploys.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { type DeployOptions, ask, pathOf } from '../deploys/asking.ts';
import { parseAt, zoneOf } from '../deploys/at.ts';
import { cliErrors } from '../errors.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';

interface Options extends DeployOptions {
  readonly app?: string;
  readonly from?: string;
  readonly tz?: string;
  readonly minutes: number;
  readonly reason?: string;
  readonly release?: string;
}

const whole = (text: string): number => {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of minutes.');
};

/** Adds `territory reserve`. */
export function addReserve(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'reserve [environment]',
    summary: 'Keep a time for your deploy: those of others wait; without one, list them.',
    examples: [
      ['territory reserve production --app shop --from "Fri 10:00" --minutes 30', 'half an hour'],
      ['territory reserve', 'what is reserved'],
      ['territory reserve --release 3f2a91c0d5e6', 'give it back; that of another as a gatekeeper'],
    ],
  });
  command
    .option('--app <APP>', 'what you will deploy')
    .option('--from <TIME>', 'when: "Fri 10:00", "tomorrow 10:00", 2h, RFC 3339')
    .option('--tz <ZONE>', 'the zone of --from (default: that of this machine)')
    .option('--minutes <N>', 'for how long, 5 to 480', whole, 30)
    .option('--reason <TEXT>', 'what for; others will read it')
    .option('--release <ID>', 'give a reservation back')
    .option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(
    async (environment: string | undefined, options: Options) => {
      if (options.release !== undefined) return release(options.release, options, context);
      if (environment === undefined) return list(options, context);
      await reserve(environment, options, context);
    },
  );
}

async function reserve(environment: string, options: Options, context: Context): Promise<void> {
  const { app, from, minutes, reason, tz } = options;
  if (app === undefined) throw cliErrors('USAGE', 'say what you will deploy', { field: '--app' });
  if (from === undefined) throw cliErrors('USAGE', 'say when', { field: '--from' });
  const wall = { field: '--from', now: context.now(), zone: zoneOf(tz) };
  const json = {
    app,
    environment,
    minutes,
    from: parseAt(from, wall),
    ...(reason !== undefined && { reason }),
  };
  const request = { method: 'POST', path: '/reservations', json } as const;
  const made = await ask(Reservation, request, { options, context });
  if (options.json === true) return context.terminal.print(`${JSON.stringify(made)}\n`);
  const { id, by, until } = made;
  context.terminal.say(
    `${printable(by)} has ${printable(environment)} from ${showTime(made.from)} until ${showTime(until)}: reservation ${id}`,
  );
}

async function release(id: string, options: Options, context: Context): Promise<void> {
  const request = { method: 'DELETE', path: `/reservations${pathOf(id)}` } as const;
  const { environment } = await ask(Reservation, request, { options, context });
  context.terminal.say(`${printable(environment)} is not reserved by ${id} any more`);
}

async function list(options: Options, context: Context): Promise<void> {
  const request = { method: 'GET', path: '/reservations' } as const;
  const answer = await ask(Reservations, request, { options, context });
  const { terminal } = context;
  if (options.json === true) return terminal.print(`${JSON.stringify(answer)}\n`);
  if (answer.reservations.length === 0) return terminal.print('nothing is reserved\n');
  const heads = ['id', 'environment', 'app', 'from', 'until', 'by', 'why'];
  const rows = answer.reservations.map(({ id, environment, app, from, until, by, reason }) =>
    [id, environment, app, showTime(from), showTime(until), by, reason ?? ''].map(printable),
  );
  await terminal.print(
    textTable(
      heads.map((head) => ({ head })),
      rows,
      terminal.style,
    ),
  );
}
