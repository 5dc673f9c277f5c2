import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerSteps } from './answer.ts';
import { type Certificates, makeCertificates } from './certificates.suite.ts';
import { contextSteps } from './context.ts';
import { httpSteps } from './http.ts';
import { jsonSteps } from './json.ts';
import { type TriedWith, trying } from './steps.suite.ts';
import { type Web, echo, saying, startWeb } from './web.suite.ts';

const tried = trying([...contextSteps, ...httpSteps, ...answerSteps, ...jsonSteps]);
let made: Certificates;
let web: Web;
let good: Web;
let other: Web;
let boots = 0;
beforeAll(async () => {
  made = makeCertificates();
  web = await startWeb({
    '/echo': echo,
    '/': (_, response) => void response.writeHead(++boots < 3 ? 503 : 404).end(),
    '/fine': saying('fine'),
  });
  good = await startWeb({ '/echo': echo }, made.good);
  other = await startWeb({ '/echo': echo }, made.other);
}, 60_000);
afterAll(async () => {
  await Promise.all([web, good, other].map(async ({ stop }) => stop()));
});

const at = async (lines: readonly string[], given: TriedWith = {}): Promise<string> =>
  tried(lines, { base: web.base, ...given });
const asks = 'When I visit "/echo"';
const header = (name: string, value: string): string =>
  `Then the JSON at $.headers.${name} should be "${value}"`;

describe.concurrent('what a scenario is run with', () => {
  test.each([
    [['Given I set header "X-A" to "1"', asks, header('x-a', '1')]],
    [
      [
        'Given I force a cache miss',
        asks,
        header('pragma', 'no-cache'),
        header('cache-control', 'no-cache'),
      ],
    ],
    [
      [
        'Given I am testing "shop" through the full stack',
        asks,
        header('user-agent', 'territory-check'),
      ],
    ],
    [['Given I am testing "shop" internally', asks, header('user-agent', 'territory-check')]],
    [
      [
        'Given the "shop" application has booted',
        'When I visit "/fine"',
        'Then I should see "fine"',
      ],
    ],
  ])('%j', async (lines) => {
    expect(await at(lines)).toBe('passed');
  });

  test.each([
    ['Given I am authenticated as "KEY"', { KEY: 'tok' }, 'authorization', 'Bearer tok'],
    [
      'Given I am authenticated as "KEY"',
      { KEY: 'user:pass' },
      'authorization',
      'Basic dXNlcjpwYXNz',
    ],
    ['Given I set header "X-Key" to the secret "KEY"', { KEY: 'tok' }, 'x-key', 'tok'],
  ])('%s, %j', async (step, secrets, name, value) => {
    expect(await at([step, asks, header(name, value)], { secrets })).toBe('passed');
    const failing = await at([step, asks, 'Then I should see "nothing"'], { secrets });
    expect(failing).toMatch(/\*\*\*/);
    expect(failing).not.toMatch(/tok"|dXNlc|user:pass/);
  });

  test('a secret that is not there, and nowhere to test', async () => {
    expect(await at(['Given I am authenticated as "KEY"', asks, header('a', 'b')])).toBe(
      'unknown: there is no secret "KEY" here',
    );
    expect(await tried(['Given I am testing "shop"', asks, header('a', 'b')])).toMatch(
      /^unknown: where "shop" is is not known here/,
    );
    expect(await tried([asks, header('a', 'b')])).toMatch(
      /^unknown: "\/echo" is relative to nothing/,
    );
  });

  test('an authority, as a text and in a file', async () => {
    const text = made.authority.trim().split('\n');
    const written = ['Given I trust the certificate authority:', '"""', ...text, '"""'];
    const ok = 'Then I should get a 200 status code';
    expect(await at([...written, asks, ok], { base: good.base })).toBe('passed');
    const inFile = 'Given I trust the certificate authority in "ca.pem"';
    const file = async (): Promise<string> => made.authority;
    expect(await at([inFile, asks, ok], { base: good.base, file })).toBe('passed');
    expect(await at([inFile, asks, ok], { base: good.base })).toMatch(/^unknown: .* no files$/);
    expect(await at([asks, ok], { base: good.base })).toMatch(/^failed: .* can not be reached: /);
  });

  test('another host than the one that is connected to, also in TLS', async () => {
    const trust = 'Given I trust the certificate authority in "ca.pem"';
    const connect = (name: string): string =>
      `Given I connect to "${other.base}" with host "${name}"`;
    const file = async (): Promise<string> => made.authority;
    expect(
      await at([trust, connect('example.org'), asks, header('host', 'example.org')], { file }),
    ).toBe('passed');
    expect(
      await at([trust, connect('example.com'), asks, header('host', 'example.com')], { file }),
    ).toMatch(/^failed: .* can not be reached: .*altnames/);
  });
});
