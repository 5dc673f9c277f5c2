import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type RunningPostgres,
  postgresPassword,
  postgresPrograms,
  sql,
  startPostgres,
} from '../../runner/migrations/postgres.suite.ts';
import { contextSteps } from './context.ts';
import { sqlSteps } from './sql.ts';
import { running, trying } from './steps.suite.ts';

const tried = trying([...contextSteps, ...sqlSteps]);
const query = (...text: readonly string[]): readonly string[] => [
  'When I query "shop":',
  '  """',
  ...text.map((line) => `  ${line}`),
  '  """',
];

describe.skipIf(postgresPrograms === undefined)('a PostgreSQL', () => {
  let postgres: RunningPostgres;
  let shop = '';
  const given = { datasource: (name: string) => (name === 'shop' ? shop : undefined) };

  beforeAll(async () => {
    postgres = await startPostgres();
    shop = await postgres.database();
    await sql(shop, 'create table tea (name text, stock int)');
    await sql(shop, "insert into tea values ('assam', 12), ('sencha', null)");
    await sql(shop, 'create sequence numbers');
  }, 60_000);
  afterAll(async () => postgres.stop());

  test.each([
    ['select count(*) from tea', 'the first value should be "2"', /^passed$/],
    ['select count(*) from tea;', 'the first value should be the number 2', /^passed$/],
    ['select 1.50::numeric', 'the first value should be "1.50"', /^passed$/],
    ['select true', 'the first value should be "t"', /^passed$/],
    ['select stock from tea order by name desc', 'the first value should be "null"', /^passed$/],
    ['values (7)', 'the first value should be at least 7', /^passed$/],
    [
      'select 7',
      'the first value should be at most 6.5',
      /^failed: expected at most 6\.5; it is 7$/,
    ],
    ['select 7', 'the first value should be at least 8', /^failed: expected at least 8; it is 7$/],
    ["select 'x'", 'the first value should be at least 8', /^failed: .* it is x$/],
    ["select ''", 'the first value should be at most 8', /^failed: .* it is $/],
    ['select 1 where false', 'the first value should be "1"', /^failed: .* there are no rows$/],
    ['select 1 where false', 'the query should give 0 rows', /^passed$/],
    ['select * from tea', 'the query should give 1 row', /^failed: expected 1 rows; there are 2$/],
    // What is not known says nothing of the shop.
    [
      'select nonsense',
      'the query should give 1 row',
      /^unknown: .* "nonsense" does not exist \(42703\)$/,
    ],
    [
      'select * from generate_series(1, 1001)',
      'the query should give 1 row',
      /^unknown: it gives more than 1000 rows$/,
    ],
    [
      "select repeat('x', 50000000)",
      'the query should give 1 row',
      /^unknown: it gives more than 4194304 bytes$/,
    ],
  ] as const)('%s: %s', async (text, step, expected) => {
    expect(await tried([...query(text), `Then ${step}`], given)).toMatch(expected);
  });

  test('rows as a table', async () => {
    const all = query('select name, stock from tea order by name -- all of it');
    const rows = (...table: readonly string[]): readonly string[] => [
      ...all,
      'Then the rows should be:',
      ...table.map((row) => `  ${row}`),
    ];
    expect(
      await tried(rows('| stock | name |', '| 12 | assam |', '| null | sencha |'), given),
    ).toBe('passed');
    expect(await tried(rows('| name |', '| assam |'), given)).toBe(
      'failed: expected row 2 to be none; it is | sencha | (of 2)',
    );
    expect(await tried(rows('| name |', '| assam |', '| oolong |'), given)).toBe(
      'failed: expected row 2 to be | oolong |; it is | sencha | (of 2)',
    );
    expect(await tried(rows('| nam |'), given)).toBe(
      'failed: expected columns nam; there are name, stock',
    );
  });

  test.each([
    'delete from tea',
    'insert into tea values (1) returning 1',
    'with gone as (delete from tea returning 1) select * from gone',
    'select 1; delete from tea',
    'select 1; commit; delete from tea',
    "select nextval('numbers')",
    "copy tea to program 'touch /tmp/territory-was-here'",
    'do $$ begin delete from tea; end $$',
    'set transaction read write',
    'select 1 into other',
    'create table other ()',
    'select * from tea for update',
    "select set_config('transaction_read_only', 'off', true)",
  ])('only reads: %s', async (text) => {
    const ended = await tried([...query(text), 'Then the query should give 1 row'], given);
    expect(ended).toMatch(/^unknown: the query can not be run: /);
    expect(await sql(shop, 'select count(*)::int as n from tea')).toEqual([{ n: 2 }]);
    expect(await sql(shop, 'select is_called from numbers')).toEqual([{ is_called: false }]);
  });

  test('what is remembered is a value, whatever it is', async () => {
    const steps = [
      ...query("select 'x''; delete from tea; --' as name"),
      'When I remember the first value as "odd"',
      ...query('select {odd} as name, count(*) from tea where name <> {odd}'),
      'Then the rows should be:',
      '  | name                  | count |',
      "  | x'; delete from tea; -- | 2   |",
    ];
    expect(await tried(steps, given)).toBe('passed');
  });

  test('a slow one ends with its step, in the server too', async () => {
    const steps = ['Given the timeout is 300 ms', ...query('select pg_sleep(30)')];
    expect(await tried([...steps, 'Then the query should give 1 row'], given)).toMatch(
      /^failed: (it did not end within 0\.3 s|the query did not end in time)/,
    );
    const still = "select count(*)::int as n from pg_stat_activity where query ~ 'pg_slee[p]'";
    await expect.poll(async () => sql(shop, still), { timeout: 10_000 }).toEqual([{ n: 0 }]);
  });

  test('what it gives is measured', async () => {
    const run = running(sqlSteps);
    const { performance } = await run(
      [...query('select 12'), 'Then the first value should be at least 1'],
      given,
    );
    expect(performance).toEqual([{ label: 'value', value: 12, unit: '' }]);
  });

  test('a wrong password is unknown, and is not told', async () => {
    const wrong = shop.replace(encodeURIComponent(postgresPassword), 'wr%6Fng-one');
    const ended = await tried(
      [...query("select 'wrong-one'"), 'Then the query should give 1 row'],
      {
        datasource: () => wrong,
      },
    );
    expect(ended).toMatch(
      /^unknown: the data source "shop" can not be asked: password authentication/,
    );
    expect(ended).not.toContain('ng-one');
  });
});

const failing = [...query('select 1'), 'Then the query should give 1 row'];

test('a data source that is not known here', async () => {
  expect(await tried(failing)).toBe('unknown: there is no data source "shop" here');
  await expect(tried(['Then the query should give 1 row'])).rejects.toThrow(
    'is about the rows of a query, and no step before it in this scenario gives one',
  );
});

test('one that does not answer', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const datasource = (): string => `postgres://a:secret-word@127.0.0.1:${port}/b`;
  expect(await tried(['Given the timeout is 200 ms', ...failing], { datasource })).toMatch(
    /^failed: /,
  );
  for (const one of sockets) one.destroy();
  await new Promise((done) => server.close(done));
  expect(await tried(failing, { datasource })).toMatch(
    /^failed: the data source "shop" can not be reached: connect ECONNREFUSED/,
  );
});
