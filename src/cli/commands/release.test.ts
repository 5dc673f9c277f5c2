import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchRepository, shopRepository } from '../../release/shop.suite.ts';
import { startServer } from '../../server/compose/running.suite.ts';
import { type Ran, runHere } from '../running.suite.ts';

const store = mkdtempSync(join(tmpdir(), 'territory-release-'));
const shop = shopRepository();
const env = { PATH: process.env['PATH'] ?? '' };
const run = async (...args: readonly string[]): Promise<Ran> =>
  runHere(['release', ...args], { env });
const build = async (path: string, tag: string, ...more: readonly string[]): Promise<Ran> =>
  run('build', path, '--tag', tag, '--to', store, ...more);
const read = async (...args: readonly string[]): Promise<Ran> => run(...args, '--from', store);

beforeAll(async () => {
  await build(shop.path, 'release_1');
  await build(shop.path, 'release_2');
});

test('build prints the digest and where the artefact is', async () => {
  const { code, out, err } = await build(shop.path, 'release_1');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^shop release_1 was there already, and is whole: 6 files, 587 B, commit \w{12}\nsha256:\w{64}\n\/.+\/shop\/sha256-\w{64}\n$/,
  );
  const json = JSON.parse((await build(shop.path, 'release_1', '--json')).out) as Record<
    string,
    unknown
  >;
  expect(json).toMatchObject({
    app: 'shop',
    version: 'release_1',
    new: false,
    files: 6,
    reversible: { value: true },
  });
  expect(json['digest']).toMatch(/^sha256:[0-9a-f]{64}$/);
});

describe('exit codes', () => {
  test('2 when the tag was moved, with both commits', async () => {
    const other = scratchRepository();
    other.commit('first', { 'territory.yaml': 'app: moved\n' });
    other.git('tag', 'v1');
    expect((await build(other.path, 'v1')).code).toBe(0);
    other.commit('second');
    other.git('tag', '-f', 'v1');
    const { code, out, err } = await build(other.path, 'v1');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/named [0-9a-f]{40} when .* and names [0-9a-f]{40} now/);
    expect((await read('list', 'moved')).err).toMatch(/^refused at .*: the tag v1 was moved from /);
  });

  test('3 when the build failed', async () => {
    const other = scratchRepository();
    other.commit('first', {
      'territory.yaml': 'app: failing\nbuild: {run: "echo oh no; false"}\n',
    });
    other.git('tag', 'v1');
    const { code, err } = await build(other.path, 'v1', '--verbose');
    expect(code).toBe(3);
    expect(err).toMatch(
      /^oh no\nerror: build\.run ended with 1; it said at last:\noh no\n {7}TERR_RELEASE_BUILD/,
    );
  });

  test('2 for what is not right or not there', async () => {
    expect((await build(shop.path, 'release_3')).code).toBe(2);
    expect((await read('show', 'shop', 'release_3')).err).toContain('there are release_');
    expect((await read('show', 'shop', 'release_3')).code).toBe(2);
    expect((await read('show', 'shop', 'release_1', '--files', '--config')).code).toBe(2);
    expect((await read('diff', 'shop', 'release_1', 'release_2', '--env', 'production')).code).toBe(
      2,
    );
    const { code, err } = await read('show', 'shop', 'release_1', '--file', 'src/b.js');
    expect(code).toBe(2);
    expect(err).toContain('did you mean src/a.js?');
  });
});

test('drill down, to each file', async () => {
  const { out } = await read('show', 'shop', 'release_2');
  expect(out).toMatch(/^shop release_2\n {2}digest {8}sha256:/);
  expect(out).toMatch(/^ {2}reversible {4}no\n {4}0002_x has no down$/m);
  expect((await read('show', 'shop', 'release_2', '--files')).out).toMatch(
    /^100644 +58 {2}\w{12} {2}src\/b\.js$/m,
  );
  expect((await read('show', 'shop', 'release_2', '--migrations')).out).toMatch(
    /^orders-db +0002_x +expand +no$/m,
  );
  expect((await read('show', 'shop', 'release_2', '--config')).out).toMatch(
    /^PAYMENT_KEY +required +secret +none$/m,
  );
  const { out: file } = await read('show', 'shop', 'release_2', '--file', 'config/keys.yaml');
  expect(file).toContain('PAGE_SIZE: {default: 50}\n');
  const json = JSON.parse((await read('show', 'shop', 'release_2', '--json')).out) as unknown;
  expect(json).toMatchObject({ schema: 'territory.release/1', version: 'release_2' });
});

