import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasCommand } from '../../intake/nagios/installed.suite.ts';
import type { MigrationText } from './migrator.ts';
import { sqliteMigrator } from './sqlite.ts';

const never = new AbortController().signal;
const options = { version: 'release_1', say: () => {}, signal: never };
const one = (id: string, up: string): MigrationText => ({
  db: 'orders',
  id,
  up,
  phase: 'expand',
  sha256: createHash('sha256').update(up).digest('hex'),
  down: false,
  destructive: [],
});
const file = (): string => join(mkdtempSync(join(tmpdir(), 'territory-sqlite-')), 'orders.db');
const sql = (path: string, text: string): string =>
  execFileSync('sqlite3', [path, text], { encoding: 'utf8' }).trim();

describe.skipIf(!hasCommand('sqlite3', 'sqlite3'))('migrations of SQLite', () => {
  test('run in order, each once, and are noted', async () => {
    const path = file();
    const migrator = sqliteMigrator({ db: 'orders', file: path });
    expect(await migrator.applied(never)).toEqual([]);
    const first = one(
      '2_orders',
      "create table orders (id int primary key, note text);\ninsert into orders values (1, 'it''s; .quit\n.quit')",
    );
    const second = one(
      '10_trigger',
      'create trigger t after insert on orders begin update orders set note = case when 1 then 2 end; end -- done',
    );
    expect(await migrator.run([second, first], options)).toEqual(['2_orders', '10_trigger']);
    expect(await migrator.run([first, second], options)).toEqual([]);
    const applied = await migrator.applied(never);
    expect(applied).toMatchObject([
      { id: '2_orders', sha256: first.sha256, phase: 'expand', version: 'release_1' },
      { id: '10_trigger', sha256: second.sha256 },
    ]);
    expect(Math.abs((applied[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(sql(path, 'select count(*) from orders')).toBe('1');
  });

  test.each([
    [
      'a mistake',
      'create table b (x);\n\n  create tabel c (\n  x)',
      'line 3, column 10: near "tabel": syntax error',
    ],
    [
      'a constraint',
      'create table b (x unique);\ninsert into b values (1);\ninsert into b values (1);',
      'line 3: UNIQUE constraint failed: b.x (19)',
    ],
    [
      'a comment without an end',
      'create table b (x); /* a',
      'line 1, column 21: what begins here does not end',
    ],
    [
      'an order to the program',
      'create table b (x);\n.system id',
      'line 2, column 1: ".system" is an order to the program sqlite3, no SQL',
    ],
    [
      'a commit',
      'create table b (x); commit;',
      'line 1, column 21: COMMIT would end the transaction that the migration runs in; leave it out',
    ],
  ])('%s leaves nothing of itself, and all of what ran before', async (_, up, words) => {
    const path = file();
    const migrator = sqliteMigrator({ db: 'orders', file: path });
    await expect(
      migrator.run([one('1', 'create table a (x)'), one('2', up)], options),
    ).rejects.toMatchObject({
      code: 'TERR_RUNNER_MIGRATION',
      message: expect.stringMatching(
        new RegExp(`^orders: migration 2: ${words.replaceAll(/[().]/g, '\\$&')}`),
      ),
    });
    expect((await migrator.applied(never)).map(({ id }) => id)).toEqual(['1']);
    expect(sql(path, "select count(*) from sqlite_master where name like 'b%'")).toBe('0');
  });

  test('a table is changed the way that SQLite tells, and what refers to it stays', async () => {
    const path = file();
    sql(
      path,
      'create table a (id integer primary key); create table b (a references a on delete cascade); insert into a values (1); insert into b values (1)',
    );
    const migrator = sqliteMigrator({ db: 'orders', file: path });
    await migrator.run(
      [
        one(
          '1',
          'create table n (id integer primary key, x); insert into n (id) select id from a; drop table a; alter table n rename to a',
        ),
      ],
      options,
    );
    expect(sql(path, 'select count(*) from b')).toBe('1');
    await expect(migrator.run([one('2', 'delete from a')], options)).rejects.toThrow(
      'orders: migration 2: it would break foreign keys: b refers to a, row 1',
    );
    expect(sql(path, 'select count(*) from a')).toBe('1');
  });

  test('keys that were broken before do not stand in the way', async () => {
    const path = file();
    sql(
      path,
      'create table a (id integer primary key); create table b (a references a); insert into b values (7)',
    );
    const migrator = sqliteMigrator({ db: 'orders', file: path });
    await migrator.run([one('1', 'create table c (x)'), one('2', 'create table d (x)')], options);
    expect(await migrator.applied(never)).toHaveLength(2);
  });

  test('what can not run in a transaction', async () => {
    const path = file();
    await sqliteMigrator({ db: 'orders', file: path }).run(
      [one('1', '-- territory: no transaction\npragma journal_mode = wal;\nvacuum;')],
      options,
    );
    expect(sql(path, 'pragma journal_mode')).toBe('wal');
    const long = `-- territory: no transaction\n-- ${'x'.repeat(40_000)}\nvacuum`;
    await expect(
      sqliteMigrator({ db: 'orders', file: path }).run([one('2', long)], options),
    ).rejects.toThrow('without a transaction it has at most 32 KiB');
  });

  test('who holds the file is not waited for long; what takes too long is stopped', async () => {
    const path = file();
    const limits = { lock: 200, statement: 400 };
    const migrator = sqliteMigrator({ db: 'orders', file: path, limits });
    await migrator.run([one('1', 'create table a (x)')], options);
    const holder = sqliteMigrator({ db: 'orders', file: path, limits: { statement: 60_000 } });
    const stop = new AbortController();
    const endless =
      'with recursive n (i) as (select 1 union all select i + 1 from n) insert into a select i from n where i < 0';
    let begun = (): void => {};
    const began = new Promise<void>((done) => {
      begun = done;
    });
    const held = holder.run([one('2', endless)], {
      ...options,
      signal: stop.signal,
      say: () => begun(),
    });
    await began;
    await expect(
      sqliteMigrator({ db: 'orders', file: path, limits: { turn: 200 } }).run(
        [one('3', 'select 1')],
        options,
      ),
    ).rejects.toThrow('another migrator has been at work for too long');
    stop.abort();
    await expect(held).rejects.toThrow('aborted');
    await expect(migrator.run([one('2', endless)], options)).rejects.toThrow(
      'it took longer than 0.4 s',
    );
    expect(await migrator.applied(never)).toHaveLength(1);
  });

  test('what is no database, and where no folder is', async () => {
    const path = file();
    writeFileSync(path, 'this is no database, whatever its name says '.repeat(40));
    await expect(sqliteMigrator({ db: 'orders', file: path }).applied(never)).rejects.toMatchObject(
      {
        code: 'TERR_RUNNER_DATABASE',
        message: expect.stringContaining('file is not a database'),
      },
    );
    await expect(
      sqliteMigrator({ db: 'orders', file: '/nowhere/orders.db' }).run(
        [one('1', 'select 1')],
        options,
      ),
    ).rejects.toThrow('orders: there is no folder /nowhere');
  });

  test('what ran is taken back, the last first, and forgotten with it', async () => {
    const migrator = sqliteMigrator({ db: 'orders', file: file() });
    const first = one('1', 'create table a (x int)');
    const second = one('2', 'create table b (x int)');
    await migrator.run([first, second], options);
    const downs = [
      { ...first, downText: 'drop table a' },
      { ...second, downText: 'drop table b' },
      { ...one('3', ''), downText: 'drop table c' },
    ];
    await expect(
      migrator.back([{ ...second, downText: 'drop table nosuch' }], options),
    ).rejects.toMatchObject({ code: 'TERR_RUNNER_MIGRATION' });
    expect(await migrator.applied(never)).toHaveLength(2);
    expect(await migrator.back(downs, options)).toEqual(['2', '1']);
    expect(await migrator.applied(never)).toEqual([]);
    expect(await migrator.run([first, second], options)).toEqual(['1', '2']);
  });
});
