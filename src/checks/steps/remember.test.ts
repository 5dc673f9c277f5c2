import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerSteps } from './answer.ts';
import { contextSteps } from './context.ts';
import { httpSteps } from './http.ts';
import { jsonSteps } from './json.ts';
import { rememberSteps } from './remember.ts';
import { type TriedWith, running, trying } from './steps.suite.ts';
import { type Web, echo, saying, startWeb } from './web.suite.ts';

const steps = [...contextSteps, ...httpSteps, ...answerSteps, ...jsonSteps, ...rememberSteps];
const tried = trying(steps);
let web: Web;
beforeAll(async () => {
  web = await startWeb({
    '/orders': saying(
      '{"id": 7, "token": "t-o-k", "tags": ["a"], "none": null}',
      { location: '/orders/7' },
      201,
    ),
    '/orders/7': saying('order 7'),
    '/form': saying(
      '<meta name=csrf content="m&amp;m"><form><input name="token" value="abc"><INPUT NAME=b><input name=c value="">',
    ),
    '/huge': saying(JSON.stringify({ id: 'x'.repeat(70_000) })),
    '/echo': echo,
  });
});
afterAll(async () => web.stop());

const at = async (lines: readonly string[], given: TriedWith = {}): Promise<string> =>
  tried(lines, { base: web.base, ...given });
const post = 'When I send a POST request to "/orders"';

describe.concurrent('what is remembered', () => {
  test.each([
    [post, 'When I remember the JSON at $.id as "it"', '/orders/{it}', /^passed$/],
    [post, 'When I remember the header "Location" as "it"', '{it}', /^passed$/],
    [
      post,
      'When I remember the text matching /"id": ([0-9]+)/ as "it"',
      '/orders/{it}',
      /^passed$/,
    ],
    [post, 'When I remember the text matching /[0-9]+/ as "it"', '/orders/{it}', /^passed$/],
    [
      post,
      'When I remember the JSON at $.no as "it"',
      '/{it}',
      /^failed: there is nothing to remember as "it"$/,
    ],
    [post, 'When I remember the header "X-No" as "it"', '/{it}', /^failed: there is nothing/],
    [
      post,
      'When I remember the text matching /nothing/ as "it"',
      '/{it}',
      /^failed: there is nothing/,
    ],
    [post, 'When I remember the field "no" as "it"', '/{it}', /^failed: there is nothing/],
    [
      'When I visit "/huge"',
      'When I remember the JSON at $.id as "it"',
      '/{it}',
      /^unknown: .* more than 65536 letters$/,
    ],
  ] as const)('%s, %s', async (first, second, path, expected) => {
    const last = ['Then I should get a 200 status code', 'Then I should see "order 7"'];
    expect(await at([first, second, `When I visit "${path}"`, ...last])).toMatch(expected);
  });

  test.each([
    ['token', 'token=abc'],
    ['csrf', 'token=m%26m'],
    ['c', 'token='],
  ])('the field %s, in a table', async (field, body) => {
    const lines = [
      'When I visit "/form"',
      `When I remember the field "${field}" as "value"`,
      'When I post the form to "/echo":',
      '  | token | {value} |',
      `Then the JSON at $.body should be "${body}"`,
    ];
    expect(await at(lines)).toBe('passed');
  });

  test('in a text and in a header; what is of more than one value is JSON', async () => {
    const lines = [
      post,
      'When I remember the JSON at $.tags as "tags"',
      'When I remember the JSON at $.id as "id"',
      'Given I set header "X-Order" to "n. {id}"',
      'When I send a PUT request to "/echo" with the body:',
      '  """',
      '  {"tags": {tags}, "other": "{none}", "twice": {{id}}}',
      '  """',
      'Then the JSON at $.headers.x-order should be "n. 7"',
      String.raw`Then the JSON at $.body should be '{"tags": ["a"], "other": "{none}", "twice": {{id}}}'`,
    ];
    expect(await at(lines)).toBe('passed');
  });

  test('a token that is hidden is shown nowhere', async () => {
    const run = running(steps);
    const lines = [
      post,
      'When I remember the JSON at $.token as "token"',
      'When I hide what is remembered as "token"',
      'Given I set header "Authorization" to "Bearer {token}"',
      'When I visit "/echo"',
      'Then I should see "nothing"',
    ];
    const result = await run(lines, { base: web.base });
    expect(result.state).toBe('failed');
    expect(result.failure?.message).toMatch(/Bearer \*\*\*/);
    expect(JSON.stringify(result)).not.toContain('t-o-k');
  });

  test('each scenario begins with nothing', async () => {
    const lines = [post, 'When I remember the JSON at $.id as "id"', 'Then I should see "7"'];
    expect(await at(lines)).toBe('passed');
    expect(await at(['When I visit "/orders/{id}"', 'Then I should see "order 7"'])).toMatch(
      /^failed: /,
    );
  });
});
