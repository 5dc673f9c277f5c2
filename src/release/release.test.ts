import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRelease } from '../rooms/releases/artefact/canonical.ts';
import { build } from './build.suite.ts';
import { compareReleases } from './compare.ts';
import { scratchFolder, scratchRepository, shopRepository } from './shop.suite.ts';
import { readTarget } from './values.ts';

describe('two releases of a shop (the example of the design)', async () => {
  const shop = shopRepository();
  const store = scratchFolder();
  const one = await build({ path: shop.path, store, tag: 'release_1' });
  const two = await build({ path: shop.path, store, tag: 'release_2' });
  const values = join(store, 'values.yaml');
  writeFileSync(values, 'production: {DB_URL: postgres://secret}\n');
  const { diff, commitsUnknown } = await compareReleases({
    store,
    app: 'shop',
    from: 'release_1',
    to: 'release_2',
    repository: undefined,
    target: await readTarget('production', values),
    signal: new AbortController().signal,
  });

  test('an artefact has the files of its commit, read-only, and says what it is', () => {
    expect(one.isNew).toBe(true);
    expect(one.release).toMatchObject({
      app: 'shop',
      version: 'release_1',
      source: { commit: shop.git('rev-parse', 'release_1'), tag: 'release_1', previous: null },
      reversible: { value: true, why: [] },
    });
    const file = join(one.place, 'files/src/a.js');
    expect(readFileSync(file, 'utf8')).toContain('hello');
    expect(statSync(file).mode & 0o777).toBe(0o444);
    expect(readRelease(readFileSync(join(one.place, 'release.json'), 'utf8')).release).toEqual(
      one.release,
    );
  });

  test('commits: one added with its pull request and issue, none removed', () => {
    expect(commitsUnknown).toBeUndefined();
    expect(diff.parts.commits).toMatchObject({
      added: [{ pullRequests: [7], issues: ['SHOP-12'] }],
      removed: [],
      pullRequests: [7],
      issues: ['SHOP-12'],
    });
    expect(diff.removesCommits).toBe(0);
  });

  test('files: A2 D1 M2, in the source and in what the server gets', () => {
    const { added, deleted, modified } = diff.parts.files;
    expect(added.map(({ path }) => path)).toEqual(['migrations/0002_x.up.sql', 'src/b.js']);
    expect(deleted.map(({ path }) => path)).toEqual(['src/a.js']);
    expect(modified.map(({ path }) => path)).toEqual(['config/keys.yaml', 'package-lock.json']);
    expect(diff.parts.commits.source?.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'M config/keys.yaml',
      'A migrations/0002_x.up.sql',
      'M package-lock.json',
      'D src/a.js',
      'A src/b.js',
    ]);
  });

  test('migrations: 0002 can not be taken back', () => {
    expect(two.release.reversible).toEqual({ value: false, why: ['0002_x has no down'] });
    expect(two.release.source.previous).toBe('release_1');
    expect(diff.parts.migrations).toMatchObject({
      level: 'migration-expand',
      added: [{ id: '0002_x', phase: 'expand', down: false }],
      removed: [],
      changed: [],
      gaps: [],
      back: [{ id: '0002_x', by: null }],
    });
  });

  test('config: a new secret without a value in production refuses; a default moved', () => {
    expect(diff.parts.config).toMatchObject({
      level: 'incompatible',
      added: [{ name: 'PAYMENT_KEY', required: true, secret: true }],
      removed: [],
      changed: [{ name: 'PAGE_SIZE', before: { default: '20' }, after: { default: '50' } }],
      environment: 'production',
      unset: [{ name: 'PAYMENT_KEY' }],
    });
    expect(diff.notices).toContainEqual({
      severity: 'error',
      part: 'config',
      message: 'PAYMENT_KEY is required and has no value in production',
    });
    expect(JSON.stringify(diff)).not.toContain('postgres://');
  });

  test('dependencies: one upgraded, one gone, one new', () => {
    expect(diff.parts.dependencies).toMatchObject({
      added: [{ name: 'new', version: '0.1.0', direct: true }],
      removed: [{ name: 'gone', version: '2.0.0' }],
      upgraded: [{ name: 'left', before: ['1.0.0'], after: ['1.1.0'], direct: true }],
      downgraded: [],
    });
  });

  test('going back removes the commit, and says so', async () => {
    const { diff: back } = await compareReleases({
      store,
      app: 'shop',
      from: 'release_2',
      to: 'release_1',
      repository: undefined,
      target: undefined,
      signal: new AbortController().signal,
    });
    expect(back.removesCommits).toBe(1);
    expect(back.notices[0]?.message).toBe('this deploy removes 1 commit');
    expect(back.parts.dependencies.downgraded).toMatchObject([{ name: 'left' }]);
  });
});

