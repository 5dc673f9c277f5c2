import { execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

/** Where `initdb` and `postgres` are: on the PATH, or where Debian puts them. Undefined: nowhere. */
export const postgresPrograms = ((): string | undefined => {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map((v) => join(debian, v, 'bin')) : [];
  const places = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.toSorted().toReversed(),
  ];
  return places.find((place) =>
    ['initdb', 'postgres'].every((one) => existsSync(join(place, one))),
  );
})();
if (postgresPrograms === undefined)
  process.stderr.write('PostgreSQL is not installed (Debian: postgresql): its tests are skipped\n');

export interface RunningPostgres {
  /** Address of a database that is made anew. */
  readonly database: () => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** The password of its user, with what an address must encode. */
export const postgresPassword = 'geheim/%7';

/** A PostgreSQL of its own, in a temporary folder, that asks for a password. */
export async function startPostgres(): Promise<RunningPostgres> {
  const programs = postgresPrograms ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'territory-postgres-'));
  // It refuses to run as root.
  const id = process.getuid?.() === 0 ? Number(execFileSync('id', ['-u', userName()])) : undefined;
  const rights = id === undefined ? {} : { uid: id, gid: id };
  const secret = join(folder, 'password');
  writeFileSync(secret, postgresPassword);
  if (id !== undefined) for (const one of [folder, secret]) chownSync(one, id, id);
  const data = join(folder, 'data');
  await run(
    join(programs, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'territory',
      '--pwfile',
      secret,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
    ],
    { ...rights, cwd: folder },
  );
  const port = await freePort();
  const child = spawn(
    join(programs, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      `unix_socket_directories=${folder}`,
      '-c',
      'fsync=off',
      '-c',
      'max_connections=40',
    ],
    { ...rights, cwd: folder, stdio: 'ignore' },
  );
  const urlOf = (name: string): string =>
    `postgres://territory:${encodeURIComponent(postgresPassword)}@127.0.0.1:${port}/${name}`;
  await untilUp(urlOf('postgres'));
  let made = 0;
  return {
    database: async () => {
      made += 1;
      await sql(urlOf('postgres'), `create database d${made}`);
      return urlOf(`d${made}`);
    },
    stop: async () => {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGQUIT');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function userName(): string {
  try {
    execFileSync('id', ['-u', 'postgres'], { stdio: 'ignore' });
    return 'postgres';
  } catch {
    return 'nobody';
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function untilUp(url: string): Promise<void> {
  const until = performance.now() + 30_000;
  for (;;) {
    try {
      await sql(url, 'select 1');
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await pause(50);
    }
  }
}

/** Runs a text of SQL and gives the rows of its last statement. */
export async function sql(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const result: unknown = await client.query(text);
    const last = Array.isArray(result) ? result.at(-1) : result;
    return (last as { rows: Record<string, unknown>[] }).rows;
  } finally {
    await client.end();
  }
}
