import type { Command } from 'commander';
import type { Migration } from '../../rooms/releases/artefact/release.ts';
import { type KnownRelease, upOf } from '../../runner/migrations/known.ts';
import type { MigrationText } from '../../runner/migrations/migrator.ts';
import { mayContract, plan } from '../../runner/migrations/plan.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { printable } from '../words.ts';
import { databasesOf, type Ground, type GroundOptions, newestHere, openGround } from './ground.ts';
import { addGroundOptions } from './options.ts';

type Options = GroundOptions & { readonly dryRun?: boolean };

/** Adds `territory migrations contract`. */
export function addMigrationsContract(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'contract <app>',
    summary: 'Take away what no release that runs needs any more.',
    description:
      'Runs the contract migrations of the release that runs here, which a deploy leaves for later. ' +
      'Refused, with 2, while an instance, here or as the server knows, runs a release that may need ' +
      'the old shape, also one that is kept for the way back.',
    examples: [
      ['territory migrations contract shop --in production --dry-run', 'only look'],
      ['territory migrations contract shop --in production', 'run them'],
    ],
  });
  addGroundOptions(command)
    .option('--only-here', 'nothing of it runs on another machine: do not ask the server')
    .option('--dry-run', 'say what would run, or why not')
    .action(async (app: string, options: Options) => {
      const ground = await openGround(app, options, context);
      const known = newestHere(ground);
      if (!known)
        throw cliErrors('INPUT', `no instance of ${app} runs here in ${ground.environment.name}`);
      const wanted = await wantedOf(ground, known, context);
      const may = mayContract(wanted, wanted.length === 0 ? [] : await ground.running());
      if (wanted.length === 0) return context.terminal.say('nothing is left to be taken away');
      if (!may.allowed) {
        context.terminal.say(`refused: ${printable(may.reason)}`);
        return context.finish(exitCodes.badInput);
      }
      for (const { db, id, destructive } of wanted) {
        const loses = destructive.map((one) => `\n  ${printable(one)}`).join('');
        await context.terminal.print(`${printable(db)} ${printable(id)}${loses}\n`); // oxlint-disable-line no-await-in-loop -- in their order
      }
      if (options.dryRun !== true) await runAll(ground, { known, wanted }, context);
    });
}

async function wantedOf(
  ground: Ground,
  known: KnownRelease,
  { signal }: Context,
): Promise<Migration[]> {
  const found = databasesOf(known).map(async (db) => {
    const applied = await ground.migrator(db).applied(signal);
    const own = known.release.migrations.filter((one) => one.db === db);
    const { run, later } = plan(applied, own, 'contract');
    if (later.length > 0 && run.length > 0)
      throw cliErrors(
        'INPUT',
        `${db}: ${later.map(({ id }) => id).join(', ')} (expand) did not run yet; deploy first`,
      );
    return run;
  });
  return (await Promise.all(found)).flat();
}

async function runAll(
  ground: Ground,
  { known, wanted }: { readonly known: KnownRelease; readonly wanted: readonly Migration[] },
  { terminal, signal }: Context,
): Promise<void> {
  const texts = await Promise.all(wanted.map(async (one) => textOf(known, one)));
  const say = (text: string): void => terminal.say(printable(text));
  const { version } = known.release;
  for (const db of new Set(wanted.map((one) => one.db))) {
    const own = texts.filter((one) => one.db === db);
    await ground.migrator(db).run(own, { version, say, signal }); // oxlint-disable-line no-await-in-loop -- one after the other
  }
}

async function textOf(known: KnownRelease, one: Migration): Promise<MigrationText> {
  const text = await upOf(known, one);
  if (text) return text;
  throw cliErrors('INPUT', `${one.db}: ${one.id} has no file in ${known.files}`);
}