test('of a folder, the commits that touch it, and the merges that brought them', async () => {
  const repository = scratchRepository();
  const app = { 'shop/territory.yaml': 'app: shop\n', 'other/a': 'a' };
  repository.commit('first', app);
  repository.git('tag', 'v1');
  repository.git('checkout', '-q', '-b', 'pay');
  repository.commit('Take payments', { 'shop/pay.js': 'pay' });
  repository.git('checkout', '-q', 'main');
  repository.commit('Something else', { 'other/a': 'b' });
  repository.git('merge', '-q', '--no-ff', 'pay', '-m', 'Merge pull request #9 from pay');
  repository.git('tag', 'v2');
  const store = scratchFolder();
  const path = join(repository.path, 'shop');
  await build({ path, store, tag: 'v1' });
  await build({ path, store, tag: 'v2' });
  const compared = {
    store,
    app: 'shop',
    from: 'v1',
    to: 'v2',
    target: undefined,
    signal: new AbortController().signal,
  };
  const { diff } = await compareReleases({ ...compared, repository: undefined });
  expect(diff.parts.commits.added?.map(({ title }) => title)).toEqual([
    'Merge pull request #9 from pay',
    'Take payments',
  ]);
  expect(diff.parts.commits).toMatchObject({
    pullRequests: [9],
    source: [{ kind: 'A', path: 'shop/pay.js', added: 1, deleted: 0 }],
  });

  // Where the past between them was cut off, nothing is known.
  const shallow = join(scratchFolder(), 'clone');
  repository.git(
    '-c',
    'advice.detachedHead=false',
    'clone',
    '-q',
    '--depth',
    '1',
    '--branch',
    'v2',
    `file://${repository.path}`,
    shallow,
  );
  repository.git('-C', shallow, 'fetch', '-q', '--depth', '1', 'origin', 'tag', 'v1');
  const cut = await compareReleases({ ...compared, repository: shallow });
  expect(cut.commitsUnknown).toContain('cut off');
  expect(cut.diff.parts.commits.added).toBeNull();
});

test('files that were renamed, and binary ones', async () => {
  const repository = scratchRepository();
  repository.commit('first', { 'territory.yaml': 'app: shop\n', 'old name': 'one\ntwo\nthree\n' });
  repository.git('tag', 'v1');
  repository.commit('second', {
    'old name': null,
    'new name': 'one\ntwo\nthree\nfour\n',
    binary: 'a\0b',
  });
  repository.git('tag', 'v2');
  const store = scratchFolder();
  await build({ path: repository.path, store, tag: 'v1' });
  await build({ path: repository.path, store, tag: 'v2' });
  const { diff } = await compareReleases({
    store,
    app: 'shop',
    from: 'v1',
    to: 'v2',
    repository: undefined,
    target: undefined,
    signal: new AbortController().signal,
  });
  expect(diff.parts.commits.source).toEqual([
    {
      kind: 'A',
      path: 'binary',
      from: null,
      mode: ['000000', '100644'],
      added: null,
      deleted: null,
    },
    {
      kind: 'R',
      path: 'new name',
      from: 'old name',
      mode: ['100644', '100644'],
      added: 1,
      deleted: 0,
    },
  ]);
});
