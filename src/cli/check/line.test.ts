import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHere } from '../running.suite.ts';
import { runCheckLine } from './line.ts';

// Files of steps import the language as it runs here; from sources.
const unregister = register();
afterAll(unregister);

const shop = `@app(shop)
Feature: The shop
  @page
  Scenario: the home page
    When I visit "/"
    Then I should get a 200 status code

  @env(staging)
  Scenario: the basket
    When I visit "/basket"
    Then I should get a 200 status code

  Scenario: somebody signs in
    Given I am authenticated as "SHOP_USER"
    When I visit "/"
    Then I should get a 200 status code
`;

let place: string;
let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    if (url === '/hangs') return;
    response.writeHead(url === '/basket' ? 500 : 200).end('Welcome');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  place = mkdtempSync(join(tmpdir(), 'territory-check-'));
  writeFileSync(join(place, 'shop.feature'), shop);
  writeFileSync(
    join(place, 'checks.yaml'),
    `environments:\n  staging: {base: "${base}"}\n  production: {base: "${base}", secrets: {SHOP_USER: "env:SHOP_USER"}}\n`,
  );
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(place, { recursive: true });
});

/** Exit code, and what stdout has: its first line up to the bar, and all of it. */
async function check(words: readonly string[], env = {}, signal = new AbortController().signal) {
  let all = '';
  const [file = '', ...flags] = words;
  const args = ['check', ...(file.startsWith('-') ? words : [join(place, file), ...flags])];
  const print = async (text: string): Promise<void> => void (all += text);
  const code = await runCheckLine(args, { env, signal, print });
  return { code, first: all.split(/[|\n]/, 1)[0], all };
}

const staging = ['--env', 'staging'] as const;

describe('territory check', () => {
  test.each([
    [['shop.feature:4', ...staging], 0, /^SHOP OK - the home page \(\S+ s\)$/],
    [['shop.feature', ...staging, '-t', '@page'], 0, /^SHOP OK - the home page/],
    [['shop.feature', ...staging], 2, /^SHOP CRITICAL - 1 of 3 failed: the basket: expected/],
    [['shop.feature', ...staging, '-t', 'not @env(staging)'], 3, /^SHOP UNKNOWN - 1 of 2 unknown/],
    // In production the basket is not looked at.
    [
      ['shop.feature', '--env', 'production', '-t', '@page or @env(staging)'],
      0,
      /^SHOP OK - the h/,
    ],
    [['shop.feature:4', ...staging, '-w', '@0:100'], 1, /^SHOP WARNING - took .* not within @100$/],
    [['shop.feature:4', ...staging, '-w', '0', '-c', '@0:100'], 2, /^SHOP CRITICAL - took/],
    [
      ['shop.feature:4', '--base', 'http://127.0.0.1:1'],
      2,
      /^SHOP CRITICAL - the home page: .*can not/,
    ],
    [['shop.feature', '--lint'], 0, /^SHOP OK - 3 scenarios are right$/],
    [['shop.feature:99', ...staging], 3, /^SHOP UNKNOWN - there is no scenario at/],
    [['shop.feature', '-t', '@none'], 3, /^SHOP UNKNOWN - no scenario is chosen/],
    [
      ['shop.feature:9', '--env', 'production'],
      3,
      /^SHOP UNKNOWN - no scenario that is chosen is for/,
    ],
    [['shop.feature', '--env', 'stagin'], 3, /^SHOP UNKNOWN - .*checks.yaml has no environ/],
    [['nowhere.feature'], 3, /^NOWHERE UNKNOWN - there is no/],
    [['shop.feature', '--nonsense'], 3, /^CHECK UNKNOWN - unknown option '--nonsense'$/],
    [
      ['shop.feature', '-w', 'x'],
      3,
      /^CHECK UNKNOWN - option '-w, --warning <range>' argument 'x' is/,
    ],
    [
      ['shop.feature', '--timeout', '0'],
      3,
      /^CHECK UNKNOWN - option '--timeout <seconds>' argument/,
    ],
    [['--env'], 3, /^CHECK UNKNOWN - option '--env <name>' argument missing$/],
    [['--version'], 3, /^territory check \d+\.\d+\.\d+$/],
    [['--help'], 3, /^Usage: territory check \[options\] <feature>$/],
  ] as const)('%j ends with %d', async (words, code, first) => {
    const ran = await check(words);
    expect(ran).toMatchObject({ code, first: expect.stringMatching(first) });
    expect(ran.first?.length).toBeLessThan(80);
  });

  test('a secret comes from where checks.yaml says, and is not told', async () => {
    const words = ['shop.feature:13', '--env', 'production', '-vvv'];
    expect(await check(words, { SHOP_USER: 'ann:s3cret' })).toMatchObject({ code: 0 });
    const ran = await check(words);
    expect(ran).toMatchObject({ code: 3, first: expect.stringContaining('SHOP_USER') });
    const told = await check([...words, '-c', '@0:100'], { SHOP_USER: 'ann:s3cret' });
    expect(told.all).not.toContain('s3cret');
  });

  test('steps of one’s own beside the feature are known', { timeout: 60_000 }, async () => {
    const folder = join(place, 'own');
    mkdirSync(join(folder, 'steps'), { recursive: true });
    writeFileSync(
      join(folder, 'steps', 'basket.ts'),
      `import { fail, step } from 'territory/checks';
step({
  expression: 'the basket has {int} items',
  kind: 'assertion',
  about: 'Says no.',
  example: 'Then the basket has 3 items',
  run: (_, given) => { fail(\`there are not \${given.number(0)}\`); },
});
`,
    );
    const text = 'Feature: x\n  Scenario: y\n    Then the basket has 3 items\n';
    writeFileSync(join(folder, 'shop.feature'), text);
    expect(await check(['own/shop.feature', '--base', base])).toMatchObject({
      code: 2,
      first: 'SHOP CRITICAL - y: there are not 3',
    });
    writeFileSync(join(folder, 'steps', 'basket.ts'), 'const x: number = "a";');
    const wrong = await check(['own/shop.feature', '--base', base]);
    expect(wrong).toMatchObject({
      code: 3,
      first: expect.stringMatching(/^SHOP UNKNOWN - .*basket.ts/),
    });
  });

  test('when its time is up the rest is unknown', async () => {
    writeFileSync(join(place, 'hangs.feature'), shop.replace('"/"', '"/hangs"'));
    const ran = await check([
      'hangs.feature',
      ...staging,
      '-t',
      'not @page or @page',
      '--timeout',
      '1',
    ]);
    expect(ran).toMatchObject({
      code: 3,
      first: 'HANGS UNKNOWN - 3 of 3 unknown: the home page: 1 s were over',
    });
    expect(ran.all).toContain('unknown=3;;;0;3');
  });

  test('stopped by a signal it is unknown', async () => {
    const stop = new AbortController();
    const running = check(['hangs.feature:4', ...staging], {}, stop.signal);
    setTimeout(() => stop.abort(), 100);
    expect(await running).toMatchObject({
      code: 3,
      first: 'HANGS UNKNOWN - the home page: it was stopped',
    });
  });

  test('is reached by the command line as a whole', async () => {
    const ran = await runHere(['check', join(place, 'shop.feature'), '--lint']);
    expect(ran).toEqual({ code: 0, out: 'SHOP OK - 3 scenarios are right\n', err: '' });
    expect((await runHere(['check', '--help'])).code).toBe(3);
  });
});

