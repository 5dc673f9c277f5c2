import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasCommand } from '../../intake/nagios/installed.suite.ts';
import { build } from '../../release/build.suite.ts';
import { scratchRepository } from '../../release/shop.suite.ts';
import type { Release } from '../../rooms/releases/artefact/release.ts';
import type { InstanceWish } from '../../runner/instance/instance.ts';
import { openInstances } from '../../runner/instance/open-instances.ts';
import { upOf } from '../../runner/migrations/known.ts';
import { sqliteMigrator } from '../../runner/migrations/sqlite.ts';
import { type Ran, runHere } from '../running.suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'territory-migrations-cli-'));
const home = join(folder, 'home');
const database = join(folder, 'orders.db');
const instances = openInstances({ home, now: Date.now, onEvent: () => {} });
const releases: Release[] = [];
/** Versions that the server hears of; undefined: it does not answer. */
let heard: readonly string[] | undefined = [];
let server: Server;

const run = async (...args: readonly string[]): Promise<Ran> => {
  const [what = '', ...more] = args;
  const config = ['--in', 'staging', '--config', join(folder, 'runner.yaml')];
  return runHere(['migrations', what, 'shop', ...config, ...more], {
    env: { PATH: process.env['PATH'] ?? '' },
  });
};

const wish = (slot: string, { version, digest }: Release): InstanceWish => ({
  app: 'shop',
  environment: 'staging',
  slot,
  version,
  digest,
  folder,
  start: 'exec sleep 600',
  port: 1,
  env: {},
  wanted: 'up',
});

const files = {
  'territory.yaml': 'app: shop\ndatabase: {orders-db: {migrations: migrations/}}\n',
  'migrations/0001_orders.up.sql': 'create table orders (id int, note text);\n',
  'migrations/0001_orders.down.sql': 'drop table orders;\n',
};
const later = {
  ...files,
  'migrations/0002_note.up.sql': '-- phase: contract\nalter table orders drop column note;\n',
};

beforeAll(async () => {
  const { path, commit, git } = scratchRepository();
  for (const [tag, all] of [
    ['release_1', files],
    ['release_2', later],
  ] as const) {
    commit(tag, all);
    git('tag', tag);
    releases.push((await build({ path, tag, store: join(home, 'artefacts') })).release);
  }
  server = createServer((_, answer) => {
    answer.writeHead(heard ? 200 : 503, { 'content-type': 'application/json' });
    const runs = (heard ?? []).map((version) => ({ version, share: 1, count: 1, instances: [] }));
    answer.end(JSON.stringify({ lanes: [{ app: 'shop', environment: 'staging', runs }] }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  writeFileSync(
    join(folder, 'runner.yaml'),
    `server: http://127.0.0.1:${port}
token: tty_x
home: ${home}
environments:
  staging:
    databases: {orders-db: {sqlite: ${database}}}
`,
  );
});
afterAll(async () => {
  for (const { wish: one } of await instances.list()) await instances.stop(one, 0);
  await new Promise((done) => server.close(done));
});

test.skipIf(!hasCommand('sqlite3', 'sqlite3'))(
  'the old shape is taken away when nothing needs it any more, and a step back is shown first',
  async () => {
    const [first, second] = releases as [Release, Release];
    const [blue, green] = [wish('blue-1', first), wish('green-1', second)];
    expect((await run('contract')).err).toContain('no instance of shop runs here in staging');

    const texts = first.migrations.map(async (one) =>
      upOf(
        {
          release: first,
          files: join(home, 'artefacts/shop', first.digest.replace(':', '-'), 'files'),
        },
        one,
      ),
    );
    const never = new AbortController().signal;
    await sqliteMigrator({ db: 'orders-db', file: database }).run(
      (await Promise.all(texts)).filter((one) => one !== undefined),
      { version: 'release_1', say: () => {}, signal: never },
    );
    await instances.start(blue);
    expect((await run('contract')).err).toBe('nothing is left to be taken away\n');
    const { out, code } = await run('show');
    expect(code).toBe(0);
    expect(out).toMatch(/^orders-db, beside release_1\n.*\n0001_orders +expand +release_1 /);

    await instances.start(green);
    const both = await run('contract');
    expect(both.code).toBe(2);
    expect(both.err).toBe(
      'refused: blue-1 runs release_1, which may need what 0002_note takes away\n',
    );
    await instances.stop(blue, 0);
    expect((await run('contract')).err).toContain('blue-1 (kept for the way back) runs release_1');
    await instances.forget(blue);
    heard = ['release_1', 'release_2'];
    expect((await run('contract')).err).toContain('an instance of another machine runs release_1');
    heard = ['release_7'];
    expect((await run('contract')).err).toContain('release_7, of which no artefact is known');
    heard = undefined;
    expect((await run('contract')).err).toContain(
      'refused: nobody knows what runs on this database now',
    );

    const dry = await run('contract', '--dry-run', '--only-here');
    expect({ ...dry, err: '' }).toEqual({
      code: 0,
      out: 'orders-db 0002_note\n  alter table orders drop column note\n',
      err: '',
    });
    expect((await run('show')).out).toContain('left for later (contract): 0002_note\n');
    expect(await run('contract', '--only-here')).toMatchObject({
      code: 0,
      err: expect.stringMatching(
        /^orders-db: 0002_note \(contract\)\norders-db: 0002_note done in /,
      ),
    });
    expect(
      (JSON.parse((await run('show', '--json')).out) as { applied: unknown[] }[])[0]?.applied,
    ).toHaveLength(2);

    const refused = await run('down', '--db', 'orders-db', '--to', 'none', '--yes');
    expect(refused.code).toBe(2);
    expect(refused.out).toBe(
      '0002_note  can not be taken back: no artefact here has a down for it\n0001_orders  LOSES drop table orders\n',
    );
    expect(refused.err).toContain(
      'warning: green-1 runs release_2, which was written for 0001_orders, 0002_note\n',
    );
  },
  60_000,
);

test.skipIf(!hasCommand('sqlite3', 'sqlite3'))('down does nothing without --yes', async () => {
  const file = join(folder, 'other.db');
  const own = readFileSync(join(folder, 'runner.yaml'), 'utf8').replace(database, file);
  const config = join(folder, 'other.yaml');
  writeFileSync(config, own);
  const [first] = releases as [Release];
  const known = {
    release: first,
    files: join(home, 'artefacts/shop', first.digest.replace(':', '-'), 'files'),
  };
  const up = await Promise.all(first.migrations.map(async (one) => upOf(known, one)));
  const never = new AbortController().signal;
  const migrator = sqliteMigrator({ db: 'orders-db', file });
  await migrator.run(
    up.filter((one) => one !== undefined),
    { version: 'release_1', say: () => {}, signal: never },
  );
  const down = async (...more: string[]) =>
    runHere(
      [
        'migrations',
        'down',
        'shop',
        '--in',
        'staging',
        '--config',
        config,
        '--db',
        'orders-db',
        ...more,
      ],
      {
        env: { PATH: process.env['PATH'] ?? '' },
      },
    );
  expect((await down('--to', 'nosuch')).err).toContain('nosuch did not run on orders-db');
  expect((await down('--to', '0001_orders')).err).toBe('nothing ran after 0001_orders\n');
  expect((await down('--to', 'none')).err).toContain('nothing was done; --yes does it\n');
  expect(await migrator.applied(never)).toHaveLength(1);
  expect((await down('--to', 'none', '--yes')).code).toBe(0);
  expect(await migrator.applied(never)).toEqual([]);
});