test('list, the last built first', async () => {
  const { out } = await read('list', 'shop');
  expect(out.split('\n').map((line) => line.split(/ +/)[1])).toEqual([
    'Version',
    'release_2',
    'release_1',
    undefined,
  ]);
  expect(JSON.parse((await read('list', '--json')).out)).toContainEqual(
    expect.objectContaining({ app: 'shop', version: 'release_1' }),
  );
  expect((await run('list', '--from', '/nowhere')).out).toBe('nothing was built in /nowhere yet\n');
});

describe('diff', () => {
  const values = join(store, 'values.yaml');
  writeFileSync(values, 'DB_URL: postgres://hunter2\n');

  test('what has to be seen first, then part by part', async () => {
    const { code, out, err } = await read(
      'diff',
      'shop',
      'release_1',
      'release_2',
      '--env',
      'production',
      '--values',
      values,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/[0-9a-f]{10} Merge/, 'COMMIT Merge'))
      .toBe(`shop release_1 → release_2  incompatible
! warning: orders-db: 0002_x is irreversible
! error: PAYMENT_KEY is required and has no value in production

commits  code
  + COMMIT Merge pull request #7 from shop/pay (Ada)
    names #7, SHOP-12
    source files: 2 added, 1 deleted, 2 modified, 0 renamed
files  code
  + migrations/0002_x.up.sql
  + src/b.js
  - src/a.js
  ~ config/keys.yaml
  ~ package-lock.json
migrations  migration-expand
  + orders-db 0002_x, expand, irreversible
    to take them back: 0002_x irreversible
config  incompatible
  + PAYMENT_KEY, required, secret, unset in production
  ~ PAGE_SIZE 20 → 50
dependencies  dependency
  ~ left 1.0.0 → 1.1.0
  - gone 2.0.0
  + new 0.1.0
contracts  none
smoke  none
needs  none
`);
  });

  test('as JSON; without values nothing is said of an environment', async () => {
    const { out } = await read('diff', 'shop', 'release_1', 'release_2', '--json');
    expect(JSON.parse(out)).toMatchObject({
      app: 'shop',
      level: 'migration-expand',
      removesCommits: 0,
      parts: { config: { environment: null, unset: [] } },
    });
  });

  test('the other way round it removes a commit', async () => {
    const { out } = await read('diff', 'shop', 'release_2', 'release_1');
    expect(out).toMatch(/^! warning: this deploy removes 1 commit$/m);
    expect(out).toMatch(/^ {2}- \w{10} Merge pull request #7/m);
    expect(out).toMatch(/^ {2}~ left 1\.1\.0 → 1\.0\.0, DOWNGRADED$/m);
  });

  test('without a repository nothing is said of commits', async () => {
    const { out, err } = await read('diff', 'shop', 'release_1', 'release_2', '--repo', '/nowhere');
    expect(err).toBe(
      'commits are not known: not in /nowhere (or cut off there); name it with --repo\n',
    );
    expect(out).toMatch(/^commits {2}none\n {4}not known$/m);
  });

  test.each([
    ['A: [1', 'it is no YAML'],
    ['- hunter2', 'names and values are expected'],
    ['staging: {DB_URL: hunter2}', '"staging" is no value'],
  ])('values that are none: %s', async (text, message) => {
    const file = join(store, 'bad.yaml');
    writeFileSync(file, text);
    const { code, err } = await read(
      'diff',
      'shop',
      'release_1',
      'release_2',
      '--env',
      'production',
      '--values',
      file,
    );
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('hunter2');
  });
});

test('push sends a release to the server, once; build --push builds and sends', async () => {
  const { url, token, close } = await startServer();
  const there = { ...env, TERRITORY_URL: url, TERRITORY_TOKEN: token };
  const push = async (...args: readonly string[]): Promise<Ran> =>
    runHere(['release', ...args], { env: there });
  const first = await push('push', 'shop', 'release_1', '--from', store);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toMatch(
    /^shop release_1 is on http:\S+ now: 587 B of 587 B were sent\nsha256:\w{64}\n$/,
  );
  const again = await push('push', 'shop', 'release_1', '--from', store, '--json');
  expect(JSON.parse(again.out)).toMatchObject({ app: 'shop', new: false, sent: 0, files: 6 });
  const built = await push('build', shop.path, '--tag', 'release_2', '--to', store, '--push');
  expect(built.out).toMatch(/^sent to the server: 421 B$/m);
  const unknown = await push('push', 'shop', 'release_9', '--from', store);
  expect(unknown).toMatchObject({ code: 2, out: '' });
  const wrong = { ...there, TERRITORY_TOKEN: 'tty_wrong' };
  const args = ['release', 'push', 'shop', 'release_1', '--from', store];
  expect((await runHere(args, { env: wrong })).code).toBe(4);
  await close();
});
