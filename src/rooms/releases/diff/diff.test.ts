import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf, sha256Of } from '../artefact/canonical.ts';
import type { Dependency, Migration, Release } from '../artefact/release.ts';
import { diffCommits } from './commits.ts';
import { compareLists } from './compare-lists.ts';
import { diffReleases } from './diff.ts';
import { compareVersions } from './versions.ts';

const none: Release = {
  schema: 'territory.release/1',
  app: 'shop',
  version: 'v1',
  digest: digestOf([]),
  source: {
    repo: 'file:///shop',
    path: '',
    commit: 'c1',
    tree: 't1',
    tag: 'v1',
    dirty: false,
    builtBy: 'me',
    builtAt: '2026-01-01T00:00:00Z',
    previous: null,
  },
  files: [],
  migrations: [],
  config: { keys: [] },
  dependencies: [],
  contracts: [],
  smoke: [],
  needs: [],
  reversible: { value: true, why: [] },
  warnings: [],
};
const migration = (id: string, more: Partial<Migration> = {}): Migration => ({
  db: 'db',
  id,
  phase: 'expand',
  sha256: sha256Of(id),
  down: true,
  destructive: [],
  ...more,
});
const key = (
  name: string,
  value: string | null,
  required = false,
): Release['config']['keys'][0] => ({
  name,
  required,
  secret: false,
  default: value,
  defaultSha: value === null ? null : sha256Of(value),
  type: null,
  description: null,
});
const dependency = (
  name: string,
  version: string,
  integrity: string | null = null,
): Dependency => ({
  name,
  version,
  integrity,
  direct: true,
});
const messages = (a: Partial<Release>, b: Partial<Release>): string[] =>
  diffReleases({ ...none, ...a }, { ...none, ...b }).notices.map(
    ({ severity, message }) => `${severity}: ${message}`,
  );
const level = (a: Partial<Release>, b: Partial<Release>): string =>
  diffReleases({ ...none, ...a }, { ...none, ...b }).level;

test('of a release with itself nothing differs', () => {
  const { level: of, notices, parts } = diffReleases(none, none);
  expect([of, notices]).toEqual(['none', []]);
  expect(Object.keys(parts)).toHaveLength(8);
  // Without a repository nothing is known of the commits: that is not "none".
  expect(parts.commits).toMatchObject({ added: null, removed: null, source: null });
  expect(diffReleases(none, none).removesCommits).toBeNull();
});

describe('the level is that of the highest part', () => {
  const file = { path: 'a', mode: '100644', size: 1, sha256: sha256Of('a') } as const;
  test.each<[string, Partial<Release>, Partial<Release>]>([
    ['code', {}, { files: [file] }],
    ['code', { files: [file] }, { files: [{ ...file, mode: '100755' }] }],
    ['code', {}, { needs: [{ name: 'mail', version: null, soft: true }] }],
    ['config', { files: [file] }, { config: { keys: [key('A', '1')] } }],
    [
      'dependency',
      { config: { keys: [key('A', '1')] } },
      { dependencies: [dependency('a', '1.0.0')] },
    ],
    ['migration-expand', {}, { migrations: [migration('1')] }],
    ['migration-contract', {}, { migrations: [migration('1', { phase: 'contract' })] }],
    [
      'incompatible',
      { migrations: [migration('1')] },
      { migrations: [migration('1', { sha256: sha256Of('other') })] },
    ],
    ['incompatible', { migrations: [migration('1', { phase: 'contract' })] }, {}],
    [
      'incompatible',
      { contracts: [{ name: 'a', version: '1', file: null, sha256: null }] },
      { contracts: [{ name: 'a', version: '2', file: null, sha256: null }] },
    ],
  ])('%s', (wanted, a, b) => {
    expect(level(a, b)).toBe(wanted);
  });
});

