import type { Command } from 'commander';
import { parseScope } from '../../rooms/gates/scope.ts';
import { Lock, Locks } from '../../server/api/contract-gates.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { parseDuration } from '../duration.ts';
import { type GatesOptions, ask, pick } from '../gates/asking.ts';
import { printable, showTime } from '../words.ts';

interface LockOptions extends GatesOptions {
  readonly message: string;
  readonly for: string;
  readonly warning?: boolean;
}

/** Adds `territory lock` and `territory unlock`. */
export function addLock(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'lock [scope]',
    summary: 'Keep others from deploying for a while.',
    description:
      'SCOPE is an environment, APP@ENVIRONMENT, APP@all or all (the default). A lock runs out by itself; ' +
      'given again by who holds it, it is held for longer. Who holds it may deploy.',
    examples: [
      ['territory lock production -m "moving the database" --for 2h', 'one environment'],
      ['territory lock shop@production -m "watching 1.4.2" --warning', 'said, and stops nobody'],
    ],
  });
  command
    .requiredOption('-m, --message <TEXT>', 'why; others will read it')
    .option('--for <DURATION>', 'how long: 30m, 2h; 7d at most', '1h')
    .option('--warning', 'tell who asks, and stop nobody')
    .option('--json', 'print the lock as one JSON document');
  addConnectionOptions(command).action(async (scope = 'all', options: LockOptions) => {
    const { message, warning = false } = options;
    const until = context.now() + parseDuration(options.for, '--for');
    const json = { ...parseScope(String(scope)), reason: message, until, warning };
    const lock = await ask(Lock, { method: 'POST', path: 'locks', json }, { options, context });
    if (options.json === true) return context.terminal.print(`${JSON.stringify(lock)}\n`);
    const { id, by, token } = lock;
    context.terminal.say(
      `${printable(by)} holds ${printable(lock.scope)} until ${showTime(lock.until)}: lock ${id}, token ${token}`,
    );
  });
  addUnlock(program, context);
}

function addUnlock(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'unlock [scope-or-id]',
    summary: 'Release a lock: your own, or as a gatekeeper that of another.',
    examples: [
      ['territory unlock production', 'by its scope'],
      ['territory unlock 3f2a', 'the one whose id begins so'],
    ],
  });
  command.option('--json', 'print the lock as one JSON document');
  addConnectionOptions(command).action(async (which = 'all', options: GatesOptions) => {
    const asking = { options, context };
    const { locks } = await ask(Locks, { method: 'GET', path: 'locks' }, asking);
    const { id, scope } = pick(locks, String(which), 'lock');
    const released = await ask(Lock, { method: 'DELETE', path: `locks/${id}` }, asking);
    if (options.json === true) return context.terminal.print(`${JSON.stringify(released)}\n`);
    context.terminal.say(`${printable(scope)} is not locked any more`);
  });
}
