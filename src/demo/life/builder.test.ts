import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Draft } from '../../event/event.ts';
import { scratchRepository } from '../../release/shop.suite.ts';
import type { Company } from '../company.ts';
import type { Change } from '../repositories/changes.ts';
import { git } from '../repositories/git.ts';
import { people } from '../repositories/people.ts';
import { checkCommit } from './builder.ts';
import { deliver } from './deliver.ts';
import type { Run } from './facts.ts';
import { Memory } from './memory.ts';
import type { Office } from './office.ts';

let home = '';
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'newsroom-builder-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** An office whose server only writes down what it is told. */
function officeIn(): { readonly office: Office; readonly sent: Draft[]; readonly said: string[] } {
  const [sent, said]: [Draft[], string[]] = [[], []];
  const ask = async <T>(_: string, path: string, body?: unknown): Promise<T> => {
    if (path === '/api/v1/events') sent.push(body as Draft);
    return Promise.resolve(undefined as T); // nobody reads the answer here
  };
  const company = {
    seed: 1,
    speed: 100,
    places: { home, repositories: home, example: '' },
    territory: { url: 'http://127.0.0.1:7070', token: '', sendTokenFile: '', ask },
    say: (text: string) => said.push(text),
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 10, 2),
  } as unknown as Company; // what the builder needs of it
  const office = { company, as: () => ask, memory: new Memory(home) };
  return { office, sent, said };
}

const wordOf = ({ type, attributes }: Draft): string =>
  [type.split('.').slice(2, 4).join('.'), attributes?.['outcome'] ?? []].flat().join(' ');

async function checked(files: Readonly<Record<string, string>>) {
  const folder = join(home, 'site');
  const commit = scratchRepository(folder).commit('all', files);
  const { office, sent } = officeIn();
  const run: Run = {
    id: 'site-1',
    pipeline: 'checks',
    revision: { repository: `file://${folder}`, commit, ref: 'a', refType: 'branch' },
    by: 'ines',
    url: 'http://127.0.0.1:7070/',
  };
  const ended = await checkCommit(office, folder, run);
  return { ended, words: sent.map(wordOf) };
}

const good = {
  'package.json': '{"type":"module"}',
  'src/a.js': 'export const a = await Promise.resolve(1);\n',
};

describe('the checks of a commit', () => {
  test('pass, task by task, and leave nothing behind', async () => {
    const { ended, words } = await checked(good);
    expect(ended).toEqual({ outcome: 'success' });
    expect(words).toEqual([
      'pipelinerun.queued',
      'pipelinerun.started',
      'taskrun.started',
      'taskrun.finished success',
      'taskrun.started',
      'taskrun.finished success',
      'pipelinerun.finished success',
    ]);
    expect(readdirSync(join(home, 'checkouts'))).toEqual([]);
  });

  test('run the repository’s own tests, where it has some', async () => {
    const own = (sum: number): string =>
      `import test from 'node:test';import assert from 'node:assert';import { a } from './a.js';
test('sum', () => assert.equal(a + 1, ${sum}));`;
    const passed = await checked({ ...good, 'src/a.test.js': own(2) });
    expect(passed.words.slice(-3)).toEqual([
      'testsuiterun.started',
      'testsuiterun.finished success',
      'pipelinerun.finished success',
    ]);
    const failed = await checked({ ...good, 'src/a.test.js': own(3) });
    expect(failed.words.at(-2)).toBe('testsuiterun.finished failure');
  });

  test.each([
    [
      'a program that cannot be read',
      { 'src/b.js': 'export const = 1;\n' },
      /^src\/b\.js: SyntaxError/,
    ],
    ['a text that is no JSON', { 'data/c.json': '{"a":1,}' }, /^data\/c\.json: /],
  ])('fail for %s, and name it', async (_, bad, reason) => {
    const { ended, words } = await checked({ ...good, ...bad });
    expect(ended).toEqual({ outcome: 'failure', reason: expect.stringMatching(reason) });
    expect(words.at(-1)).toBe('pipelinerun.finished failure');
  });
});

test('a change that does not get through its checks never comes to main', async () => {
  const folder = join(home, 'site');
  const before = scratchRepository(folder).commit('begin', good);
  const { office, sent, said } = officeIn();
  const change: Change = {
    id: 'site/x',
    repository: 'site',
    kind: 'good',
    title: 'a typing error',
    body: '',
    card: 'NEWS-99',
    author: people.site[0],
    branch: 'typing',
    edit: { files: { 'src/a.js': 'export const a = ;\n' } },
  };
  expect(await deliver(office, change, async () => Promise.resolve())).toBeUndefined();
  expect(await git(folder, ['rev-parse', 'main'])).toBe(before);
  expect(said).toEqual([expect.stringMatching(/^site #1 does not get through .*src\/a\.js/)]);
  const words = sent.map(wordOf);
  expect(words[0]).toMatch(/territory-demo\.told/);
  expect(words.slice(1, 3)).toEqual(['change.created', 'pipelinerun.queued']);
  expect(words.slice(-2)).toEqual(['pipelinerun.finished failure', 'change.abandoned']);
  expect(office.memory.known).toMatchObject({ landings: [], runs: 1, underWay: null });
});
