import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { runnerErrors } from '../errors.ts';
import { type Applied, defaultLimits, type BackMigrator, type MigratorLimits } from './migrator.ts';
import {
  migrationFailed,
  type MigratorSession,
  type RunOptions,
  runBack,
  runMissing,
  type Script,
} from './run.ts';
import { isTaken, SqliteEnded, type SqliteProgram, startSqlite } from './sqlite-program.ts';
import { unusableSqlite, whatWasSaid } from './sqlite-errors.ts';
import { isWithoutTransaction } from './script.ts';

/** What one migrator of SQLite works on. */
export interface SqlitePlace {
  /** Name of the database as the manifest has it. */
  readonly db: string;
  /** Made by the first migration; its folder must be there. */
  readonly file: string;
  readonly limits?: Partial<MigratorLimits>;
}

interface Ground {
  readonly db: string;
  readonly file: string;
  readonly bounds: MigratorLimits;
}

/**
 * Migrations of a file of SQLite by its program `sqlite3` (3.37 or later). One process holds the
 * lock `FILE.migrating` and the database; when it dies, or whoever feeds it, the kernel lets go of
 * both, and SQLite takes back what was half done.
 */
export function sqliteMigrator({ db, file, limits }: SqlitePlace): BackMigrator {
  const ground = { db, file: resolve(file), bounds: { ...defaultLimits, ...limits } };
  return {
    applied: async (signal) => {
      if (!existsSync(ground.file)) return [];
      const program = startSqlite({ file: ground.file, signal });
      try {
        await program.ask(`pragma busy_timeout = ${ground.bounds.lock};`);
        return await readApplied(program, db);
      } catch (error) {
        signal.throwIfAborted();
        throw unusableSqlite(db, error);
      } finally {
        await program.end();
      }
    },
    run: async (migrations, options) =>
      runMissing(async () => openSession(ground, options), migrations, options, 'sqlite'),
    back: async (downs, options) =>
      runBack(async () => openSession(ground, options), downs, options, 'sqlite'),
    close: async () => {},
  };
}

async function openSession(ground: Ground, options: RunOptions): Promise<MigratorSession> {
  const { db, file, bounds } = ground;
  const { signal, version, say } = options;
  if (!existsSync(dirname(file)))
    throw runnerErrors('DATABASE', `${db}: there is no folder ${dirname(file)}`);
  const open = async (wait: number): Promise<SqliteProgram> => {
    const program = startSqlite({ file, signal, lock: { file: `${file}.migrating`, wait } });
    await program.ask(`pragma busy_timeout = ${bounds.lock};`);
    await program.ask(createTable);
    return program;
  };
  const program = await open(0)
    .catch(async (error: unknown) => {
      if (!isTaken(error)) throw error;
      say(`${db}: another migrator is at work; waiting for it`);
      return open(bounds.turn);
    })
    .catch((error: unknown) => {
      signal.throwIfAborted();
      throw unusableSqlite(db, error);
    });
  return {
    applied: async () => readApplied(program, db),
    inTransaction: async (script) => runScript(program, script, { version, bounds, signal }),
    outside: async (script) => runScript(program, script, { version, bounds, signal }),
    end: async () => program.end(),
  };
}

/** Bytes of a script that is not in a transaction. */
const maxOutside = 32_768;

const createTable = `create table if not exists territory_migrations (
  db text not null, id text not null, sha256 text not null, phase text not null,
  version text not null, applied_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  primary key (db, id));`;

async function readApplied(program: SqliteProgram, db: string): Promise<Applied[]> {
  const [there] = await program.ask(
    "select count(*) from sqlite_master where type = 'table' and name = 'territory_migrations';",
  );
  if (there !== '1') return [];
  const rows = await program.ask(
    `select json_object('id', id, 'sha256', sha256, 'phase', phase, 'version', version, 'at', applied_at)
     from territory_migrations where db = ${quote(db)} order by applied_at, id;`,
  );
  return rows.map((row) => {
    // Made by the query above.
    const { at, ...one } = JSON.parse(row) as Omit<Applied, 'at'> & { readonly at: string };
    return { ...one, at: Date.parse(at) };
  });
}

interface RunContext {
  readonly version: string;
  readonly bounds: MigratorLimits;
  readonly signal: AbortSignal;
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * What breaks a foreign key is looked for at the end and not at each statement: while they are
 * enforced, `drop table` of the way that SQLite tells to change a table would take away the rows
 * that refer to it. What was broken before is let be.
 */
const brokenBefore =
  'create temp table territory_broken as select count(*) as n from pragma_foreign_key_check;';
const brokenAfter = `select 'broken ' || "table" || ' refers to ' || "parent" || ', row ' || coalesce(rowid, '?')
  from pragma_foreign_key_check where (select count(*) from pragma_foreign_key_check) > (select n from territory_broken) limit 5;
create temp table territory_check (broken_foreign_keys check (broken_foreign_keys = 0));
insert into territory_check select max(0, (select count(*) from pragma_foreign_key_check) - n) from territory_broken;
drop table temp.territory_check; drop table temp.territory_broken;`;

async function runScript(
  program: SqliteProgram,
  script: Script,
  { version, bounds, signal }: RunContext,
): Promise<void> {
  const { one, sql } = script;
  const note = noteOf(script, version);
  // One write into an empty pipe: of one that is cut by our death, sqlite3 would run a part.
  if (isWithoutTransaction(sql) && Buffer.byteLength(sql) > maxOutside)
    throw migrationFailed(one, `without a transaction it has at most ${maxOutside / 1024} KiB`);
  const [before, after] = isWithoutTransaction(sql)
    ? ['pragma foreign_keys = off;', note]
    : [
        `pragma foreign_keys = off; begin immediate; ${brokenBefore}`,
        `${brokenAfter}\n${note}\ncommit;`,
      ];
  const from = program.lines() + 2;
  try {
    // The `;` ends a statement that has none of its own.
    await program.ask(`${before}\n${sql}\n;\n${after}`, bounds.statement);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SqliteEnded)) throw error;
    const { words, place } = whatWasSaid(error, sql, from);
    throw migrationFailed(one, words, place);
  }
}

function noteOf({ one, mark }: Script, version: string): string {
  if (mark === 'forget')
    return `delete from territory_migrations where db = ${quote(one.db)} and id = ${quote(one.id)};`;
  const values = [one.db, one.id, one.sha256, one.phase, version].map(quote).join(', ');
  return `insert into territory_migrations (db, id, sha256, phase, version) values (${values});`;
}
