import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../errors/coded-error.ts';
import { build } from './build.suite.ts';
import { type Scratch, scratchFolder, scratchRepository } from './shop.suite.ts';
import { listEntries, listRefusals } from './store.ts';

/** A repository with one commit and the tag v1. */
function tagged(files: Readonly<Record<string, string>>): Scratch {
  const repository = scratchRepository();
  repository.commit('first', { 'territory.yaml': 'app: shop\n', ...files });
  repository.git('tag', 'v1');
  return repository;
}

async function refused(what: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await what.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CodedError)) throw new Error(`not refused: ${String(error)}`);
  return { code: error.code, message: error.message };
}

/** Everything below the application in a store, without what a build under way has there. */
const inStore = (store: string): string[] =>
  existsSync(join(store, 'shop')) ? readdirSync(join(store, 'shop')).toSorted() : [];

describe('the same bytes twice', () => {
  test('another store, another clone, another day: the same digest', async () => {
    const one = tagged({ 'a.js': 'a', 'bin/run': '#!/bin/sh\n' });
    const clone = scratchFolder();
    one.git('clone', '-q', '--bare', one.path, join(clone, 'shop.git'));
    const first = await build({ path: one.path, tag: 'v1' });
    const second = await build({
      path: join(clone, 'shop.git'),
      tag: 'v1',
      now: () => Date.parse('2026-03-01'),
    });
    expect(second.release.digest).toBe(first.release.digest);
    expect(second.place).not.toBe(first.place);
    expect(first.release.files.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      '100644 a.js',
      '100755 bin/run',
      '100644 territory.yaml',
    ]);
  });

  test('built again, nothing is written', async () => {
    const { path } = tagged({});
    const first = await build({ path, tag: 'v1' });
    const file = join(first.place, 'release.json');
    const before = statSync(file);
    for (const again of [false, true]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const second = await build({ path, tag: 'v1', store: first.store, again, now: Date.now });
      expect(second).toMatchObject({ isNew: false, place: first.place });
      expect(second.release).toEqual(first.release);
      expect(statSync(file)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    }
  });

  test('two versions with the same files share one artefact', async () => {
    const repository = tagged({});
    const first = await build({ path: repository.path, tag: 'v1' });
    repository.commit('nothing');
    repository.git('tag', 'rel/2');
    const second = await build({ path: repository.path, tag: 'rel/2', store: first.store });
    expect(second).toMatchObject({
      isNew: false,
      place: first.place,
      release: { version: 'rel/2', source: { previous: 'v1' } },
    });
    expect(
      (await listEntries(first.store, 'shop')).map(({ version }) => version).toSorted(),
    ).toEqual(['rel/2', 'v1']);
  });

  test('a build that gives other bytes is told, and the first one stays', async () => {
    const { path } = tagged({ 'territory.yaml': 'app: shop\nbuild: {run: "date +%s%N > when"}\n' });
    const first = await build({ path, tag: 'v1' });
    const { code, message } = await refused(
      build({ path, tag: 'v1', store: first.store, again: true }),
    );
    expect(code).toBe('TERR_RELEASE_ARTEFACT');
    expect(message).toContain('when is the first file that differs');
    expect((await build({ path, tag: 'v1', store: first.store })).release.digest).toBe(
      first.release.digest,
    );
    expect(inStore(first.store)).toHaveLength(2);
  });
});