describe('migrations', () => {
  test('one that was changed after its release', () => {
    expect(
      messages(
        { migrations: [migration('1')] },
        { migrations: [migration('1', { sha256: sha256Of('x') })] },
      ),
    ).toEqual(['error: db: migration 1 was changed after it was released']);
  });

  test('one that comes before a released one, and numbers that are missing', () => {
    const before = { migrations: [migration('0001'), migration('0003')] };
    const after = { migrations: ['0001', '0002', '0003', '0005'].map((id) => migration(id)) };
    expect(messages(before, after)).toEqual([
      'warning: db: 0002 is new, but comes before 0003, which has been released',
      'warning: db: numbers are missing between 0003 and 0005',
    ]);
    const dated = { migrations: ['20260101120000', '20260301120000'].map((id) => migration(id)) };
    expect(messages({}, dated)).toEqual([]);
  });

  test('the way back is the other way round', () => {
    const b = [
      migration('1'),
      migration('2', { down: false }),
      migration('3', { destructive: ['DROP TABLE a'] }),
    ];
    const { parts, notices } = diffReleases(none, { ...none, migrations: b });
    expect(parts.migrations.back).toEqual([
      { db: 'db', id: '3', by: 'down', loses: ['DROP TABLE a'] },
      { db: 'db', id: '2', by: null, loses: [] },
      { db: 'db', id: '1', by: 'down', loses: [] },
    ]);
    expect(notices.map(({ message }) => message)).toEqual([
      'db: 2 is irreversible',
      'db: 3 is irreversible',
    ]);
  });

  test('a step back behind a contract migration', () => {
    expect(messages({ migrations: [migration('1', { phase: 'contract' })] }, {})).toEqual([
      expect.stringMatching(
        /^error: db: 1 is a contract migration that the older release does not have/,
      ),
    ]);
  });

  test('the same id in two databases is two migrations', () => {
    const other = migration('1', { db: 'other', sha256: sha256Of('x') });
    expect(
      level({ migrations: [migration('1'), other] }, { migrations: [migration('1'), other] }),
    ).toBe('none');
  });
});

describe('configuration', () => {
  test('what changed of a key, also whether it is required', () => {
    const { changed, removed } = diffReleases(
      { ...none, config: { keys: [key('A', '20'), key('B', null), key('C', null)] } },
      { ...none, config: { keys: [key('A', '50'), key('B', null, true)] } },
    ).parts.config;
    expect(changed.map(({ name, changes }) => `${name} ${changes.join()}`)).toEqual([
      'A default',
      'B required',
    ]);
    expect(removed.map(({ name }) => name)).toEqual(['C']);
  });

  test('a required key with a default, or with a value, is no reason to refuse', () => {
    const keys = [key('A', '1', true), key('B', null, true), key('C', null, true), key('D', null)];
    const target = { environment: 'staging', set: new Set(['B']) };
    const { parts, level: of } = diffReleases(none, { ...none, config: { keys } }, { target });
    expect(parts.config.unset.map(({ name }) => name)).toEqual(['C']);
    expect(parts.config.withoutValue.map(({ name }) => name)).toEqual(['A', 'C', 'D']);
    expect(of).toBe('incompatible');
  });

  test('a key that was always there and has no value refuses too', () => {
    const config = { keys: [key('A', null, true)] };
    const target = { environment: 'staging', set: new Set<string>() };
    expect(diffReleases({ ...none, config }, { ...none, config }, { target }).notices).toEqual([
      { severity: 'error', part: 'config', message: 'A is required and has no value in staging' },
    ]);
  });
});

