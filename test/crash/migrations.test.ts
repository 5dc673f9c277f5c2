import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, assert, beforeAll, describe, expect, test } from 'vitest';
import { hasCommand } from '../../src/intake/nagios/installed.suite.ts';
import type { DatabasePlace } from '../../src/runner/config/config.ts';
import type { MigrationText } from '../../src/runner/migrations/migrator.ts';
import { openMigrator } from '../../src/runner/migrations/open.ts';
import {
  postgresPrograms,
  type RunningPostgres,
  sql,
  startPostgres,
} from '../../src/runner/migrations/postgres.suite.ts';
import type { MigrationOrders } from './migrations-child.ts';

const count = 24;
const rows = 500;
/** Each makes a table, fills it, and leaves a line of its own: what ran twice would be seen. */
const migrations = Array.from({ length: count }, (_, i): MigrationText => {
  const up = `create table m${i} (x int);
insert into m${i} with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows}) select i from n;
insert into lines values (${i});`;
  const sha256 = createHash('sha256').update(up).digest('hex');
  return { db: 'orders', id: `${i}`, up, sha256, phase: 'expand', down: false, destructive: [] };
});

interface Tried {
  readonly place: DatabasePlace;
  /** Rows of one column each. */
  readonly ask: (text: string) => Promise<readonly string[]>;
}

let postgres: RunningPostgres | undefined;
beforeAll(async () => {
  if (postgresPrograms !== undefined) postgres = await startPostgres();
});
afterAll(async () => postgres?.stop());

async function onPostgres(): Promise<Tried> {
  const url = (await postgres?.database()) ?? '';
  const ask = async (text: string) => (await sql(url, text)).map((row) => String(row['x']));
  await ask('create table lines (x int)');
  return { place: { kind: 'postgres', url }, ask };
}

async function onSqlite(): Promise<Tried> {
  const file = join(mkdtempSync(join(tmpdir(), 'territory-migrations-')), 'orders.db');
  // oxlint-disable-next-line typescript/require-await -- as the other one
  const ask = async (text: string) =>
    execFileSync('sqlite3', ['-cmd', '.timeout 10000', file, text], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line !== '');
  await ask('create table lines (x int)');
  return { place: { kind: 'sqlite', file }, ask };
}

/** A migrator in a process, and a group, of its own. */
function migrator(
  place: DatabasePlace,
  own: readonly MigrationText[] = migrations,
): {
  child: ChildProcess;
  said: Promise<string>;
  begun: Promise<void>;
} {
  const orders: MigrationOrders = { place, migrations: own };
  const script = join(import.meta.dirname, 'migrations-child.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  let text = '';
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    if (text.includes('expand')) begin();
  });
  const said = new Promise<string>((resolve) => {
    child.once('close', () => {
      begin();
      resolve(text);
    });
  });
  return { child, said, begun };
}

/** What is there, table by table, must be what is noted. */
async function expectWhole({ place, ask }: Tried): Promise<number> {
  const applied = await openMigrator('orders', place).applied(new AbortController().signal);
  const noted = applied.map(({ id }) => id).toSorted();
  const lines = (await ask('select x from lines')).toSorted();
  expect(lines).toEqual(noted);
  const names =
    place.kind === 'sqlite'
      ? "select name as x from sqlite_master where type = 'table' and name glob 'm[0-9]*'"
      : "select tablename as x from pg_tables where tablename ~ '^m[0-9]'";
  const tables = await ask(names);
  expect(tables.map((name) => name.slice(1)).toSorted()).toEqual(noted);
  const counts = tables.map((name) => `select count(*) as x from ${name}`).join(' union all ');
  expect(tables.length > 0 ? await ask(counts) : []).toEqual(tables.map(() => `${rows}`));
  return noted.length;
}

describe.each([
  ['PostgreSQL', onPostgres, postgresPrograms !== undefined],
  ['SQLite', onSqlite, hasCommand('sqlite3', 'sqlite3')],
])('%s', (_, open, isThere) => {
  test.skipIf(!isThere)(
    'of four at once exactly one runs each migration',
    { timeout: 60_000 },
    async () => {
      const tried = await open();
      const all = await Promise.all(
        Array.from({ length: 4 }, async () => migrator(tried.place).said),
      );
      const ran = all.flatMap(
        (text) => JSON.parse(/^ran (.*)$/m.exec(text)?.[1] ?? '') as string[],
      );
      expect(ran).toHaveLength(count);
      expect(new Set(ran).size).toBe(count);
      expect(await expectWhole(tried)).toBe(count);
    },
  );

  test.skipIf(!isThere)(
    'kill -9 at any moment leaves nothing half done, and no lock',
    { timeout: 90_000 },
    async () => {
      const tried = await open();
      for (let round = 0; round < 3; round++) {
        const { child, said, begun } = migrator(tried.place);
        await begun;
        await pause(Math.random() * 60);
        // With what it started, or without.
        assert(child.pid);
        const { pid } = child;
        if (child.exitCode === null) process.kill(round % 2 === 0 ? -pid : pid, 'SIGKILL');
        await said;
        await expectWhole(tried);
      }
      expect(await migrator(tried.place).said).toContain('ran [');
      expect(await expectWhole(tried)).toBe(count);
    },
  );
});

test.skipIf(postgresPrograms === undefined)(
  'PostgreSQL stops the statement of a migrator that was killed, and lets go of its lock',
  { timeout: 60_000 },
  async () => {
    const { place, ask } = await onPostgres();
    const [like] = migrations as [MigrationText];
    const up = 'create table a (x int); select pg_sleep(600)';
    const { child, said } = migrator(place, [{ ...like, up }]);
    const asleep =
      "select pid as x from pg_stat_activity where query like '%pg_sleep(600)' and state = 'active'";
    await expect.poll(async () => ask(asleep), { timeout: 20_000 }).toHaveLength(1);
    child.kill('SIGKILL');
    await said;
    const held = "select pid as x from pg_locks where locktype = 'advisory'";
    await expect.poll(async () => ask(held), { timeout: 20_000 }).toEqual([]);
    expect(await ask("select to_regclass('a') as x")).toEqual(['null']);
  },
);
