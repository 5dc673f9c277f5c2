import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readManifest } from '../manifest/read.ts';
import { assemble, isRead, isTaken } from './assemble.ts';
import { digestOf, readRelease, sha256Of, writeRelease } from './canonical.ts';
import { readContracts } from './contracts.ts';
import { readPackageLock } from './dependencies.ts';
import { compareIds, readMigrations } from './migrations.ts';
import type { Release, ReleaseFile } from './release.ts';
import { readScenarios } from './scenarios.ts';
import { destructiveStatements } from './sql.ts';

describe('statements that destroy', () => {
  test.each([
    'DROP TABLE orders',
    'drop table if exists orders cascade',
    'ALTER TABLE orders DROP COLUMN total',
    'ALTER TABLE orders DROP total',
    'ALTER TABLE orders ADD COLUMN a int, DROP COLUMN b',
    'ALTER TABLE orders RENAME COLUMN a TO b',
    'ALTER TABLE orders ALTER COLUMN a TYPE bigint',
    'ALTER TABLE orders ALTER a SET DATA TYPE bigint',
    'ALTER TABLE orders MODIFY a bigint',
    "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
    'TRUNCATE orders',
    'DELETE FROM orders',
    'UPDATE orders SET paid = false',
    'WITH old AS (SELECT 1) DELETE FROM orders',
    "INSERT INTO a VALUES (';'); DROP TABLE b",
    '/* WHERE */ DELETE FROM orders -- WHERE 1',
    'DROP\n  TABLE\n orders',
  ])('%s', (sql) => {
    expect(destructiveStatements(sql)).toHaveLength(1);
  });

  test.each([
    'CREATE TABLE orders (id int)',
    'ALTER TABLE orders ADD COLUMN paid boolean',
    'ALTER TABLE orders DROP CONSTRAINT fk',
    'ALTER TABLE orders ALTER COLUMN a DROP NOT NULL',
    'DELETE FROM orders WHERE id = 1',
    'UPDATE orders SET paid = true WHERE id = 1',
    '-- DROP TABLE orders',
    '/* DROP TABLE orders; */ SELECT 1',
    "INSERT INTO notes VALUES ('DROP TABLE orders; DROP TABLE x')",
    'CREATE FUNCTION f() RETURNS void AS $$ DROP TABLE orders; $$ LANGUAGE sql',
    'CREATE FUNCTION f() RETURNS void AS $body$ TRUNCATE a; $body$ LANGUAGE sql',
    'SELECT "drop table; x" FROM t',
    '',
  ])('none in: %s', (sql) => {
    expect(destructiveStatements(sql)).toEqual([]);
  });

  test('any text is looked at in a moment', () => {
    fc.assert(
      fc.property(fc.string(), (sql) => {
        expect(destructiveStatements(sql).length).toBeLessThanOrEqual(sql.length);
      }),
    );
    const began = performance.now();
    destructiveStatements(`${'ALTER TABLE a '.repeat(20_000)}; ${'$$'.repeat(20_001)}`);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

const file = (
  name: string,
  text = 'SELECT 1;',
): { name: string; text: string; sha256: string } => ({
  name,
  text,
  sha256: sha256Of(text),
});

describe('migrations', () => {
  test('every way of naming them, in the order of their numbers', () => {
    const { migrations, faults } = readMigrations('db', [
      file('10_z.up.sql'),
      file('2_a.up.sql'),
      file('2_a.down.sql'),
      file('3_b_up.sql'),
      file('4/up.sql'),
      file('4/down.sql'),
      file('5_plain.sql'),
      file('README.md'),
    ]);
    expect(faults).toEqual([]);
    expect(migrations.map(({ id, down }) => `${id} ${down}`)).toEqual([
      '2_a true',
      '3_b false',
      '4 true',
      '5_plain false',
      '10_z false',
    ]);
  });

  test.each([
    ['CREATE TABLE a (id int);', 'expand'],
    ['DROP TABLE a;', 'contract'],
    ['-- phase: contract\nSELECT 1;', 'contract'],
    ['-- phase: expand\nUPDATE a SET b = 1;', 'expand'],
  ])('the phase of %j is %s', (text, phase) => {
    expect(readMigrations('db', [file('1.sql', text)]).migrations[0]?.phase).toBe(phase);
  });

  test.each([
    [[file('1.down.sql')], 'db: migration 1 has a down and no up'],
    [[file('1.up.sql'), file('1.sql')], 'db: migration 1 has two files that go up'],
    [
      [file('1.sql', '-- phase: sometime')],
      'db: migration 1 has the phase "sometime", not expand or contract',
    ],
  ])('a folder that makes no sense', (files, fault) => {
    expect(readMigrations('db', files).faults).toEqual([fault]);
  });

  test('ids are in one order, whichever way they are compared', () => {
    const id = fc.stringMatching(/^V?\d{0,12}[_a-z]{0,4}$/);
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(Math.sign(compareIds(a, b)) + Math.sign(compareIds(b, a))).toBe(0);
      }),
    );
  });
});

describe('package-lock.json', () => {
  test('direct and transitive packages, one name in two versions, links left out', () => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        '': { dependencies: { a: '^1', '@s/b': '1' }, devDependencies: { alias: 'npm:real@1' } },
        'node_modules/a': { version: '1.2.0', integrity: 'sha512-a' },
        'node_modules/a/node_modules/c': { version: '2.0.0' },
        'node_modules/c': { version: '1.0.0' },
        'node_modules/@s/b': { version: '1.0.0' },
        'node_modules/alias': { name: 'real', version: '1.0.0' },
        'node_modules/local': { link: true, resolved: 'packages/local' },
        'packages/local': { version: '0.0.1', dependencies: { c: '1' } },
      },
    };
    const { dependencies } = readPackageLock(JSON.stringify(lock));
    expect(dependencies.map((one) => `${one.name}@${one.version} ${one.direct}`)).toEqual([
      '@s/b@1.0.0 true',
      'a@1.2.0 true',
      'c@1.0.0 true',
      'c@2.0.0 false',
      'real@1.0.0 true',
    ]);
    expect(dependencies[1]?.integrity).toBe('sha512-a');
  });

  test.each(['{', '[]', 'null', '{"lockfileVersion":1,"dependencies":{}}', '{"packages":7}'])(
    '%s is said to be none',
    (text) => {
      expect(readPackageLock(text).fault).toMatch(/package-lock\.json/);
    },
  );
});

