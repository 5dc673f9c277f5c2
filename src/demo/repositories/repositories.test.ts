import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildRelease } from '../../release/build.ts';
import { readCommits } from '../../intake/git/commits.ts';
import { referencesOf } from '../../intake/git/references.ts';
import { changesOf, readChange } from './changes.ts';
import {
  branchChange,
  commitChange,
  mergeBranch,
  nextOf,
  revertChange,
  tagRelease,
} from './commit.ts';
import { git } from './git.ts';
import { seedRepositories } from './seed.ts';
import { smallChange } from './small-changes.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const example = join(import.meta.dirname, '../../../examples/newsroom');
const start = Date.UTC(2026, 10, 2, 9);
const now = (): number => start;

let folder = '';
const site = (): string => join(folder, 'site');

let made = '';
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'newsroom-'));
  await seedRepositories({ example, folder: made, now, tools: { migrations: 'runner' } });
});
afterAll(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'newsroom-'));
  cpSync(made, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const change = (part: string) => {
  const found = changesOf('site', example).find(({ id }) => id.includes(part));
  if (found === undefined) throw new Error(`there is no change ${part}`);
  return found;
};

async function commits(path: string) {
  const found = [];
  const range = { hasHead: true, stat: false };
  for await (const commit of readCommits(path, range, new AbortController().signal))
    found.push({ ...commit, refers: referencesOf(commit) });
  return found;
}

describe('a repository that is made', () => {
  it('holds what the example holds, and no more', async () => {
    const there = (await git(site(), ['ls-files'])).split('\n');
    expect(there).toContain('territory.yaml');
    for (const file of there)
      expect(readFileSync(join(site(), file))).toEqual(readFileSync(join(example, 'site', file)));
    expect(await git(site(), ['status', '--porcelain'])).toBe('');
  });

  it('has a history of several people, pull requests and cards, up to a release', async () => {
    const all = await commits(site());
    expect(new Set(all.map(({ author }) => author.name)).size).toBeGreaterThan(2);
    const merges = all.filter(({ parents }) => parents.length === 2);
    expect(merges.map(({ refers }) => refers['vcs.change.id'])).toEqual([
      '2',
      '3',
      '5',
      '6',
      '8',
      '9',
    ]);
    for (const merge of merges) expect(merge.refers['card.id']).toMatch(/^NEWS-\d+$/);
    expect(all.every(({ author }) => author.time < start - 86_400_000)).toBe(true);
    expect(await nextOf(site())).toEqual({ number: 10, tag: 'release_3', last: 'release_2' });
    expect(await git(site(), ['describe', '--exact-match'])).toBe('release_2');
  });

  it('is what Territory builds releases from', async () => {
    const { release } = await buildRelease({
      path: site(),
      tag: 'release_2',
      store: join(folder, 'artefacts'),
      again: false,
      env: { PATH: process.env['PATH'] },
      now,
      onOutput: () => undefined,
      signal: new AbortController().signal,
    });
    expect(release).toMatchObject({ app: 'site', version: 'release_2' });
    expect(release.migrations.map(({ id, phase }) => `${id} ${phase}`)).toEqual([
      '0001_people expand',
      '0002_orders expand',
      '0003_letters expand',
    ]);
  });

  it('is left as it is when it is there already', async () => {
    writeFileSync(join(site(), 'README.md'), 'mine');
    await seedRepositories({ example, folder, now, tools: { migrations: 'runner' } });
    expect(readFileSync(join(site(), 'README.md'), 'utf8')).toBe('mine');
  });

  it('migrates itself where nobody else can', async () => {
    const other = join(folder, 'other');
    await seedRepositories({ example, folder: other, now, tools: { migrations: 'site' } });
    const manifest = readFileSync(join(other, 'site/territory.yaml'), 'utf8');
    expect(manifest).not.toContain('database:');
    expect(manifest).toContain('start: node migrate.js && exec node main.js\n');
  });
});

describe('a change', () => {
  it('is committed, merged and in the work tree', async () => {
    const landed = await commitChange(site(), change('price-in-results'), { number: 10, now });
    const all = await commits(site());
    expect(all.at(-1)).toMatchObject({
      sha: landed.merge,
      title: 'Merge pull request #10 from newsroom/price-in-results',
      refers: { 'vcs.change.id': '10', 'card.id': 'NEWS-27' },
    });
    expect(all.find(({ sha }) => sha === landed.commit)).toMatchObject({
      title: 'NEWS-27: show the price in the results',
      author: { name: 'Priya Raman', time: start },
    });
    expect(readFileSync(join(site(), 'parts/search.js'), 'utf8')).toContain('priceOf');
    expect(await git(site(), ['status', '--porcelain'])).toBe('');
    expect(await git(site(), ['branch', '--format=%(refname:short)'])).toBe('main');
  });

  it('leaves main alone while it is on a branch, and is merged with what came meanwhile', async () => {
    const first = await branchChange(site(), change('how-many'), { number: 10, now });
    const second = await branchChange(site(), change('search-by-key'), { number: 11, now });
    expect(await nextOf(site())).toMatchObject({ number: 10 });
    await mergeBranch(site(), second, { number: 11, now });
    await mergeBranch(site(), first, { number: 10, now });
    expect(readFileSync(join(site(), 'parts/home.js'), 'utf8')).toContain('clips to choose from');
    expect(existsSync(join(site(), 'static/keys.js'))).toBe(true);
    expect(await git(site(), ['status', '--porcelain'])).toBe('');
  });

  it('is taken back by another one', async () => {
    const tree = await git(site(), ['rev-parse', 'main^{tree}']);
    const landed = await commitChange(site(), change('amount-in-eur'), { number: 10, now });
    const reverted = await revertChange(site(), landed, { number: 11, now });
    expect(await git(site(), ['rev-parse', 'main^{tree}'])).toBe(tree);
    expect(existsSync(join(site(), 'migrations/0005_amount_in_eur.up.sql'))).toBe(false);
    const told = (await commits(site())).find(({ sha }) => sha === reverted.commit);
    expect(told?.trailers).toContainEqual(['Reverts', landed.merge]);
  });

  it('is refused where the work tree has other changes of the same file, and nothing moves', async () => {
    const before = await git(site(), ['rev-parse', 'main']);
    writeFileSync(join(site(), 'parts/home.js'), '// mine\n');
    await expect(commitChange(site(), change('how-many'), { number: 10, now })).rejects.toThrow(
      'parts/home.js',
    );
    expect(await git(site(), ['rev-parse', 'main'])).toBe(before);
    expect(readFileSync(join(site(), 'parts/home.js'), 'utf8')).toBe('// mine\n');
  });

  it('goes on where a demo was killed between main and the work tree', async () => {
    const landed = await commitChange(site(), change('how-many'), { number: 10, now });
    // As it is then: main is there, index and work tree are where they were.
    await git(site(), ['read-tree', '-m', '-u', landed.merge, `${landed.merge}^1`]);
    await commitChange(site(), change('search-by-key'), { number: 11, now });
    expect(await git(site(), ['status', '--porcelain'])).toBe('');
    expect(readFileSync(join(site(), 'parts/home.js'), 'utf8')).toContain('clips to choose from');
  });

  it('that changes nothing is none', async () => {
    await commitChange(site(), change('how-many'), { number: 10, now });
    await expect(
      commitChange(site(), change('how-many'), { number: 11, now }),
    ).rejects.toMatchObject({
      code: 'TERR_DEMO_GIT',
    });
  });

  it('says in its file what it is', () => {
    const about = { repository: 'site', name: '01-x' } as const;
    expect(() => readChange('Subject: x\n\ndiff --git', about)).toThrow('a line ---');
    expect(() => readChange('Subject: x\nCard: N-1\n\n---\n', about)).toThrow('kind is missing');
    expect(() => readChange('Kind: odd\n\n---\n', about)).toThrow('kind is one of good, latency');
  });
});

describe('all changes', () => {
  it('apply in any order, those that do harm being taken back and tried again', async () => {
    const all = changesOf('site', example);
    expect(new Set(all.map(({ kind }) => kind)).size).toBe(5);
    for (const one of [...all.slice(4), ...all.slice(0, 4)]) {
      const landed = await commitChange(site(), one, { number: 10, now });
      if (one.kind === 'good') continue;
      await revertChange(site(), landed, { number: 11, now });
      const again = await commitChange(site(), one, { number: 12, now });
      await revertChange(site(), again, { number: 13, now });
    }
    const { tag } = await nextOf(site());
    await tagRelease(site(), tag, { now });
    expect(await git(site(), ['describe', '--exact-match'])).toBe('release_3');
  });

  it.each(['site', 'pipeline'] as const)('of %s are made from what it holds', async (name) => {
    // Else git can not merge them with what came before, where lines were moved.
    const patches = changesOf(name, example).map(({ edit }) => ('patch' in edit ? edit.patch : ''));
    const blobs = [...patches.join('').matchAll(/^index ([0-9a-f]{40})\.\./gm)].flatMap(
      ([, blob = '']) => (/^0+$/.test(blob) ? [] : [blob]),
    );
    const input = `${blobs.join('\n')}\n`;
    const found = await git(join(folder, name), ['cat-file', '--batch-check'], { input });
    expect(blobs.length).toBeGreaterThan(0);
    expect(found.split('\n').filter((line) => line.includes('missing'))).toEqual([]);
  });

  it('of the pipeline, too', async () => {
    const pipeline = join(folder, 'pipeline');
    for (const one of changesOf('pipeline', example))
      await commitChange(pipeline, one, { number: 10, now });
    expect(await git(pipeline, ['status', '--porcelain'])).toBe('');
  });

  it('and small ones without end, the same for the same seed', async () => {
    const titles: string[] = [];
    for (let nth = 0; nth < 12; nth++) {
      const small = await smallChange(site(), 'site', { seed: 1, nth });
      titles.push(small.title);
      await commitChange(site(), small, { number: 20 + nth, now });
    }
    expect(new Set(titles).size).toBeGreaterThan(8);
    expect(titles.slice(0, 3)).toMatchInlineSnapshot(`
      [
        "searching night finds lamps, too",
        "Sports on the front page in place of City",
        "answer: How long do you keep clips?",
      ]
    `);
    for (const file of ['synonyms', 'topics', 'questions', 'offers'])
      JSON.parse(readFileSync(join(site(), `data/${file}.json`), 'utf8'));
  });

  it.each(['site', 'pipeline'] as const)('of %s, whatever the seed', async (repository) => {
    const tree = join(folder, repository);
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(10_000), async (seed, nth) => {
        const small = await smallChange(tree, repository, { seed, nth });
        const { commit } = await branchChange(tree, small, { number: nth, now });
        expect(await git(tree, ['log', '-1', '--format=%s', commit])).toBe(
          `${small.card}: ${small.title}`,
        );
      }),
      { numRuns: 6 },
    );
  });
});
