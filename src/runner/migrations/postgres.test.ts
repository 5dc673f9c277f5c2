import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MigrationText } from './migrator.ts';
import { postgresMigrator } from './postgres.ts';
import {
  postgresPassword,
  postgresPrograms,
  type RunningPostgres,
  sql,
  startPostgres,
} from './postgres.suite.ts';

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

describe.skipIf(postgresPrograms === undefined)('migrations of PostgreSQL', () => {
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(async () => postgres?.stop());

  test('run in order, each once, and are noted', async () => {
    const url = await postgres.database();
    const migrator = postgresMigrator({ db: 'orders', url });
    expect(await migrator.applied(never)).toEqual([]);
    const first = one(
      '2_orders',
      'create table orders (id int primary key); insert into orders values (1)',
    );
    const second = one('10_note', 'alter table orders add column note text');
    expect(await migrator.run([second, first], options)).toEqual(['2_orders', '10_note']);
    expect(await migrator.run([first, second], options)).toEqual([]);
    const applied = await migrator.applied(never);
    expect(applied).toMatchObject([
      { id: '2_orders', sha256: first.sha256, phase: 'expand', version: 'release_1' },
      { id: '10_note', sha256: second.sha256 },
    ]);
    expect(Math.abs((applied[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await sql(url, 'select * from orders')).toEqual([{ id: 1, note: null }]);
  });

  test('one that fails leaves nothing of itself, and all of what ran before', async () => {
    const url = await postgres.database();
    const migrator = postgresMigrator({ db: 'orders', url });
    const good = one('1', 'create table a (x int)');
    const bad = one(
      '2',
      "-- two\ncreate table b (é text);\ninsert into b\n  values ('😀'), (nosuch)",
    );
    await expect(migrator.run([good, bad], options)).rejects.toMatchObject({
      code: 'TERR_RUNNER_MIGRATION',
      message:
        'orders: migration 2: line 4, column 19: column "nosuch" does not exist (42703)'.replace(
          '19',
          '18',
        ),
      details: { line: 4 },
    });
    expect((await migrator.applied(never)).map(({ id }) => id)).toEqual(['1']);
    expect(await sql(url, "select to_regclass('b') as b")).toEqual([{ b: null }]);
  });

  test.each([
    [
      'a constraint has its line, and not the row',
      "create table t (mail text unique);\ninsert into t values ('ada@x'), ('ada@x')",
      /^orders: migration 1: line 2, column 1: duplicate key value violates unique constraint "t_mail_key" \(23505\)$/,
    ],
    [
      'a commit in the file',
      'create table c (); commit; create table d ()',
      /line 1, column 20: COMMIT would end the transaction/,
    ],
    ['a commit in a block', 'do $$ begin commit; end $$', /invalid transaction termination/],
  ])('%s', async (_, up, message) => {
    const url = await postgres.database();
    await expect(
      postgresMigrator({ db: 'orders', url }).run([one('1', up)], options),
    ).rejects.toThrow(message);
    expect(
      await sql(
        url,
        "select 1 from pg_tables where schemaname = 'public' and tablename <> 'territory_migrations'",
      ),
    ).toEqual([]);
  });

  test('one that was changed after it ran is refused', async () => {
    const migrator = postgresMigrator({ db: 'orders', url: await postgres.database() });
    await migrator.run([one('1', 'create table a ()')], options);
    await expect(migrator.run([one('1', 'create table a (x int)')], options)).rejects.toThrow(
      'orders: migration 1: it has other bytes than the one that release_1 ran; give the change an id of its own',
    );
  });

  test('what a migration sets for its session is gone in the next, and the table is found', async () => {
    const url = await postgres.database();
    const migrator = postgresMigrator({ db: 'orders', url });
    await migrator.run(
      [
        one(
          '1',
          "select pg_catalog.set_config('search_path', '', false); create table public.a (); set lock_timeout = 0",
        ),
        one(
          '2',
          "create table b as select current_setting('lock_timeout') as l, current_schema() as s",
        ),
      ],
      options,
    );
    expect(await sql(url, 'select * from b')).toEqual([{ l: '5s', s: 'public' }]);
  });

  test('one that waits behind a long query fails soon, and queues nobody', async () => {
    const url = await postgres.database();
    await sql(url, 'create table orders (id int)');
    const reader = sql(url, "begin; select * from orders; select pg_sleep(1.5), 'read'");
    const migrator = postgresMigrator({ db: 'orders', url, limits: { lock: 200 } });
    await expect
      .poll(async () => sql(url, "select 1 from pg_locks where relation = 'orders'::regclass"))
      .toHaveLength(1);
    await expect(
      migrator.run([one('1', 'alter table orders add column x int')], options),
    ).rejects.toThrow('line 1, column 1: canceling statement due to lock timeout (55P03)');
    await sql(url, 'select * from orders');
    await reader;
  });

  test('an index is made without a transaction, also when a try before was interrupted', async () => {
    const url = await postgres.database();
    await sql(url, 'create table orders (id int); insert into orders values (1), (1)');
    const up =
      '-- territory: no transaction\ncreate unique index concurrently if not exists by_id on orders (id);';
    const migrator = postgresMigrator({ db: 'orders', url });
    await expect(migrator.run([one('1', up)], options)).rejects.toThrow('23505');
    expect(await migrator.applied(never)).toEqual([]);
    expect(
      await sql(url, "select indisvalid as ok from pg_index where indexrelid = 'by_id'::regclass"),
    ).toEqual([{ ok: false }]);
    await sql(url, 'delete from orders; insert into orders values (2)');
    const said: string[] = [];
    await migrator.run([one('1', up)], { ...options, say: (text) => said.push(text) });
    expect(said.join('\n')).toContain('dropping the index "public"."by_id"');
    expect(
      await sql(url, "select indisvalid as ok from pg_index where indexrelid = 'by_id'::regclass"),
    ).toEqual([{ ok: true }]);
    expect(await migrator.applied(never)).toHaveLength(1);
  });

  test('a cancel stops a statement and leaves nothing', async () => {
    const url = await postgres.database();
    const migrator = postgresMigrator({ db: 'orders', url });
    const stop = new AbortController();
    const running = migrator.run([one('1', 'create table a (); select pg_sleep(60)')], {
      ...options,
      signal: stop.signal,
    });
    await expect
      .poll(async () =>
        sql(
          url,
          "select 1 from pg_stat_activity where query like '%pg_sleep(60)' and state = 'active'",
        ),
      )
      .toHaveLength(1);
    stop.abort();
    await expect(running).rejects.toThrow('canceling statement due to user request');
    expect(await sql(url, "select to_regclass('a') as a")).toEqual([{ a: null }]);
  });

  test('another migrator is waited for, and not for ever', async () => {
    const url = await postgres.database();
    const slow = postgresMigrator({ db: 'orders', url }).run(
      [one('1', 'select pg_sleep(1)')],
      options,
    );
    await expect
      .poll(async () => sql(url, "select 1 from pg_locks where locktype = 'advisory'"))
      .toHaveLength(1);
    const hasty = postgresMigrator({ db: 'orders', url, limits: { turn: 300 } });
    await expect(hasty.run([one('2', 'select 1')], options)).rejects.toMatchObject({
      code: 'TERR_RUNNER_DATABASE',
      message: expect.stringContaining('another migrator'),
    });
    const said: string[] = [];
    await postgresMigrator({ db: 'orders', url }).run([one('2', 'select 1')], {
      ...options,
      say: (text) => said.push(text),
    });
    expect(said[0]).toBe('orders: another migrator is at work; waiting for it');
    await slow;
  });

  test('no error has the password', async () => {
    const url = await postgres.database();
    const bad = [
      url.replace('territory:', 'nobody:'),
      url.replace(/:\d+\//, ':1/'),
      url.replace(/d\d+$/, 'nosuch'),
      url.replace('postgres://', 'postgres:/x/'),
    ];
    for (const wrong of bad) {
      const error: unknown = await postgresMigrator({ db: 'orders', url: wrong })
        .applied(never)
        .catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'TERR_RUNNER_DATABASE' });
      expect(String(error)).not.toContain(postgresPassword);
      expect(String(error)).not.toContain(encodeURIComponent(postgresPassword));
    }
  });

  test('what ran is taken back, the last first, and forgotten with it', async () => {
    const migrator = postgresMigrator({ db: 'orders', url: await postgres.database() });
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
