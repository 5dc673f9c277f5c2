import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addMigrationsContract } from '../migrations/contract.ts';
import { addMigrationsDown } from '../migrations/down.ts';
import { addMigrationsShow } from '../migrations/show.ts';

/** Adds `territory migrations show|contract|down`. */
export function addMigrations(program: Command, context: Context): void {
  const parent = program
    .command('migrations')
    .summary('See what ran on a database, take away the old shape, or take a step back.')
    .description(
      'On the machine of a runner: what ran on the databases of an application, the step that takes ' +
        'the old shape away, and the way back. A deploy does none of it by itself. See ' +
        'docs/reference/migrations.md.',
    );
  addMigrationsShow(parent, context);
  addMigrationsContract(parent, context);
  addMigrationsDown(parent, context);
}