test('scenarios of a feature, of which white space and comments do not count', () => {
  const feature = `Feature: search
  Background:
    Given the shop

  @high
  Scenario: a search finds something
    When I search for "tea"   # not a comment for Gherkin
    # this is one
    Then I see:
      """
      Scenario: not one
      # nor this a comment
      """

  Scenario Outline: <word> is found
    When I search for <word>
    Examples:
      | word |
      | tea  |
  Rule: more
    Example: an example
      Given nothing
`;
  const found = readScenarios('a.feature', feature);
  expect(found.map(({ scenario }) => scenario)).toEqual([
    'a search finds something',
    '<word> is found',
    'an example',
  ]);
  const spaced = feature
    .replaceAll('    ', '\t')
    .replace('    # this is one\n', '')
    .replace('# this is one', '# other');
  expect(readScenarios('a.feature', spaced)).toEqual(found);
  const changed = readScenarios('a.feature', feature.replace('nor this', 'not even this'));
  expect(changed.map(({ sha256 }, i) => sha256 === found[i]?.sha256)).toEqual([false, true, true]);
});

test('contracts that are named, and those that look like one', () => {
  const text = (body: string): { text: string; sha256: string } => ({
    text: body,
    sha256: sha256Of(body),
  });
  const found = readContracts(
    [
      { name: 'shop-api', version: '2', file: undefined },
      { name: 'admin', version: undefined, file: 'api/admin.yaml' },
    ],
    new Map([
      ['api/admin.yaml', text('info: {title: Admin, version: 1.4.0}')],
      ['openapi.json', text('{"info":{"title":"Public","version":"3"}}')],
      ['docs/openapi-old.yaml', text('a: [')],
      ['node_modules/x/openapi.yaml', text('info: {title: X}')],
    ]),
  );
  expect(found.map(({ name, version, file: at }) => [name, version, at])).toEqual([
    ['Public', '3', 'openapi.json'],
    ['admin', '1.4.0', 'api/admin.yaml'],
    ['docs/openapi-old.yaml', null, 'docs/openapi-old.yaml'],
    ['shop-api', '2', null],
  ]);
});