describe('what is refused by a rule', () => {
  test('a moved tag; both commits are named, and it is written down', async () => {
    const repository = tagged({});
    const was = repository.git('rev-parse', 'v1');
    const { store } = await build({ path: repository.path, tag: 'v1' });
    const is = repository.commit('second', { 'a.js': 'a' });
    repository.git('tag', '-f', 'v1');
    const { code, message } = await refused(build({ path: repository.path, tag: 'v1', store }));
    expect(code).toBe('TERR_RELEASE_MOVED');
    expect(message).toContain(was);
    expect(message).toContain(is);
    expect(await listRefusals(store, 'shop')).toMatchObject([{ version: 'v1', was, is }]);
  });

  test('a work tree with changes, but only where HEAD is built', async () => {
    const { path, git } = tagged({ 'a.js': 'a' });
    const store = join(path, 'territory-data/artefacts');
    // The store itself is no change.
    const head = await build({ path, store });
    expect(head.release).toMatchObject({
      version: git('rev-parse', 'HEAD').slice(0, 12),
      source: { tag: null },
    });
    await build({ path, store });
    writeFileSync(join(path, 'a.js'), 'changed');
    const { code, message } = await refused(build({ path, store }));
    expect(code).toBe('TERR_RELEASE_DIRTY');
    expect(message).toContain('a.js');
    const byTag = await build({ path, store, tag: 'v1' });
    expect(readFileSync(join(byTag.place, 'files/a.js'), 'utf8')).toBe('a');
  });

  test.each(['none', 'main', '-q', 'v1^{commit}', 'v1~0', ''])(
    'a tag that is none: %j',
    async (tag) => {
      const { path } = tagged({});
      expect((await refused(build({ path, tag }))).code).toBe('TERR_RELEASE_TAG');
    },
  );

  test('an artefact that was edited in its place', async () => {
    const { path } = tagged({ 'a.js': 'a' });
    const { place, store } = await build({ path, tag: 'v1' });
    chmodSync(join(place, 'files/a.js'), 0o644);
    writeFileSync(join(place, 'files/a.js'), 'b');
    const { code, message } = await refused(build({ path, tag: 'v1', store }));
    expect(code).toBe('TERR_RELEASE_ARTEFACT');
    expect(message).toContain('files/a.js has other content');
  });
});

describe('what can not be built', () => {
  test.each([
    [
      'TERR_RELEASE_BUILD',
      'ended with 3; it said at last:\nno luck',
      'build: {run: "echo no luck >&2; exit 3"}',
    ],
    ['TERR_RELEASE_BUILD', 'ended with SIGKILL; it said nothing', 'build: {run: "kill -9 $$"}'],
    ['TERR_RELEASE_BUILD', 'took more than 1 s', 'build: {run: sleep 60, limit: 1s}'],
    [
      'TERR_RELEASE_CONTENT',
      'build.include matches none',
      'build: {run: rm territory.yaml, include: [dist]}',
    ],
    ['TERR_RELEASE_CONTENT', 'links to /etc/passwd', 'build: {run: ln -s /etc/passwd a}'],
    ['TERR_RELEASE_CONTENT', 'links to ../../x', 'build: {run: mkdir d && ln -s ../../x d/a}'],
    ['TERR_RELEASE_CONTENT', 'neither a file nor a symbolic link', 'build: {run: mkfifo pipe}'],
    ['TERR_RELEASE_CONTENT', 'keys.yaml:1:5: there is no "requird"', 'config: {keys: keys.yaml}'],
    ['TERR_RELEASE_MANIFEST', 'territory.yaml:2:1: there is no "bild"', 'bild: {}'],
  ])('%s: %s', async (code, message, line) => {
    const { path } = tagged({
      'territory.yaml': `app: shop\n${line}\n`,
      'keys.yaml': 'A: {requird: true}\n',
    });
    const store = scratchFolder();
    const said = await refused(build({ path, tag: 'v1', store }));
    expect(said.code).toBe(code);
    expect(said.message).toContain(message);
    // Nothing half stays behind.
    expect(inStore(store)).toEqual([]);
  });

  test('no repository, no manifest', async () => {
    expect((await refused(build({ path: scratchFolder() }))).code).toBe('TERR_RELEASE_REPOSITORY');
    expect((await refused(build({ path: '/nowhere' }))).code).toBe('TERR_RELEASE_REPOSITORY');
    const { path, git } = scratchRepository();
    git('commit', '-q', '--allow-empty', '-m', 'nothing');
    expect((await refused(build({ path }))).code).toBe('TERR_RELEASE_MANIFEST');
  });

  test('a build that is broken off ends with all that it started', async () => {
    const mark = join(scratchFolder(), 'pid');
    const { path } = tagged({
      'territory.yaml': `app: shop\nbuild: {run: "sleep 300 & echo $! > ${mark}; wait"}\n`,
    });
    const stop = new AbortController();
    const building = build({ path, tag: 'v1', signal: stop.signal }).catch(
      (error: unknown) => error,
    );
    await expect
      .poll(() => existsSync(mark) && readFileSync(mark, 'utf8') !== '', { timeout: 10_000 })
      .toBe(true);
    const pid = Number(readFileSync(mark, 'utf8'));
    stop.abort(new Error('enough'));
    expect(await building).toMatchObject({ message: 'enough' });
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });
});

