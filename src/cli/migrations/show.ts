import type { Command } from 'commander';
import { drift, plan } from '../../runner/migrations/plan.ts';
import { declare } from '../command.ts';
import type { Context } from '../context.ts';
import { textTable } from '../text-table.ts';
import { printable, showTime } from '../words.ts';
import { databasesOf, type Ground, type GroundOptions, newestHere, openGround } from './ground.ts';
import { addGroundOptions } from './options.ts';

/** Adds `territory migrations show`. */
export function addMigrationsShow(parent: Command, context: Context): void {
  const command = declare(parent, context, {
    usage: 'show <app>',
    summary: 'Show what ran on the databases of an application, and what is left.',
    description:
      'Reads the databases that runner.yaml names, on the machine of a runner, and compares them ' +
      'with the release that runs there. Ends with 1 when they differ (drift).',
    examples: [['territory migrations show shop --in production', 'in the folder of runner.yaml']],
  });
  addGroundOptions(command)
    .option('--json', 'print it as one JSON document')
    .action(async (app: string, options: GroundOptions & { readonly json?: boolean }) => {
      const { terminal, finish } = context;
      const ground = await openGround(app, options, context);
      const all = await Promise.all(namesOf(ground).map(async (db) => look(ground, db, context)));
      if (options.json === true) await terminal.print(`${JSON.stringify(all)}\n`);
      else for (const one of all) await terminal.print(textOf(one, context)); // oxlint-disable-line no-await-in-loop -- in their order
      if (all.some(({ drift: found }) => found.length > 0)) finish(1);
    });
}

/** Those of the release that runs, or all of the environment when none does. */
function namesOf(ground: Ground): string[] {
  const newest = newestHere(ground);
  return newest ? databasesOf(newest) : Object.keys(ground.environment.databases);
}

async function look(ground: Ground, db: string, { signal }: Context) {
  const applied = await ground.migrator(db).applied(signal);
  const newest = newestHere(ground);
  const own = newest?.release.migrations.filter((one) => one.db === db);
  return {
    db,
    release: newest?.release.version ?? null,
    applied,
    left: own ? plan(applied, own, 'contract').run.map(({ id }) => id) : [],
    drift: own ? drift(applied, own) : [],
  };
}

function textOf(
  { db, release, applied, left, drift: found }: Awaited<ReturnType<typeof look>>,
  { terminal }: Context,
): string {
  const rows = applied.map(({ id, phase, version, at }) => [id, phase, version, showTime(at)]);
  const columns = ['Migration', 'Phase', 'Release', 'Ran'].map((head) => ({ head }));
  return [
    `${printable(db)}, beside ${printable(release ?? 'nothing that runs here')}\n`,
    applied.length === 0 ? 'nothing ran yet\n' : textTable(columns, rows, terminal.style),
    ...(left.length > 0 ? [`left for later (contract): ${left.map(printable).join(', ')}\n`] : []),
    ...found.map(({ text }) => `drift: ${printable(text)}\n`),
  ].join('');
}
