import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { register } from 'tsx/esm/api';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Ran, buildForTests, runHere, seen, startCli } from '../running.suite.ts';
import { featureFiles } from './feature-files.ts';
import { shuffled } from './shuffle.ts';

// Files of steps import the language as it runs here; from sources.
const unregister = register();
const server = createServer(({ url }, answer) => {
  answer.writeHead(url === '/gone' ? 404 : 200).end('Welcome');
});
let base: string;
let place: string;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'territory-test-'));
  return () => rmSync(place, { recursive: true, force: true });
});
afterAll(async () => {
  await unregister();
  server.close();
});
buildForTests();

const scenario = (name: string, path: string, tag = ''): string =>
  `  ${tag}\n  Scenario: ${name}\n    When I visit "${path}"\n    Then I should get a 200 status code\n`;
const good = scenario('it is there', '/');
const gone = scenario('it is gone', '/gone');
const unseen = `  Scenario: it is secret\n    Given I set header "x" to the secret "KEY"\n    When I visit "/"\n    Then I should see "x"\n`;

function write(name: string, text: string): string {
  const file = join(place, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const feature = (...scenarios: readonly string[]): string => `Feature: f\n${scenarios.join('\n')}`;
const settings = (): string =>
  write('features/checks.yaml', `environments: {staging: {base: "${base}"}}\n`);

async function run(...args: readonly string[]): Promise<Ran> {
  return runHere(['test', join(place, 'features'), ...args]);
}
const lastLine = ({ out }: Ran): string => out.trimEnd().split('\n').at(-1) ?? '';

test.each([
  [0, 'all passed', [good], '1 scenario: 1 passed'],
  [0, 'a warning', [scenario('soft', '/gone', '@warning')], '1 scenario: 1 with a warning'],
  [1, 'one failed', [good, gone, unseen], '3 scenarios: 1 passed, 1 failed, 1 unknown'],
  [5, 'none failed, one is unknown', [good, unseen], '2 scenarios: 1 passed, 1 unknown'],
])('ends with %i: %s', async (code, _, scenarios, words) => {
  settings();
  write('features/a.feature', feature(...scenarios));
  const ran = await run('--env', 'staging');
  expect(lastLine(ran)).toContain(words);
  expect(ran).toMatchObject({ code, err: '' });
});

test.each([
  [['--env', 'stagin'], 'no environment "stagin"; did you mean "staging"?'],
  [['--tags', '@gate'], 'no scenario is chosen'],
  [['--tags', '@gate and'], 'is no expression of tags'],
  [['--format', 'xml'], '"xml" is no format; there is progress, pretty, junit, messages, html'],
  [['--format', 'junit', '--format', 'pretty'], 'one format goes to stdout'],
  [['--format', 'junit:/tmp/x', '--format', 'html:/tmp/../tmp/x'], 'two formats go to /tmp/x'],
  [['--format', 'junit:/nowhere/x.xml'], 'can not write /nowhere/x.xml: ENOENT'],
  [['--parallel', '0'], '"0" is no whole number from 1 to 64'],
  [['--base', 'shop'], '"shop" is no http or https address'],
  [['--settings', '/nowhere.yaml'], '/nowhere.yaml is not there'],
])('ends with 2: %j', async (args, message) => {
  settings();
  write('features/a.feature', feature(good));
  const ran = await run(...args);
  expect(ran.err).toContain(message);
  expect(ran).toMatchObject({ code: 2, out: '' });
});

test('a full disk keeps no other format from being told, and is told at the end', async () => {
  settings();
  write('features/a.feature', feature(good, gone));
  for (const format of ['junit', 'messages', 'html']) {
    const full = ['--format', `${format}:/dev/full`, '--format', 'progress'];
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const ran = await run('--env', 'staging', ...full);
    expect(ran.err).toContain('can not write /dev/full: ENOSPC');
    expect(lastLine(ran)).toContain('2 scenarios: 1 passed, 1 failed');
    expect(ran.code).toBe(2);
  }
});

test('a feature that is wrong: nothing runs, and each finding has its place', async () => {
  const file = write('features/a.feature', feature(good, '  Scenario: x\n    When I vist "/"\n'));
  const ran = await run('--base', base);
  expect(ran.err).toContain(`${file}:8:5: no step is "I vist "/""; did you mean: I visit/request`);
  expect(ran).toMatchObject({ code: 2, out: '' });
});

test('scenarios are chosen by line, tag and environment', async () => {
  settings();
  const file = write(
    'features/a.feature',
    feature(
      good,
      scenario('tagged', '/', '@gate @app(shop)'),
      scenario('elsewhere', '/', '@env(production)'),
    ),
  );
  const names = async (...args: readonly string[]): Promise<string[]> => {
    const { out } = await runHere(['test', ...args, '--env', 'staging', '--format', 'pretty']);
    return [...out.matchAll(/^(?: {2}✓|-) ([^:]+?)(?: {2}|:)/gm)].map(([, name = '']) => name);
  };
  expect(await names(file)).toEqual(['elsewhere', 'it is there', 'tagged']);
  expect(await names(`${file}:5`)).toEqual(['it is there']);
  expect(await names(`${file}:3:8`)).toEqual(['it is there', 'tagged']);
  expect(await names(file, '--tags', '@app(shop) and @gate')).toEqual(['tagged']);
  expect(await names(file, '--tags', 'not @gate')).toEqual(['elsewhere', 'it is there']);
  const ran = await runHere(['test', `${file}:99`, '--env', 'staging']);
  expect(ran.err).toContain(`there is no scenario at ${file}:99`);
});

test('one run, several formats', async () => {
  settings();
  write('features/a.feature', feature(good, gone));
  const at = (name: string): string => join(place, name);
  const files = ['junit', 'messages', 'html'].flatMap((one) => ['--format', `${one}:${at(one)}`]);
  const ran = await run('--env', 'staging', '--format', 'progress', ...files);
  expect(ran).toMatchObject({ code: 1, out: expect.stringMatching(/^(\.F|F\.)\n/) });
  expect(readFileSync(at('junit'), 'utf8')).toContain('tests="2" failures="1" errors="0"');
  const messages = readFileSync(at('messages'), 'utf8').trimEnd().split('\n');
  expect(JSON.parse(messages.at(-1) ?? '')).toMatchObject({ testRunFinished: { success: false } });
  expect(readFileSync(at('html'), 'utf8')).toContain('it is gone');
});

test('the same seed gives the same order, and is told', async () => {
  write(
    'features/a.feature',
    feature(...Array.from({ length: 8 }, (_, i) => scenario(`n${i}`, '/'))),
  );
  const order = async (seed: string): Promise<string> => {
    const { out, err } = await run('--base', base, '--shuffle', seed, '--format', 'pretty');
    expect(err).toBe(`order: --shuffle ${seed}\n`);
    return [...out.matchAll(/✓ n(\d)/g)].map(([, n]) => n).join('');
  };
  const first = await order('7');
  expect(first).not.toBe('01234567');
  expect(await order('7')).toBe(first);
  expect((await run('--base', base, '--shuffle')).err).toMatch(/^order: --shuffle \d+\n$/);
});

test('shuffling loses nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (all, seed) => {
      const inOrder = (some: readonly number[]): number[] => some.toSorted((a, b) => a - b);
      expect(inOrder(shuffled(all, seed))).toEqual(inOrder(all));
    }),
  );
});

