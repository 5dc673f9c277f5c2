import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Unknown } from '../run/failed.ts';
import { answerSteps } from './answer.ts';
import { cachedBy } from './cached.ts';
import { contextSteps } from './context.ts';
import { httpSteps } from './http.ts';
import { jsonSteps } from './json.ts';
import { type TriedWith, running, trying } from './steps.suite.ts';
import { type Web, echo, saying, startWeb } from './web.suite.ts';

const steps = [...contextSteps, ...httpSteps, ...answerSteps, ...jsonSteps];
const tried = trying(steps);

let web: Web;
let other: Web;
let turns = 0;
let boots = 0;
beforeAll(async () => {
  other = await startWeb({
    '/echo': echo,
    '/page': saying('<a href="/echo">On</a>'),
  });
  const page = `<!DOCTYPE html><html><head><base href="/deep/"></head><body>
    <a name="top">No link</a> <A HREF='one'>Page\n   one</A> <a href="/echo?two"><b>Two</b> &amp; more
    <a href="three"><img alt="A picture" src="x"></a> <a href="/echo?label" aria-label="Next">»</a>
    <a href="${other.base}/page">Elsewhere</a> <a href="mailto:a@example.org">Mail</a>
    <a href="http://[">Broken</a> <script>if (a < b && c > d) "<a href='/no'>Script</a>"</script>`;
  web = await startWeb({
    '/': saying('Welcome, release_12', { 'content-type': 'text/html' }),
    '/echo': echo,
    '/page': saying(page, { 'content-type': 'text/html' }),
    '/deep/one': saying('one'),
    '/deep/three': saying('three'),
    '/moved': saying('', { location: '/echo' }, 303),
    '/elsewhere': saying('', { location: `${other.base}/echo` }, 302),
    '/login': saying(
      '',
      { location: '/echo', 'set-cookie': ['id=7; Path=/', 'x=1; Path=/no'] },
      303,
    ),
    '/one-of-three': (_, response) => void response.writeHead(++turns % 3 === 0 ? 503 : 200).end(),
    '/booting': (_, response) => void response.writeHead(++boots < 3 ? 503 : 200).end(),
    '/huge': saying(Buffer.alloc(5_000_000, 'a')),
    '/bomb': saying(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }),
    '/no-gzip': saying('plain', { 'content-encoding': 'gzip' }),
    '/zipped': saying(gzipSync('zipped words'), { 'content-encoding': 'gzip' }),
    '/binary': saying(Buffer.from([0, 255, 254, 10, 128])),
    '/hangs': (_, response) => void response.writeHead(200).write('begin'),
    '/breaks': (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('begin');
      setTimeout(() => response.destroy(), 20);
    },
    '/evil': saying(`${'a'.repeat(60)}b`),
    '/hit': saying('', { 'x-cache': 'MISS, HIT' }),
    '/missed': saying('', { 'cf-cache-status': 'DYNAMIC' }),
    '/long': saying('x'.repeat(2000), { 'content-length': '2000' }),
    '/chunked': (_, response) => {
      response.write('a');
      response.end('b');
    },
  });
});
afterAll(async () => {
  await Promise.all([web.stop(), other.stop()]);
});

const at = async (lines: readonly string[], given: TriedWith = {}): Promise<string> =>
  tried(lines, { base: web.base, ...given });