/** A zombie that nobody waits for is no longer running. */
const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) &&
  !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe('how it is built', () => {
  test('in the folder of the application, with packages beside it, by a clean environment', async () => {
    const repository = scratchRepository();
    repository.commit('first', {
      'lib/x': 'x',
      'services/shop/territory.yaml':
        'app: shop\nbuild: {run: "cp ../../lib/x . && env > env", include: [x, env]}\n',
      'services/shop/a.js': 'a',
    });
    repository.git('tag', 'v1');
    const { place, release } = await build({
      path: join(repository.path, 'services/shop'),
      tag: 'v1',
      env: { PATH: process.env['PATH'], NPM_TOKEN: 'hunter2' },
    });
    expect(release.files.map(({ path }) => path)).toEqual(['env', 'territory.yaml', 'x']);
    expect(release.source.path).toBe('services/shop');
    const env = readFileSync(join(place, 'files/env'), 'utf8');
    expect(env).not.toContain('hunter2');
    expect(env).toContain(`TERRITORY_COMMIT=${release.source.commit}\n`);
    expect(env).toMatch(/^SOURCE_DATE_EPOCH=17672\d+$/m);
  });

  test('what a build leaves running is ended, and does not hold it up', async () => {
    const { path } = tagged({
      'territory.yaml': 'app: shop\nbuild: {run: "sleep 300 & echo $! > pid"}\n',
    });
    const { place } = await build({ path, tag: 'v1' });
    const pid = Number(readFileSync(join(place, 'files/pid'), 'utf8'));
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });

  test('links inside of the artefact are kept, files of odd names too', async () => {
    const repository = scratchRepository();
    mkdirSync(join(repository.path, 'd'));
    symlinkSync('../a b', join(repository.path, 'd/link'));
    repository.commit('first', {
      'territory.yaml': 'app: shop\n',
      'a b': 'x',
      'ü\n"': 'y',
      'd/--help': 'z',
    });
    repository.git('tag', 'v1');
    const { place, release } = await build({ path: repository.path, tag: 'v1' });
    expect(release.files.map(({ path }) => path)).toEqual([
      'a b',
      'd/--help',
      'd/link',
      'territory.yaml',
      'ü\n"',
    ]);
    expect(lstatSync(join(place, 'files/d/link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(place, 'files/d/link'), 'utf8')).toBe('x');
  });

  test('nothing of it stays in the scratch space', async () => {
    const { path } = tagged({});
    await build({ path, tag: 'v1' });
    expect(readdirSync(tmpdir()).filter((name) => name.includes(`~${process.pid}~`))).toEqual([]);
  });
});

test('ten builds of one tag at the same time end in one artefact', async () => {
  const { path } = tagged({
    'a.js': 'a',
    'territory.yaml': 'app: shop\nbuild: {run: "sleep 0.2; echo b > b"}\n',
  });
  const store = scratchFolder();
  const all = await Promise.all(
    Array.from({ length: 10 }, async () => build({ path, tag: 'v1', store })),
  );
  expect(new Set(all.map(({ release }) => release.digest)).size).toBe(1);
  expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(inStore(store)).toEqual([`sha256-${all[0]?.release.digest.slice(7)}`, 'versions']);
});

test('ten builds that each give other bytes end in one version', async () => {
  const { path } = tagged({ 'territory.yaml': 'app: shop\nbuild: {run: "date +%s%N > when"}\n' });
  const store = scratchFolder();
  const all = await Promise.all(
    Array.from({ length: 10 }, async () => build({ path, tag: 'v1', store })),
  );
  expect(new Set(all.map(({ release }) => release.digest)).size).toBe(1);
  expect(await listEntries(store, 'shop')).toMatchObject([{ digest: all[0]?.release.digest }]);
});