test('after the first failure nothing more is begun', async () => {
  write('features/a.feature', feature(gone, good, good, good));
  const ran = await run('--base', base, '--fail-fast', '--parallel', '1');
  expect(lastLine(ran)).toMatch(
    /^1 scenario: 1 failed \(.*\); stopped at the first failure, 3 not run$/,
  );
  expect(ran.code).toBe(1);
});

const ownSteps = (greeting: string): string => `import { fail, step } from 'territory/checks';
step({
  expression: 'it greets', kind: 'assertion', about: 'Looks.', example: 'Then it greets',
  run: async (scenario) => {
    const { body } = await scenario.request('/');
    if (body !== '${greeting}') fail(\`it greets with "\${body}"\`);
  },
});
`;

test('steps of one’s own, beside the features', async () => {
  write('features/a.feature', feature('  Scenario: own\n    Then it greets\n'));
  write('features/steps/own.ts', ownSteps('Welcome'));
  expect(await run('--base', base)).toMatchObject({ code: 0 });
  const listed = await runHere(['steps', 'greets', '--steps', join(place, 'features/steps')]);
  expect(listed.out).toBe('Own steps: own.ts\n  it greets\n      Looks.\n      Then it greets\n');
  const wrong = write('features/steps/own.ts', ownSteps('Bye').replace('body !==', 'bdy !=='));
  expect(await run('--base', base)).toMatchObject({
    code: 2,
    err: expect.stringContaining(`${wrong}:6:9: Cannot find name 'bdy'`),
  });
});

test('watching: a saved step, a saved feature, and Ctrl-C', { timeout: 60_000 }, async () => {
  write('features/a.feature', feature('  Scenario: own\n    Then it greets\n'));
  write('features/steps/own.ts', ownSteps('Bye'));
  const child = startCli(['test', join(place, 'features'), '--base', base, '--watch']);
  const told = async (pattern: RegExp): Promise<unknown> => seen(child, pattern);
  await Promise.all([told(/1 scenario: 1 failed/), told(/waiting for a change/)]);
  const next = Promise.all([told(/1 scenario: 1 passed/), told(/waiting for a change/)]);
  write('features/steps/own.ts', ownSteps('Welcome'));
  await next;
  const after = Promise.all([told(/2 scenarios: 2 passed/), told(/waiting for a change/)]);
  write('features/a.feature', feature('  Scenario: own\n    Then it greets\n', good));
  await after;
  const ended = new Promise((done) => child.once('close', done));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
});

test('files of a folder, each once, and no lines beside the whole', () => {
  const a = write('a.feature', '');
  const b = write('sub/b.feature.md', '');
  write('node_modules/c.feature', '');
  write('d.md', '');
  expect(featureFiles([place, `${a}:3`])).toEqual([
    { file: a, lines: [] },
    { file: b, lines: [] },
  ]);
  expect(featureFiles([`${a}:3`, `${a}:5:7`])).toEqual([{ file: a, lines: [3, 5, 7] }]);
  expect(() => featureFiles([join(place, 'none')])).toThrow('there is no');
});
