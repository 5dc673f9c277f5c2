import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smokeByFeatures } from './smoke-features.ts';

const files = mkdtempSync(join(tmpdir(), 'territory-smoke-'));
const ports: number[] = [];
const server = createServer((request, answer) => {
  const { pathname } = new URL(request.url ?? '/', 'http://x');
  if (pathname === '/old') return answer.writeHead(301, { location: '/' }).end();
  if (pathname === '/away') return answer.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
  if (pathname === '/slow') return undefined;
  if (pathname === '/json') return answer.end('{"ok": true, "items": [{"id": "a"}]}');
  return answer.writeHead(pathname === '/' ? 200 : 404, { 'x-a': 'b' }).end('Welcome');
});
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  ports.push(typeof address === 'object' ? (address?.port ?? 0) : 0);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(files, { recursive: true });
});

/** Runs one feature; gives what was told, and why it failed. */
async function smoke(feature: string) {
  writeFileSync(join(files, 'a.feature'), feature);
  const told: string[] = [];
  const scenarios = [{ scenario: 'x', feature: 'a.feature', sha256: '' }];
  const failed = await smokeByFeatures
    .run({
      scenarios,
      files,
      ports,
      environment: 'staging',
      tell: ({ scenario, state, text }) => told.push(`${scenario} ${state} ${text ?? ''}`.trim()),
      signal: new AbortController().signal,
    })
    .then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  return { told, failed };
}

const one = (...steps: readonly string[]): string =>
  `Feature: x\n  Scenario: y\n${steps.map((step) => `    ${step}\n`).join('')}`;

test.each([
  [
    'Given the "shop" application has booted',
    'When I visit "/"',
    'Then I should get a 200 status code',
    'And I should see "Welcome"',
  ],
  ['When I visit "/old"', 'Then I should end at "/"', 'And there should be at most 1 redirect'],
  [
    'When I visit "/old" without following redirects',
    'Then I should get a location of "/"',
    'And I should get a 3xx status code',
  ],
  [
    'When I visit "/json"',
    'Then the JSON at $.ok should be true',
    'And the JSON at $.items[0].id should be "a"',
    'And the JSON at $.items should have 1 item',
  ],
  [
    'When I visit "/"',
    'Then the header "X-A" should be "b"',
    'And the header "X-B" should not be present',
    'And the elapsed time should be less than 5 seconds',
  ],
])('%s, %s', async (...steps) => {
  expect(await smoke(one(...steps))).toEqual({
    told: ['y running', 'y passed'],
    failed: undefined,
  });
});

test.each([
  [
    ['When I visit "/no"', 'Then I should get a 200 status code'],
    /expected the status 200; \S+ answered 404: Welcome \(a\.feature:4\)/,
  ],
  [['When I visit "/"', 'Then I should not see "Welcome"'], /expected no "Welcome"/],
  [
    ['When I visit "/away"', 'Then I should get a 200 status code'],
    /127\.0\.0\.1 port 1 is not public, and is not allowed here/,
  ],
  [['When I visit "http://169.254.169.254/"', 'Then I should see "x"'], /not public/],
  [['When I visit "http://localhost:1/"', 'Then I should see "x"'], /not public/],
  [
    ['Given the timeout is 100 ms', 'When I visit "/slow"', 'Then I should see "x"'],
    /did not end within 0\.1 s/,
  ],
  [
    ['Given I am authenticated as "KEY"', 'When I visit "/"', 'Then I should see "x"'],
    /there is no secret "KEY" here/,
  ],
])('%s fails', async (steps, why) => {
  const { told, failed } = await smoke(one(...steps));
  expect(told[1]).toMatch(/^y failed port \d+: /);
  expect(failed).toMatch(why);
});

test('features that are not right fail with the place', async () => {
  const { told, failed } = await smoke(one('When I vist "/"', 'Then I should see "x"'));
  expect({ told, failed }).toEqual({
    told: [],
    failed: expect.stringMatching(/a\.feature:3:5: no step is .*; did you mean: I visit/),
  });
});

test('what is not for here is told as not run, and nothing run is no pass', async () => {
  const then = '    When I visit "/"\n    Then I should see "Welcome"\n';
  const warning = `  @warning\n  Scenario: w\n    When I visit "/"\n    Then I should see "Bye"\n`;
  const rest = `  @browser\n  Scenario: b\n${then}  @env(production)\n  Scenario: p\n${then}  @third-party\n  Scenario: t\n${then}`;
  const { told, failed } = await smoke(`Feature: x\n${warning}${rest}`);
  expect(failed).toBeUndefined();
  expect(told.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'w running',
    'w failed',
    'b not-run',
    'p not-run',
    't not-run',
  ]);
  expect((await smoke(`Feature: x\n${rest}`)).failed).toMatch(
    /none of its scenarios can be run here/,
  );
});
