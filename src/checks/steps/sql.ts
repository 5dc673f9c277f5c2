import { createRequire } from 'node:module';
import type * as Postgres from 'pg';
import type { Client, ClientConfig, QueryConfig } from 'pg';
import { filled, namesIn } from '../language/remembered.ts';
import { Failed, Unknown, Unreached } from '../run/failed.ts';
import type { Part, World } from '../run/world.ts';
import { codeOf } from './connection.ts';
import { remember } from './remember.ts';
import { type Step, expectThat, needing } from './step.ts';

// Not imported: plugins of Nagios are a process each, and few of them query.
const require = createRequire(import.meta.url);
const postgres = () => require('pg') as typeof Postgres;

/** Rows of one query. */
const mostRows = 1000;
/** Bytes of one query's answer. */
const mostBytes = 4 * 1024 * 1024;
/** ms that the server gives a query beyond what the step may take; it then ends it by itself. */
const mostTime = 30_000;

interface Rows {
  readonly names: readonly string[];
  /** As PostgreSQL writes them; null is null. */
  readonly values: readonly (readonly (string | null)[])[];
}

const asked: Part<{ rows?: Rows }> = { make: () => ({}) };

function rowsOf(world: World): Rows {
  const { rows } = world.part(asked);
  if (!rows) throw new Unknown('nothing was queried before this step');
  return rows;
}

/**
 * Runs one query that reads. The transaction is read-only and is rolled back; the text stands in a
 * cursor, where PostgreSQL takes nothing but SELECT and VALUES, and in a message of its own, where it
 * takes one statement. What the functions in it may do is what the role may do.
 */
async function query(world: World, name: string, text: string): Promise<Rows> {
  const address = world.surroundings.datasource?.(name);
  if (address === undefined) throw new Unknown(`there is no data source "${name}" here`);
  hide(world, address);
  const client = new (postgres().Client)(configOf(world, address));
  // A server that goes away in the middle is told by the query.
  client.on('error', () => undefined);
  const stop = (): void => void client.connection.stream.destroy();
  world.signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect().catch((error: unknown) => {
      throw unreached(error, name);
    });
    return await read(client, withParameters(world, text));
  } catch (error) {
    throw wordsOf(error, name);
  } finally {
    world.signal.removeEventListener('abort', stop);
    // What is left of a long answer is not waited for.
    stop();
  }
}

/** Sent as a message of its own, which takes one statement: pg knows it, its types do not. */
interface OneStatement extends QueryConfig {
  readonly queryMode: 'extended';
}

const configOf = (world: World, address: string): ClientConfig => ({
  connectionString: address,
  application_name: 'territory-check',
  connectionTimeoutMillis: world.timeout,
  statement_timeout: Math.min(world.timeout, mostTime),
  idle_in_transaction_session_timeout: mostTime,
  types: { getTypeParser: () => (value: string | Buffer) => String(value) },
});

/** What is remembered goes as a value of its own: it can not become a part of the query. */
function withParameters({ remembered }: World, text: string) {
  const names = [...new Set(namesIn(text))].filter((name) => remembered.has(name));
  const places = new Map(names.map((name, i) => [name, `$${i + 1}`]));
  return { text: filled(text, places), values: names.map((name) => remembered.get(name) ?? '') };
}

async function read(
  client: Client,
  { text, values }: { readonly text: string; readonly values: string[] },
): Promise<Rows> {
  let bytes = 0;
  let isTooMuch = false;
  client.connection.stream.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= mostBytes) return;
    isTooMuch = true;
    client.connection.stream.destroy();
  });
  const withoutEnd = text.trim().replace(/;\s*$/, '');
  try {
    await client.query('begin read only');
    const declared: OneStatement = {
      text: `declare territory_check no scroll cursor for ${withoutEnd}\n`,
      values,
      queryMode: 'extended',
    };
    await client.query(declared);
    const found = await client.query<(string | null)[]>({
      text: `fetch ${mostRows + 1} from territory_check`,
      rowMode: 'array',
    });
    if (found.rows.length > mostRows) throw new Unknown(`it gives more than ${mostRows} rows`);
    return { names: found.fields.map((field) => field.name), values: found.rows };
  } catch (error) {
    if (isTooMuch) throw new Unknown(`it gives more than ${mostBytes} bytes`, { cause: error });
    throw error;
  }
}

/** Password and address are told to nobody. */
function hide(world: World, address: string): void {
  world.hide(address);
  try {
    const { password } = new URL(address);
    world.hide(password);
    world.hide(decodeURIComponent(password));
  } catch {
    // It is of another form, and hidden as a whole.
  }
}

function unreached(error: unknown, name: string): Error {
  const message = error instanceof Error ? error.message || codeOf(error) : 'it broke';
  // The server answered, and does not let in: that does not get better by itself.
  if (error instanceof postgres().DatabaseError && !error.code?.startsWith('57P'))
    return new Unknown(`the data source "${name}" can not be asked: ${message}`, { cause: error });
  return new Unreached(`the data source "${name}" can not be reached: ${message}`, {
    cause: error,
  });
}

