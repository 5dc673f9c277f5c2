import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, DatabaseError, escapeIdentifier } from 'pg';
import { runnerErrors } from '../errors.ts';
import { type Applied, defaultLimits, type BackMigrator, type MigratorLimits } from './migrator.ts';
import { failedIn, withoutPassword } from './postgres-errors.ts';
import { dropLeftIndexes } from './postgres-index.ts';
import {
  migrationFailed,
  type MigratorSession,
  type RunOptions,
  runBack,
  runMissing,
  type Script,
} from './run.ts';
import { type Statement, statementsOf } from './script.ts';

const table = 'territory_migrations';
/** ms between two tries for the lock. Waiting in the server would hold up `create index concurrently`. */
const lockEvery = 200;
/** ms until a server must have answered. */
const connectLimit = 10_000;

/** What one migrator of PostgreSQL works on. */
export interface PostgresPlace {
  /** Name of the database as the manifest has it. */
  readonly db: string;
  /** `postgres://user:password@host/name`, of the server itself and not of a pool. */
  readonly url: string;
  readonly limits?: Partial<MigratorLimits>;
}

interface Ground extends PostgresPlace {
  readonly bounds: MigratorLimits;
}

/**
 * Migrations of a PostgreSQL (14 or later; before it a killed migrator's statement runs on for a
 * while). One migrator at a time by a lock of its session, which the server lets go with the
 * connection; a statement whose client is gone is stopped within a second.
 */
export function postgresMigrator(place: PostgresPlace): BackMigrator {
  const ground: Ground = { ...place, bounds: { ...defaultLimits, ...place.limits } };
  return {
    applied: async (signal) => {
      const client = await connect(ground, signal);
      try {
        return await readApplied(client, ground.db, await schemaOf(client));
      } catch (error) {
        throw unusable(ground, error);
      } finally {
        await close(client);
      }
    },
    run: async (migrations, options) =>
      runMissing(async () => openSession(ground, options), migrations, options, 'postgres'),
    back: async (downs, options) =>
      runBack(async () => openSession(ground, options), downs, options, 'postgres'),
    close: async () => {},
  };
}

async function openSession(ground: Ground, options: RunOptions): Promise<MigratorSession> {
  const { signal, version } = options;
  const client = await connect(ground, signal);
  client.on('notice', ({ message }) => options.say(`${ground.db}: ${message ?? ''}`));
  const stop = (): void => void cancel(ground, client);
  const end = async (): Promise<void> => {
    signal.removeEventListener('abort', stop);
    await close(client);
  };
  try {
    await takeLock(client, ground, options);
    await prepare(client, ground);
    const schema = await schemaOf(client);
    await createTable(client, schema);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const session: Session = { client, ground, schema, version, say: options.say };
    return {
      applied: async () => readApplied(client, ground.db, schema),
      inTransaction: async (script) => inTransaction(session, script),
      outside: async (script) => outside(session, script),
      end,
    };
  } catch (error) {
    await end();
    signal.throwIfAborted();
    throw unusable(ground, error);
  }
}

interface Session {
  readonly client: Client;
  readonly ground: Ground;
  readonly schema: string;
  readonly version: string;
  readonly say: (text: string) => void;
}

async function connect({ db, url, bounds }: Ground, signal: AbortSignal): Promise<Client> {
  signal.throwIfAborted();
  try {
    const client = new Client({
      connectionString: url,
      application_name: 'territory migrations',
      connectionTimeoutMillis: connectLimit,
      keepAlive: true,
      statement_timeout: bounds.statement,
    });
    // Whoever asks next is told; without a listener the process would end.
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (error) {
    throw unusable({ db, url }, error);
  }
}

const close = async (client: Client): Promise<void> => client.end().catch(() => {});

/** Asks again and again instead of waiting in the server, see `lockEvery`. */
async function takeLock(client: Client, ground: Ground, options: RunOptions): Promise<void> {
  const key = createHash('sha256').update(table).digest().readBigInt64BE().toString();
  const until = performance.now() + ground.bounds.turn;
  for (let told = false; ; told = true) {
    // oxlint-disable-next-line no-await-in-loop -- one try after the other
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock($1::bigint) as held',
      [key],
    );
    if (rows[0]?.held === true) return;
    if (performance.now() > until)
      throw runnerErrors(
        'DATABASE',
        `${ground.db}: another migrator has been at work for ${Math.round(ground.bounds.turn / 1000)} s`,
      );
    if (!told) options.say(`${ground.db}: another migrator is at work; waiting for it`);
    // oxlint-disable-next-line no-await-in-loop -- see above
    await pause(lockEvery, undefined, { signal: options.signal });
  }
}

