import type { Command } from 'commander';
import { parseScope } from '../../rooms/gates/scope.ts';
import { Window, Windows } from '../../server/api/contract-gates.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { type GatesOptions, ask, pick } from '../gates/asking.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';

interface AddOptions extends GatesOptions {
  readonly zone: string;
  readonly message?: string;
  readonly overrun?: boolean;
}

/** Adds `territory window add|list|remove`. */
export function addWindow(program: Command, context: Context): void {
  const parent = program
    .command('window')
    .summary('Say at which times deploys are wanted, or not.')
    .description(
      'Windows: without any, deploys may go out; with any that allow, only while one of them is open; an open one that denies always wins.',
    );
  addAdd(parent, context);
  addList(parent, context);
  addRemove(parent, context);
}

function addAdd(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'add <allow-or-deny> <scope> <times>',
    summary: 'Add a window.',
    description:
      'TIMES are days and times by the clock on the wall of --zone, or cron and a duration. ' +
      'SCOPE is an environment, APP@ENVIRONMENT, APP@all or all. It takes a gatekeeper.',
    examples: [
      [
        'territory window add allow production "Mon-Thu 09:30-17:00; Fri 09:30-16:00" --zone Europe/London',
        'only in these hours',
      ],
      ['territory window add deny shop@production "0 22 * * * for 8h" --overrun', 'not at night'],
    ],
  });
  command
    .option('--zone <ZONE>', 'time zone of the IANA database', 'UTC')
    .option('-m, --message <TEXT>', 'why; others will read it')
    .option('--overrun', 'a deploy that has begun may go on')
    .option('--json', 'print the window as one JSON document');
  addConnectionOptions(command).action(
    async (kind: string, scope: string, schedule: string, options: AddOptions) => {
      if (kind !== 'allow' && kind !== 'deny')
        throw cliErrors('USAGE', `"${kind}" is neither allow nor deny`);
      const { zone, message, overrun = false } = options;
      const reason = message === undefined ? {} : { reason: message };
      const json = { ...parseScope(scope), kind, schedule, zone, overrun, ...reason };
      const request = { method: 'POST', path: 'windows', json } as const;
      const window = await ask(Window, request, { options, context });
      if (options.json === true) return context.terminal.print(`${JSON.stringify(window)}\n`);
      context.terminal.say(`window ${window.id} is ${standing(window)}`);
    },
  );
}

function addList(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'list',
    summary: 'List windows, and whether they are open now.',
    examples: [['territory window list', 'those that are declared']],
  });
  command.option('--json', 'print the answer of the API as one JSON document');
  addConnectionOptions(command).action(async (options: GatesOptions) => {
    const answer = await ask(Windows, { method: 'GET', path: 'windows' }, { options, context });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(answer)}\n`);
    if (answer.windows.length === 0) return context.terminal.print('no windows\n');
    await context.terminal.print(
      textTable(
        ['id', 'is', 'what', 'of', 'times', 'zone', 'why'].map((head) => ({ head })),
        answer.windows.map((one) => [
          one.id,
          standing(one),
          one.overrun ? `${one.kind}, overrun` : one.kind,
          printable(one.scope),
          printable(one.schedule),
          one.zone,
          printable(one.reason ?? ''),
        ]),
        context.terminal.style,
      ),
    );
  });
}

function standing({ state, changes }: Window): string {
  return changes === null ? state : `${state} until ${showTime(changes)}`;
}

function addRemove(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'remove <id-or-scope>',
    summary: 'Remove a window.',
    examples: [['territory window remove 3f2a', 'the one whose id begins so']],
  });
  command.option('--json', 'print the window as one JSON document');
  addConnectionOptions(command).action(async (which: string, options: GatesOptions) => {
    const asking = { options, context };
    const { windows } = await ask(Windows, { method: 'GET', path: 'windows' }, asking);
    const { id } = pick(windows, which, 'window');
    const removed = await ask(Window, { method: 'DELETE', path: `windows/${id}` }, asking);
    if (options.json === true) return context.terminal.print(`${JSON.stringify(removed)}\n`);
    context.terminal.say(`window ${id} is removed`);
  });
}