function wordsOf(error: unknown, name: string): Error {
  if (error instanceof Unknown || error instanceof Failed) return error;
  if (!(error instanceof postgres().DatabaseError)) return unreached(error, name);
  const { code = '', message } = error;
  if (code === '57014')
    return new Failed(`the query did not end in time: ${message}`, { cause: error });
  return new Unknown(`the query can not be run: ${message} (${code})`, { cause: error });
}

function firstOf(world: World): string {
  const [row] = rowsOf(world).values;
  if (!row) throw new Failed('expected a value; there are no rows');
  return row[0] ?? 'null';
}

function firstNumber(world: World, expected: string, holds: (value: number) => boolean): void {
  const first = firstOf(world);
  const value = first.trim() === '' ? Number.NaN : Number(first);
  expectThat(!Number.isNaN(value) && holds(value), expected, `it is ${first.slice(0, 300)}`);
  world.performance.push({ label: 'value', value, unit: '' });
}

/** The first row of the table names columns, in any order and not all of them. */
function sameRows({ names, values }: Rows, table: readonly (readonly string[])[]): void {
  const [head = [], ...rows] = table;
  const columns = head.map((name) => names.indexOf(name));
  const missing = head.filter((_, i) => columns[i] === -1);
  expectThat(
    missing.length === 0,
    `columns ${missing.join(', ')}`,
    `there are ${names.join(', ')}`,
  );
  const shown = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const is = values.map((row) => shown(columns.map((column) => row[column] ?? 'null')));
  const wanted = rows.map(shown);
  const at = wanted.findIndex((row, i) => row !== is[i]);
  const where = at === -1 ? wanted.length : at;
  expectThat(
    at === -1 && is.length === wanted.length,
    `row ${where + 1} to be ${wanted[where] ?? 'none'}`,
    `it is ${is[where]?.slice(0, 500) ?? 'none'} (of ${is.length})`,
  );
}

const group = 'SQL';
const rows = 'the rows of a query';

/** Steps of databases. They read. */
export const sqlSteps: readonly Step[] = [
  {
    expression: 'I query {string}:',
    kind: 'action',
    group,
    gives: rows,
    about:
      'One SELECT of a PostgreSQL whose address is given where it is run, by its name. Read-only; at most 1,000 rows and 4 MiB, and no longer than the timeout. Give it a role that may read and nothing else. What is remembered stands without quotes, as a value.',
    example: [
      'When I query "shop":',
      '  """',
      "  select count(*) from orders where placed > now() - interval '1 hour'",
      '  """',
    ],
    takes: 'text',
    run: async (world, given) => {
      const part = world.part(asked);
      delete part.rows;
      part.rows = await query(world, given.text(0), given.written);
    },
  },
  ...needing(rows, [
    {
      expression: 'the first value should be {string}',
      kind: 'assertion',
      group,
      about: 'Of the first row, as PostgreSQL writes it; `null` where there is none.',
      example: ['Then the first value should be "ready"'],
      run: (world, given) =>
        expectThat(
          firstOf(world) === given.text(0),
          `the value ${given.text(0)}`,
          `it is ${firstOf(world).slice(0, 300)}`,
        ),
    },
    {
      expression: 'the first value should be the number {float}',
      kind: 'assertion',
      group,
      about: 'Exactly this one. Measured as `value`.',
      example: ['Then the first value should be the number 3'],
      run: (world, given) =>
        firstNumber(world, String(given.number(0)), (value) => value === given.number(0)),
    },
    {
      expression: 'the first value should be at least {float}',
      kind: 'assertion',
      group,
      about: 'A number that is not below this one. Measured as `value`.',
      example: ['Then the first value should be at least 1'],
      run: (world, given) =>
        firstNumber(world, `at least ${given.number(0)}`, (value) => value >= given.number(0)),
    },
    {
      expression: 'the first value should be at most {float}',
      kind: 'assertion',
      group,
      about: 'A number that is not above this one. Measured as `value`.',
      example: ['Then the first value should be at most 100'],
      run: (world, given) =>
        firstNumber(world, `at most ${given.number(0)}`, (value) => value <= given.number(0)),
    },
    {
      expression: 'the query should give {int} row(s)',
      kind: 'assertion',
      group,
      about: 'So many, and no more.',
      example: ['Then the query should give 0 rows'],
      run: (world, given) => {
        const { length } = rowsOf(world).values;
        expectThat(length === given.number(0), `${given.number(0)} rows`, `there are ${length}`);
      },
    },
    {
      expression: 'the rows should be:',
      kind: 'assertion',
      group,
      about:
        'These and in this order, with the names of their columns above them; `null` is written so.',
      example: ['Then the rows should be:', '  | name | stock |', '  | tea  | 12    |'],
      takes: 'table',
      run: (world, given) => sameRows(rowsOf(world), given.table),
    },
    {
      expression: 'I remember the first value as {string}',
      kind: 'action',
      group,
      about: 'Of the first row.',
      example: ['When I remember the first value as "order"'],
      remembers: 0,
      run: (world, given) => remember(world, given.text(0), firstOf(world)),
    },
  ]),
];