const fileOf = fc.record({
  path: fc.string({ minLength: 1 }),
  mode: fc.constantFrom('100644', '100755', '120000'),
  size: fc.nat(),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
});
const filesOf = fc.uniqueArray(fileOf, { selector: ({ path }) => path });

function releaseOf(files: readonly ReleaseFile[], manifestText = 'app: shop\n'): Release {
  const { manifest } = readManifest('territory.yaml', manifestText);
  if (!manifest) throw new Error('not a manifest');
  const source = {
    repo: 'file:///r',
    path: '',
    commit: 'c',
    tree: 't',
    tag: 'v1',
    builtBy: 'me',
    builtAt: 'now',
    previous: null,
    dirty: false,
  } as const;
  const { release } = assemble({
    manifest,
    version: 'v1',
    source,
    files,
    texts: new Map(),
    previous: [],
  });
  if (!release) throw new Error('not a release');
  return release;
}

describe('release.json', () => {
  test('the same bytes twice, in whatever order files are found, and read back the same', () => {
    fc.assert(
      fc.property(filesOf, (files) => {
        const release = releaseOf(files);
        const text = writeRelease(release);
        expect(writeRelease(releaseOf(files.toReversed()))).toBe(text);
        expect(readRelease(text).release).toEqual(release);
        expect(writeRelease(JSON.parse(text) as Release)).toBe(text);
      }),
    );
  });

  test('any change of a file is another digest', () => {
    fc.assert(
      fc.property(filesOf, fileOf, fc.nat(), (files, other, at) => {
        const changed = files.length === 0 ? [other] : files.with(at % files.length, other);
        const same = JSON.stringify(changed) === JSON.stringify(files);
        expect(digestOf(changed) === digestOf(files)).toBe(same);
      }),
    );
  });

  test('what is none is said', () => {
    const good = releaseOf([]);
    const faults = (value: unknown): string =>
      readRelease(JSON.stringify(value)).faults?.join() ?? 'none';
    expect(faults(good)).toBe('none');
    expect(readRelease('{').faults?.[0]).toMatch(/^it is no JSON/);
    expect(faults([])).toBe('its schema is undefined, not "territory.release/1"');
    expect(faults({ ...good, schema: 'territory.release/2' })).toMatch(/^its schema is/);
    expect(faults({ ...good, files: 7 })).toMatch(/^\/files /);
    expect(faults({ ...good, digest: `sha256:${'0'.repeat(64)}` })).toMatch(
      /^its digest is sha256:000/,
    );
  });
});

describe('what goes into an artefact', () => {
  const text = `app: shop
build: {include: [dist/**]}
database: {db: {migrations: migrations}}
config: {keys: "config/[x].yaml"}
smoke: features/*.feature
provides: [{name: a, file: api.yaml}]
`;
  const { manifest } = readManifest('territory.yaml', text);
  if (!manifest) throw new Error('not a manifest');
  test.each([
    ['dist/a.js', true, false],
    ['src/a.js', false, false],
    ['territory.yaml', true, true],
    ['package-lock.json', true, true],
    ['migrations/1.sql', true, true],
    ['config/[x].yaml', true, true],
    ['config/x.yaml', false, false],
    ['features/a.feature', true, true],
    ['api.yaml', true, true],
    ['openapi.yaml', false, true],
  ])('%s: taken %s, looked into %s', (path, taken, read) => {
    expect(isTaken(manifest)(path)).toBe(taken);
    expect(isRead(manifest)(path)).toBe(read);
  });

  test('a file that the manifest names must be there', () => {
    const source = releaseOf([]).source;
    const { release, faults } = assemble({
      manifest,
      version: 'v1',
      source,
      files: [],
      texts: new Map(),
      previous: [],
    });
    expect(release).toBeUndefined();
    expect(faults.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warning: db: there is no migration in migrations/',
      'error: the file of configuration keys, config/[x].yaml, is not there',
      'error: the contract of a, api.yaml, is not there',
      'warning: no scenario is found in features/*.feature',
    ]);
  });
});