describe.concurrent('requests', () => {
  test.each([
    ['When I follow the link "Page one"', 'I should see "one"', /^passed$/],
    ['When I follow the link "A picture"', 'I should see "three"', /^passed$/],
    ['When I follow the link "Two & more"', 'I should see "/echo?two"', /^passed$/],
    ['When I follow the link "Next"', 'I should see "/echo?label"', /^passed$/],
    [
      'When I follow the link "No link"',
      'I should see "x"',
      /^failed: expected a link "No link" in .*\/page; there are "Page one", "Two & more", /,
    ],
    ['When I follow the link "Script"', 'I should see "x"', /^failed: expected a link/],
    [
      'When I follow the link "Mail"',
      'I should see "x"',
      /^unknown: mailto:a@example\.org is no address of HTTP$/,
    ],
    [
      'When I follow the link "Broken"',
      'I should see "x"',
      /^failed: the link "Broken" leads to http:\/\/\[$/,
    ],
  ] as const)('%s', async (step, then, expected) => {
    expect(await at(['When I visit "/page"', step, `Then ${then}`])).toMatch(expected);
  });

  test('a form, and where it leads', async () => {
    const form = ['When I post the form to "/echo":', '  | q | a & b |', '  | p | ü |'];
    expect(await at([...form, 'Then the JSON at $.body should be "q=a+%26+b&p=%C3%BC"'])).toBe(
      'passed',
    );
    const led = ['When I post the form to "/moved":', '  | q | a |'];
    expect(await at([...led, 'Then the JSON at $.method should be "GET"'])).toBe('passed');
  });

  test('a file is sent as a form does', async () => {
    const file = async (path: string): Promise<string> => {
      if (path === 'maps/orders.csv') return 'id\n1\n';
      throw new Unknown(`"${path}" can not be read: ENOENT`);
    };
    const upload = (name: string): string =>
      `When I upload the file "${name}" as "fi le" to "/echo"`;
    const then =
      'Then the JSON at $.body should match /name="fi le"; filename="orders.csv"[^]*id\\n1\\n/';
    expect(await at([upload('maps/orders.csv'), then], { file })).toBe('passed');
    expect(await at([upload('no.csv'), then], { file })).toBe(
      'unknown: "no.csv" can not be read: ENOENT',
    );
    expect(await at([upload('maps/orders.csv'), then])).toMatch(/^unknown: .* there are no files$/);
  });

  test('cookies are kept where it is said', async () => {
    const login = 'When I visit "/login"';
    expect(
      await at([
        'Given I keep cookies',
        login,
        'Then the JSON at $.headers.cookie should be "id=7"',
      ]),
    ).toBe('passed');
    expect(await at([login, 'Then the JSON at $.headers.cookie should not be present'])).toBe(
      'passed',
    );
  });

  test.each([
    ['When I visit "/elsewhere"', '/echo'],
    [
      'When I visit "/page"\nWhen I follow the link "Elsewhere"\nWhen I follow the link "On"',
      '/echo',
    ],
  ])('what was set for one server is told to no other: %s', async (way, url) => {
    const secrets = { KEY: 'the-secret' };
    const lines = ['Given I am authenticated as "KEY"', ...way.split('\n')];
    const then = [
      `Then the JSON at $.url should be "${url}"`,
      'Then I should not see "the-secret"',
    ];
    expect(await at([...lines, ...then], { secrets })).toBe('passed');
    expect(
      await tried(
        [
          lines[0] ?? '',
          ...lines.slice(1).map((line) => line.replace('"/', `"${web.base}/`)),
          ...then,
        ],
        { secrets },
      ),
    ).toBe('passed');
  });

  test('several times, of which one is wrong', async () => {
    const visits = 'When I visit "/one-of-three" 6 times';
    expect(await at([visits, 'Then every answer should have the status 200'])).toMatch(
      /^failed: expected the status 200 of every answer; of 6 answers of .*: 503 \(\d\.\), 503 \(\d\.\)$/,
    );
    expect(
      await at(['When I visit "/" 3 times', 'Then every answer should have the status 200']),
    ).toBe('passed');
    expect(
      await at(['When I visit "/" 101 times', 'Then every answer should have the status 200']),
    ).toMatch(/^unknown: /);
  });

  test('ready is 2xx', async () => {
    const ready = (path: string): string => `Given the "shop" application is ready at "${path}"`;
    expect(await at([ready('/booting'), 'When I visit "/"', 'Then I should see "Welcome"'])).toBe(
      'passed',
    );
    expect(
      await at([
        'Given the timeout is 500 ms',
        ready('/none'),
        'When I visit "/"',
        'Then I should see "Welcome"',
      ]),
    ).toMatch(/^failed: it did not end within 0\.5 s$/);
  });

  test('applications by their names', async () => {
    const application = (name: string): string | undefined =>
      name === 'other' ? other.base : undefined;
    const lines = ['Given I am testing "other"', 'When I visit "/page"', 'Then I should see "On"'];
    expect(await at(lines, { application })).toBe('passed');
  });
});

describe.concurrent('answers', () => {
  test.each([
    ['/', 'I should get a 200 or 204 status code', /^passed$/],
    [
      '/',
      'I should get a 201, 202 or 204 status code',
      /^failed: expected the status 201, 202 or 204; .* answered 200: Welcome/,
    ],
    ['/', 'I should see text matching /RELEASE_[0-9]+/i', /^passed$/],
    [
      '/',
      'I should not see text matching /release_[0-9]+/',
      /^failed: expected no text .* has "release_12"$/,
    ],
    ['/', 'I should not see text matching /Fatal/', /^passed$/],
    [
      '/evil',
      'I should see text matching /^(a+)+$/',
      /^unknown: \/\^\(a\+\)\+\$\/ does not come to an end within 250 ms/,
    ],
    ['/evil', 'I should not see text matching /^(a+)+$/', /^unknown: /],
    [
      '/',
      'the content length should be 19',
      /^failed: expected 19 bytes; .* does not say, and sent 19$/,
    ],
    ['/long', 'the content length should be 2000', /^passed$/],
    ['/long', 'the content length should be 1', /^failed: expected 1 bytes; .* says 2000$/],
    ['/long', 'the body should be larger than 1.9 kB', /^passed$/],
    [
      '/long',
      'the body should be larger than 2 kB',
      /^failed: expected more than 2000 bytes; .* with 2000$/,
    ],
    ['/zipped', 'I should see "zipped words"', /^passed$/],
    ['/zipped', 'the response should be compressed', /^passed$/],
    ['/no-gzip', 'I should see "plain"', /^failed: the body of .* is no gzip$/],
    ['/binary', 'the body should be smaller than 6 bytes', /^passed$/],
    ['/binary', 'I should see "x"', /^failed: /],
    ['/huge', 'I should get a 200 status code', /^unknown: .*more than 4194304 bytes$/],
    ['/bomb', 'I should get a 200 status code', /^(failed|unknown): /],
    ['/breaks', 'I should get a 200 status code', /^failed: .* can not be reached: /],
    ['/hit', 'I should get a cache hit', /^passed$/],
    ['/hit', 'I should get a cache miss', /^failed: expected a cache miss; .* is a hit$/],
    ['/missed', 'I should get a cache miss', /^passed$/],
    [
      '/',
      'I should get a cache hit',
      /^unknown: no header of .* says whether it came out of a cache: content-type/,
    ],
  ] as const)('of %s: %s', async (path, step, expected) => {
    expect(await at([`When I visit "${path}"`, `Then ${step}`])).toMatch(expected);
  });

  test('one that does not end', async () => {
    expect(
      await at([
        'Given the timeout is 200 ms',
        'When I visit "/hangs"',
        'Then I should see "begin"',
      ]),
    ).toBe('failed: it did not end within 0.2 s');
  });

  test('the size is measured', async () => {
    const run = running(steps);
    const lines = ['When I visit "/long"', 'Then the body should be smaller than 10 kB'];
    const { performance } = await run(lines, { base: web.base });
    expect(performance).toEqual([
      { label: 'size', value: 2000, unit: 'B', critical: 10_000, min: 0 },
    ]);
  });
});

test.each([
  [{ 'cache-status': 'ExampleCache; hit; ttl=376' }, 'hit'],
  [{ 'cache-status': 'Origin; fwd=uri-miss, Edge; hit' }, 'hit'],
  [{ 'cache-status': 'Edge; fwd=miss; stored' }, 'miss'],
  [{ 'cache-status': 'Edge; hit=?0' }, 'miss'],
  [{ 'x-cache': 'Hit from cloudfront' }, 'hit'],
  [{ 'x-cache': 'MISS' }, 'miss'],
  [{ 'x-cache': 'MISS', 'x-cache-hits': '0' }, 'miss'],
  [{ 'x-cache-hits': '3' }, 'hit'],
  [{ 'cf-cache-status': 'EXPIRED' }, 'miss'],
  [{ 'cf-cache-status': 'REVALIDATED' }, 'hit'],
  [{ 'x-varnish': '32770 3' }, 'hit'],
  [{ 'x-varnish': '32770' }, 'miss'],
  [{ age: '12' }, 'hit'],
  [{ age: '0' }, undefined],
  [{ age: 'nonsense' }, undefined],
  [{}, undefined],
] as const)('%j is a %s of the cache', (headers, expected) => {
  expect(cachedBy({ headers })).toBe(expected);
});
