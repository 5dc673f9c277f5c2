import { type Command, InvalidArgumentError } from 'commander';
import { Deploy, type NewDeploy, Plan } from '../../server/api/contract-deploys.ts';
import { declare } from '../command.ts';
import { addConnectionOptions } from '../connection.ts';
import type { Context } from '../context.ts';
import { type DeployOptions, ask, unlessRefused } from '../deploys/asking.ts';
import { parseAt, zoneOf } from '../deploys/at.ts';
import { addReports } from '../deploys/report.ts';
import { addSayings } from '../deploys/sayings.ts';
import { deployLines, planLines } from '../deploys/view.ts';
import { watch } from '../deploys/watch.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';

interface Options extends DeployOptions {
  readonly to?: string;
  readonly watch?: boolean;
  readonly dryRun?: boolean;
  readonly at?: string;
  readonly tz?: string;
  readonly wait?: boolean;
  readonly reason?: string;
  readonly breakGlass?: string;
}

const shortestReason = 10;

/** Adds `territory deploy APP VERSION` and what is below it. */
export function addDeploy(program: Command, context: Context): void {
  const command = declare(program, context, {
    usage: 'deploy [app] [version]',
    summary: 'Deploy a release, or report what your own pipeline deploys.',
    description:
      'Asks the server for a deploy; a runner of the environment carries it out. ' +
      'Ends with 0 when it is asked for, or with --watch when it succeeded; 2 when a rule refuses, which is printed with what lifts it; ' +
      '3 when it failed, was rolled back or cancelled; 4 when nobody knows how it ended. ' +
      'Ctrl-C stops watching, not the deploy.',
    examples: [
      ['territory deploy shop release_412 --to staging --watch', 'and see it through'],
      ['territory deploy shop release_412 --to production --dry-run', 'what would happen'],
      [
        'territory deploy shop release_412 --to production --at "Fri 10:00" --tz Europe/London --wait',
        'later, and not before the windows are open',
      ],
      [
        'territory deploy started shop 1.4.2 --to production',
        'your own pipeline deploys: report it',
      ],
    ],
  });
  // Flags behind the name of a subcommand are its own.
  command
    .enablePositionalOptions()
    .option('--to <ENVIRONMENT>', 'where it is to go')
    .option('--watch', 'show stages and log until it ended')
    .option('--dry-run', 'print the plan, the gates and the way back; nothing is done')
    .option('--at <TIME>', 'not before: "Fri 10:00", "tomorrow 10:00", 2h, RFC 3339')
    .option('--tz <ZONE>', 'the zone of --at (default: that of this machine)')
    .option('--wait', 'wait for windows, freezes, locks and post-its to end')
    .option('--reason <TEXT>', 'why; it stands on the deploy')
    .option(
      '--break-glass <REASON>',
      'go through the gates, for gatekeepers: why, in 10 characters or more; it is shown',
      glass,
    )
    .option('--json', 'print the deploy, or the plan, as one JSON document');
  addConnectionOptions(command).action(
    async (app: string | undefined, version: string | undefined, options: Options) => {
      const wanted = wantedOf({ app, version }, options, context);
      if (options.dryRun === true) return plan(wanted, options, context);
      await requestDeploy({ path: '', json: wanted }, options, context);
    },
  );
  addSayings(command, context);
  addReports(command, context);
}

function glass(text: string): string {
  if (text.trim().length >= shortestReason) return text;
  throw new InvalidArgumentError(`Say why, in ${shortestReason} characters or more.`);
}

function wantedOf(
  { app, version }: { readonly app: string | undefined; readonly version: string | undefined },
  options: Options,
  context: Context,
): NewDeploy {
  const { to, wait, reason, breakGlass, at, tz } = options;
  if (app === undefined || version === undefined)
    throw cliErrors('USAGE', 'say what: territory deploy APP VERSION --to ENVIRONMENT');
  if (to === undefined) throw cliErrors('USAGE', 'say where it is to go', { field: '--to' });
  if (at === undefined && tz !== undefined)
    throw cliErrors('USAGE', 'is the zone of --at, which is missing', { field: '--tz' });
  const wall = { field: '--at', now: context.now(), zone: zoneOf(tz) };
  return {
    app,
    version,
    environment: to,
    ...(at !== undefined && { at: parseAt(at, wall) }),
    ...(wait === true && { wait }),
    ...(reason !== undefined && { reason }),
    ...(breakGlass !== undefined && { breakGlass }),
  };
}

async function plan(json: NewDeploy, options: Options, context: Context): Promise<void> {
  const asking = { options, context };
  const answer = await ask(Plan, { method: 'POST', path: '/plan', json }, asking);
  if (answer.may === 'refused') context.finish(exitCodes.badInput);
  const text = options.json === true ? JSON.stringify(answer) : planLines(answer).join('\n');
  await context.terminal.print(`${text}\n`);
}

/** Asks for a deploy, a rollback or a rehearsal, and watches it when that is wanted. */
export async function requestDeploy(
  { path, json }: { readonly path: string; readonly json: unknown },
  options: DeployOptions & { readonly watch?: boolean },
  context: Context,
): Promise<void> {
  const asking = { options, context };
  const deploy = await unlessRefused(
    () => ask(Deploy, { method: 'POST', path, json }, asking),
    asking,
  );
  if (!deploy) return;
  if (options.watch === true) {
    context.terminal.detail(`deploy ${deploy.id} is asked for`);
    return watch(deploy.id, asking);
  }
  if (options.json === true) return context.terminal.print(`${JSON.stringify(deploy)}\n`);
  await context.terminal.print(`${deployLines(deploy).join('\n')}\n`);
}
