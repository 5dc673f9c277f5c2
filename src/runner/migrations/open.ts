import type { DatabasePlace } from '../config/config.ts';
import type { BackMigrator, MigratorLimits } from './migrator.ts';
import { postgresMigrator } from './postgres.ts';
import { sqliteMigrator } from './sqlite.ts';

/** The migrator of one database of an environment; `db` is its name in the manifest. */
export function openMigrator(
  db: string,
  place: DatabasePlace,
  limits: Partial<MigratorLimits> = {},
): BackMigrator {
  return place.kind === 'postgres'
    ? postgresMigrator({ db, url: place.url, limits })
    : sqliteMigrator({ db, file: place.file, limits });
}
