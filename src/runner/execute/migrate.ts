import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Migration, Release } from '../../rooms/releases/artefact/release.ts';
import { runnerErrors } from '../errors.ts';
import { drift, plan } from '../migrations/plan.ts';
import type { MigrationText, Migrator } from '../migrations/migrator.ts';
import { ownPart } from './journal.ts';
import type { Target } from './target.ts';
import type { Work } from './work.ts';

/**
 * Runs the `expand` migrations that a database does not have yet. Those that take something away
 * (`contract`) are left for later, and nothing ever runs down. Throws TERR_RUNNER_MIGRATION,
 * TERR_RUNNER_DATABASE.
 */
export async function migrate(work: Work, target: Target, signal: AbortSignal): Promise<void> {
  const { release } = target;
  const names = [...new Set(release.migrations.map(({ db }) => db))];
  if (names.length === 0) {
    work.progress.skip('migrating', 'the release has no migrations');
    return;
  }
  work.progress.begin('migrating');
  for (const db of names) await migrateOne(work, { target, db }, signal); // oxlint-disable-line no-await-in-loop -- one after the other
}

async function migrateOne(
  work: Work,
  { target, db }: { readonly target: Target; readonly db: string },
  signal: AbortSignal,
): Promise<void> {
  const { environment, parts, journal, say } = work;
  const place = environment.databases[db];
  if (!place)
    throw runnerErrors(
      'DATABASE',
      `nothing says where ${db} is in ${environment.name}; give it under environments.${environment.name}.databases in runner.yaml`,
    );
  const own = target.release.migrations.filter((one) => one.db === db);
  const migrator = parts.migrator(db, place);
  try {
    const applied = await migrator.applied(signal);
    for (const { text } of drift(applied, own)) say(`warning: ${db}: ${text}`);
    const { run, later } = plan(applied, own, 'expand');
    if (later.length > 0)
      say(`${db}: left for later: ${later.map(({ id }) => id).join(', ')} (contract)`);
    if (run.length === 0) {
      say(`${db}: nothing to migrate`);
      return;
    }
    const texts = await Promise.all(run.map((one) => textOf(target, one)));
    const data = { db, ids: run.map(({ id }) => id).join(' ') };
    await journal.part(ownPart).write({ step: 'migrate', mark: 'doing', data });
    await runAll(migrator, texts, { version: target.version, say, signal });
    await journal.part(ownPart).write({ step: 'migrate', mark: 'done', data });
  } finally {
    await migrator.close();
  }
}

const runAll = async (
  migrator: Migrator,
  texts: readonly MigrationText[],
  options: Parameters<Migrator['run']>[1],
): Promise<void> => void (await migrator.run(texts, options));

/** The `up` file of a migration, found by the hash that the release has of it. */
async function textOf({ release, files }: Target, one: Migration): Promise<MigrationText> {
  const file = fileOf(release, one);
  if (file === undefined)
    throw runnerErrors('MIGRATION', `${one.db}: migration ${one.id} has no file in the artefact`);
  return { ...one, up: await readFile(join(files, file), 'utf8') };
}

function fileOf({ files, delivery }: Release, { db, sha256 }: Migration): string | undefined {
  const folder = delivery?.databases.find(({ name }) => name === db)?.migrations;
  const within = folder === null || folder === undefined ? '' : `${folder}/`;
  return files.find((file) => file.sha256 === sha256 && file.path.startsWith(within))?.path;
}