describe('--submit', () => {
  const to = (path: string, ...more: readonly string[]) =>
    check(['shop.feature:9', ...staging, '--submit', join(place, path), ...more]);
  const names = ['--host', 'web-1', '--service', 'shop'] as const;

  test('gives a file to the folder of check results, and ends as ever', async () => {
    mkdirSync(join(place, 'spool'));
    expect((await to('spool', ...names)).code).toBe(2);
    const files = readdirSync(join(place, 'spool')).toSorted();
    expect(files).toEqual([expect.stringMatching(/^c\w{6}$/), `${files[0]}.ok`]);
    const text = readFileSync(join(place, 'spool', files[0] ?? ''), 'utf8');
    expect(text).toMatch(/\nhost_name=web-1\nservice_description=shop\n(.*\n)*return_code=2\n/);
  });

  test('what can not be given is UNKNOWN, whatever the result', async () => {
    execFileSync('mkfifo', [join(place, 'pipe')]);
    writeFileSync(join(place, 'plain'), '');
    const said = await Promise.all([
      to('pipe', ...names),
      to('plain', ...names),
      to('nowhere', ...names),
      to('spool'),
      to('spool', '--host', 'a;b'),
    ]);
    expect(said.map(({ code }) => code)).toEqual([3, 3, 3, 3, 3]);
    const lines = said.map(({ all }) => all.replaceAll(`${place}/`, ''));
    for (const one of lines) {
      expect(one).toMatch(
        /^SHOP UNKNOWN - .*\n(.*\n)*TERR_CHECKS_SUBMIT\nnot given: SHOP CRITICAL/,
      );
    }
    expect(lines[0]).toContain('nobody reads it: is Nagios running?');
    expect(lines[1]).toContain('plain is neither a pipe nor a folder');
    expect(lines[2]).toContain('nowhere: ENOENT');
    expect(lines[3]).toContain('the name of the host is empty');
    expect(lines[4]).toContain('has a semicolon');
  });
});