describe('dependencies', () => {
  test.each([
    [['1.0.0'], ['1.1.0'], 'upgraded'],
    [['1.1.0'], ['1.0.9'], 'downgraded'],
    [['1.0.0'], ['1.0.0-rc.1'], 'downgraded'],
    [['1.0.0', '2.0.0'], ['1.0.0', '2.0.1'], 'upgraded'],
    [['1.0.0', '2.0.0'], ['2.0.0'], 'upgraded'],
    [['1.0.0', '2.0.0'], ['1.0.0', '1.9.0'], 'downgraded'],
  ] as const)('%j → %j is %s', (before, after, way) => {
    const part = diffReleases(
      { ...none, dependencies: before.map((version) => dependency('a', version)) },
      { ...none, dependencies: after.map((version) => dependency('a', version)) },
    ).parts.dependencies;
    expect([part.upgraded.length, part.downgraded.length]).toEqual(
      way === 'upgraded' ? [1, 0] : [0, 1],
    );
  });

  test('the same version of other bytes', () => {
    const { replaced, level: of } = diffReleases(
      { ...none, dependencies: [dependency('a', '1.0.0', 'sha512-x')] },
      { ...none, dependencies: [dependency('a', '1.0.0', 'sha512-y')] },
    ).parts.dependencies;
    expect([replaced.map(({ name }) => name), of]).toEqual([['a'], 'dependency']);
  });
});

test('what must not be overlooked: a dropped scenario, a new hard need, an API that is gone', () => {
  const smoke = [{ scenario: 'pays', feature: 'a.feature', sha256: sha256Of('1') }];
  const contracts = [{ name: 'shop-api', version: '1', file: null, sha256: null }];
  const needs = [
    { name: 'payments-api', version: '1', soft: false },
    { name: 'mail', version: null, soft: true },
  ];
  expect(messages({ smoke, contracts }, { needs })).toEqual([
    'error: shop-api@1 is no longer provided',
    'warning: the scenario "pays" is dropped (a.feature)',
    'warning: gains a hard dependency on payments-api',
  ]);
  expect(
    messages(
      { smoke },
      { smoke: [{ scenario: 'pays', feature: 'b.feature', sha256: sha256Of('1') }] },
    ),
  ).toEqual([]);
  const soft = { name: 'mail', version: null, soft: true };
  expect(messages({ needs: [soft] }, { needs: [{ ...soft, soft: false }] })).toEqual([
    'warning: its dependency on mail becomes a hard one',
  ]);
});

describe('what a commit message names', () => {
  test.each<[string, number[], string[]]>([
    ['Merge pull request #7 from shop/pay', [7], []],
    ['Fix it (#12)\n\nSHOP-12, OPS-3', [12], ['OPS-3', 'SHOP-12']],
    ["Merge branch 'pay' into 'main'\n\nSee merge request shop/web!44", [44], []],
    ['Closes !44', [44], []],
    ['UTF-8 and SHA-256, not a#3 nor &#39; nor A-0', [], []],
  ])('%j', (text, pullRequests, issues) => {
    const [title = '', ...body] = text.split('\n');
    const commit = { sha: 'c', author: 'Ada', time: 't', title, body: body.join('\n') };
    expect(diffCommits({ added: [commit], removed: [], source: [] })).toMatchObject({
      level: 'code',
      pullRequests,
      issues,
    });
  });
});

test('semantic versions are in the order of the specification', () => {
  const ordered = [
    'main',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.1',
    '1.2.0',
    '1.10.0',
    '2.0.0',
  ];
  expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
  expect(compareVersions('1.0.0+a', '1.0.0+b')).toBe(0);
  const version = fc.stringMatching(/^\d{1,3}\.\d{1,3}\.\d{1,3}(-[a-z0-9]{1,3}(\.\d{1,2})?)?$/);
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
      const [x, y, z] = [a, b, c].toSorted(compareVersions);
      expect(compareVersions(x ?? '', z ?? '')).toBeLessThanOrEqual(0);
      expect(compareVersions(x ?? '', y ?? '')).toBeLessThanOrEqual(0);
    }),
  );
});

test('comparing the other way round swaps what is added and removed', () => {
  const lists = fc.array(fc.constantFrom('a', 'b', 'c', 'd'));
  fc.assert(
    fc.property(lists, lists, (a, b) => {
      const [there, back] = [compareLists(a, b, (one) => one), compareLists(b, a, (one) => one)];
      expect(there.added.toSorted()).toEqual(back.removed.toSorted());
      expect(there.both).toHaveLength(back.both.length);
      expect(a.length - there.removed.length + there.added.length).toBe(b.length);
    }),
  );
});
