import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextSteps } from './context.ts';
import { headerSteps } from './headers.ts';
import { httpSteps } from './http.ts';
import { trying } from './steps.suite.ts';
import { type Web, saying, startWeb } from './web.suite.ts';

const tried = trying([...contextSteps, ...httpSteps, ...headerSteps]);
let web: Web;
beforeAll(async () => {
  web = await startWeb({
    '/': saying('x', {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'public, max-age=60',
      'last-modified': new Date(Date.now() - 3_600_000).toUTCString(),
      'x-evil': `${'a'.repeat(60)}b`,
      'set-cookie': ['id=1; Secure; HttpOnly', 'lang=de; Path=/; secure; httponly'],
    }),
    '/loose': saying('x', { 'set-cookie': ['id=1; Secure', 'a=b'] }),
  });
});
afterAll(async () => web.stop());

describe.concurrent('headers', () => {
  test.each([
    ['/', 'the header "Cache-Control" should match /max-age=[1-9]/', /^passed$/],
    [
      '/',
      'the header "Cache-Control" should match /^max-age/',
      /^failed: expected Cache-Control matching .* with Cache-Control: public, max-age=60$/,
    ],
    ['/', 'the header "X-None" should match /./', /^failed: .* with no X-None$/],
    ['/', 'the header "X-Evil" should match /^(a+)+$/', /^unknown: .* does not come to an end/],
    ['/', 'the header "Cache-Control" should not contain "private"', /^passed$/],
    ['/', 'the header "X-None" should not contain "x"', /^passed$/],
    [
      '/',
      'the header "Cache-Control" should not contain "public"',
      /^failed: expected Cache-Control without public; /,
    ],
    ['/', 'the header "Last-Modified" should be less than 2 hours old', /^passed$/],
    [
      '/',
      'the header "Last-Modified" should be less than 30 minutes old',
      /^failed: expected Last-Modified less than 1800 s ago; /,
    ],
    ['/', 'the header "Cache-Control" should be less than 30 minutes old', /^failed: /],
    ['/', 'the header "X-None" should be less than 30 minutes old', /^failed: /],
    ['/', 'the content type should be "Text/HTML"', /^passed$/],
    [
      '/',
      'the content type should be "text/plain"',
      /^failed: expected the content type text\/plain; .* with content-type: text\/html/,
    ],
    ['/', 'I should get the cookie "lang"', /^passed$/],
    ['/', 'I should get the cookie "Lang"', /^failed: expected the cookie Lang; .* sets id, lang$/],
    ['/', 'every cookie should be Secure and HttpOnly', /^passed$/],
    [
      '/loose',
      'every cookie should be Secure and HttpOnly',
      /^failed: expected each cookie Secure and HttpOnly; not so: id, a$/,
    ],
    ['/none', 'I should get the cookie "id"', /^failed: .* sets none$/],
  ] as const)('of %s: %s', async (path, step, expected) => {
    const lines = [`When I visit "${path}"`, `Then ${step}`];
    expect(await tried(lines, { base: web.base })).toMatch(expected);
  });
});
