import type { Command } from 'commander';
import { parseScope } from '../../rooms/gates/scope.ts';
import { Freeze, Freezes } from '../../server/api/contract-gates.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { type GatesOptions, aheadIn, ask, pick } from '../gates/asking.ts';
import { printable, showTime } from '../words.ts';

interface FreezeOptions extends GatesOptions {
  readonly message: string;
  readonly from?: string;
  readonly until?: string;
}

/** Adds `territory freeze` and `territory unfreeze`. */
export function addFreeze(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'freeze <scope>',
    summary: 'Let nothing out for a while.',
    description:
      'SCOPE is an environment, APP@ENVIRONMENT, APP@all or all. It takes a gatekeeper. ' +
      'A freeze holds for deploys that ask the gates; `territory gates` says when others went out all the same.',
    examples: [
      [
        'territory freeze production --from 2026-12-23 --until 2027-01-02 -m "Christmas"',
        'for some days',
      ],
      ['territory freeze all -m "incident 17"', 'from now until it is ended'],
    ],
  });
  command
    .requiredOption('-m, --message <TEXT>', 'why; others will read it')
    .option('--from <TIME>', 'later than now: 2h (from now), RFC 3339, or a date (midnight UTC)')
    .option('--until <TIME>', 'its end, written in the same ways (default: until it is ended)')
    .option('--json', 'print the freeze as one JSON document');
  addConnectionOptions(command).action(async (scope: string, options: FreezeOptions) => {
    const now = context.now();
    const times = {
      ...aheadIn({ ...options }, 'from', now),
      ...aheadIn({ ...options }, 'until', now),
    };
    const json = { ...parseScope(scope), reason: options.message, ...times };
    const request = { method: 'POST', path: 'freezes', json } as const;
    const freeze = await ask(Freeze, request, { options, context });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(freeze)}\n`);
    const end = freeze.until === null ? 'until it is ended' : `until ${showTime(freeze.until)}`;
    context.terminal.say(
      `${printable(freeze.scope)} is frozen from ${showTime(freeze.from)} ${end}, for deploys that ask: freeze ${freeze.id}`,
    );
  });
  addUnfreeze(program, context);
}

function addUnfreeze(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'unfreeze <scope-or-id>',
    summary: 'End a freeze now.',
    examples: [['territory unfreeze production', 'by its scope, or by the start of its id']],
  });
  command.option('--json', 'print the freeze as one JSON document');
  addConnectionOptions(command).action(async (which: string, options: GatesOptions) => {
    const asking = { options, context };
    const { freezes } = await ask(Freezes, { method: 'GET', path: 'freezes' }, asking);
    const { id, scope } = pick(freezes, which, 'freeze');
    const ended = await ask(Freeze, { method: 'DELETE', path: `freezes/${id}` }, asking);
    if (options.json === true) return context.terminal.print(`${JSON.stringify(ended)}\n`);
    context.terminal.say(`the freeze of ${printable(scope)} has ended`);
  });
}