/** Takes back what a migration set for the session, and sets what holds for each. */
async function prepare(client: Client, { bounds }: Ground): Promise<void> {
  await client.query('reset session authorization; reset role; reset all');
  await client.query(
    `select set_config(name, $1::jsonb ->> name, false) from pg_settings
     where ($1::jsonb ? name)`,
    [
      JSON.stringify({
        lock_timeout: `${bounds.lock}`,
        statement_timeout: `${bounds.statement}`,
        // A client that is gone: found while a statement runs, and on a cut line.
        client_connection_check_interval: '1000',
        tcp_keepalives_idle: '30',
        tcp_keepalives_interval: '10',
        tcp_keepalives_count: '3',
      }),
    ],
  );
}

/** Schema of the table; a migration may change the path on which it would be looked for. */
async function schemaOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ schema: string | null }>(
    `select coalesce((select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.oid = to_regclass($1)), current_schema()) as schema`,
    [table],
  );
  const schema = rows[0]?.schema ?? undefined;
  if (schema === undefined)
    throw new Error(
      'no schema of the search_path is there; where should the table of migrations be?',
    );
  return schema;
}

const tableIn = (schema: string): string => `${escapeIdentifier(schema)}.${table}`;

async function createTable(client: Client, schema: string): Promise<void> {
  await client.query(`create table if not exists ${tableIn(schema)} (
    db text not null, id text not null, sha256 text not null, phase text not null,
    version text not null, applied_at timestamptz not null default clock_timestamp(),
    primary key (db, id))`);
}

async function readApplied(client: Client, db: string, schema: string): Promise<Applied[]> {
  const there = await client.query<{ is: boolean }>('select to_regclass($1) is not null as is', [
    tableIn(schema),
  ]);
  if (there.rows[0]?.is !== true) return [];
  const { rows } = await client.query<Applied>(
    `select id, sha256, phase, version, floor(extract(epoch from applied_at) * 1000)::float8 as at
     from ${tableIn(schema)} where db = $1 order by applied_at, id`,
    [db],
  );
  return rows;
}

async function inTransaction(session: Session, script: Script): Promise<void> {
  const { client, ground } = session;
  await client.query('begin');
  try {
    await runStatements(session, script);
    await note(session, script);
    // After an error that was caught, as by a savepoint's loss, COMMIT quietly rolls back.
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw migrationFailed(script.one, 'the transaction was rolled back');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw failedIn(script, error, ground.url);
  }
  await prepare(client, ground);
}

async function outside(session: Session, script: Script): Promise<void> {
  const { client, ground } = session;
  try {
    await dropLeftIndexes(client, statementsOf(script.sql, 'postgres'), session.say);
    await runStatements(session, script);
    await prepare(client, ground);
    await note(session, script);
  } catch (error) {
    throw failedIn(script, error, ground.url);
  }
}

/** One by one, so that an error without a position has at least its statement. */
async function runStatements({ client, ground }: Session, script: Script): Promise<void> {
  for (const statement of statementsOf(script.sql, 'postgres')) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- in their order
      await withPatience(client, statement, ground.bounds);
    } catch (error) {
      throw failedIn(script, error, ground.url, statement.at);
    }
  }
}

/** `concurrently` waits for old transactions without anybody waiting behind it. */
async function withPatience(
  client: Client,
  { text, words }: Statement,
  bounds: MigratorLimits,
): Promise<void> {
  const patient = words.includes('CONCURRENTLY');
  if (patient) await client.query('set lock_timeout = 0');
  await client.query(text);
  if (patient) await client.query(`set lock_timeout = ${bounds.lock}`);
}

async function note({ client, schema, version }: Session, { one, mark }: Script): Promise<void> {
  if (mark === 'forget') {
    await client.query(`delete from ${tableIn(schema)} where db = $1 and id = $2`, [
      one.db,
      one.id,
    ]);
    return;
  }
  await client.query(
    `insert into ${tableIn(schema)} (db, id, sha256, phase, version) values ($1, $2, $3, $4, $5)`,
    [one.db, one.id, one.sha256, one.phase, version],
  );
}

/** By a connection of its own, as the protocol wants it. */
async function cancel(ground: Ground, client: Client): Promise<void> {
  const pid = Number('processID' in client ? client.processID : 0);
  const other = await connect(ground, AbortSignal.timeout(connectLimit)).catch(() => undefined);
  await other?.query('select pg_cancel_backend($1)', [pid]).catch(() => {});
  if (other) await close(other);
}

function unusable({ db, url }: Pick<PostgresPlace, 'db' | 'url'>, error: unknown): Error {
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('TERR_'))
    return error;
  const words = error instanceof Error && error.message !== '' ? error.message : String(error);
  const code = error instanceof DatabaseError ? ` (${error.code})` : '';
  return runnerErrors('DATABASE', withoutPassword(`${db}: ${words}${code}`, url));
}
