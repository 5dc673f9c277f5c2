import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Significant, canonical } from './canonical.ts';

/** The cases of GOV.UK's optic14n, spec/c14n_spec.rb (MIT). */
const vectors: readonly (readonly [from: string, to: string, significant?: Significant])[] = [
  ['http://www.EXAMPLE.COM/Foo/Bar/BAZ', 'http://www.example.com/foo/bar/baz'],
  ['https://www.example.com', 'http://www.example.com'],
  ['http://www.example.com/', 'http://www.example.com'],
  ['http://www.example.com////', 'http://www.example.com'],
  ['http://www.example.com/foo///', 'http://www.example.com/foo'],
  ['http://www.example.com#foo', 'http://www.example.com'],
  ['http://www.example.com/#foo', 'http://www.example.com'],
  ['http://www.example.com/:colon:', 'http://www.example.com/:colon:'],
  ['http://www.example.com/~tilde', 'http://www.example.com/~tilde'],
  ['http://www.example.com/_underscore_', 'http://www.example.com/_underscore_'],
  ['http://www.example.com/*asterisk*', 'http://www.example.com/*asterisk*'],
  ['http://www.example.com/(parens)', 'http://www.example.com/(parens)'],
  ['http://www.example.com/[square-brackets]', 'http://www.example.com/%5bsquare-brackets%5d'],
  [
    `http://www.example.com/commas,and-"quotes"-make-CSV-harder-to-'awk'`,
    'http://www.example.com/commas%2cand-%22quotes%22-make-csv-harder-to-%27awk%27',
  ],
  [
    'http://www.example.com/problematic-in-curl[]||[and-regexes]',
    'http://www.example.com/problematic-in-curl%5b%5d%7c%7c%5band-regexes%5d',
  ],
  [
    'http://www.example.com/%7eyes%20I%20have%20now%20read%20%5brfc%203986%5d%2C%20%26%20I%27m%20a%20%3Dlot%3D%20more%20reassured%21%21',
    'http://www.example.com/~yes%20i%20have%20now%20read%20%5brfc%203986%5d%2c%20%26%20i%27m%20a%20%3dlot%3d%20more%20reassured!!',
  ],
  ['https://www.example.com/pound-sign-£', 'http://www.example.com/pound-sign-%c2%a3'],
  ['http://www.example.com?q=foo', 'http://www.example.com', []],
  ['http://www.example.com/?q=foo', 'http://www.example.com', []],
  ['http://www.example.com/?q=foo#bar', 'http://www.example.com', []],
  ['http://www.example.com/?q=foo&r=bar', 'http://www.example.com?q=foo', ['q']],
  [
    'http://www.example.com?c=23&d=1&b=909&e=33&a=1',
    'http://www.example.com?a=1&b=909&c=23&d=1&e=33',
    ['b', 'e', 'c', 'd', 'a'],
  ],
  ["http://www.example.com?a=you're_dangerous", 'http://www.example.com?a=you%27re_dangerous'],
  ['http://www.example.com?a=1&c=3&b=2', 'http://www.example.com?a=1&b=2&c=3'],
  [
    'http://www.example.com?c=23;d=1;b=909;e=33;a=1',
    'http://www.example.com?a=1&b=909&c=23&d=1&e=33',
    ['b', 'e', 'c', 'd', 'a'],
  ],
  [
    'http://www.example.com?a=2322sdfsf&topic=334499&q=909&item=23444',
    'http://www.example.com?item=23444&topic=334499',
    ['topic', 'item'],
  ],
  [
    'http://www.example.com?a=2322sdfsf&topic=334499&q=909&item=23444',
    'http://www.example.com',
    ['foo', 'bar', 'baz'],
  ],
  ['http://some.com/a/path?foo&bar', 'http://some.com/a/path?bar&foo'],
  ['http://www.example.com/?Foo=bar', 'http://www.example.com', ['Foo']],
  ['http://www.example.com/?Foo=bar', 'http://www.example.com?foo=bar', ['foo']],
  ['http://example.com/path?view=%ED', 'http://example.com/path?view=%ED'],
  ['http://example.com/path?%ED=view', 'http://example.com/path?%ED=view'],
  ['http://some.com/a/path?%E2', 'http://some.com/a/path', []],
  ['http://www.voa.gov.uk/stuff/?query=thing', 'http://www.voa.gov.uk/stuff?query=thing'],
];

test.each(vectors.map(([from, to, significant]) => ({ from, to, significant })))(
  '$from is $to',
  ({ from, to, significant }) => {
    expect(canonical(from, significant)).toBe(to);
  },
);

test.each(['', 'www.example.com', 'ftp://example.com/a', 'http://', 'mailto:a@example.com'])(
  '%j is no address of HTTP',
  (text) => {
    expect(canonical(text)).toBeUndefined();
  },
);

const url = fc
  .tuple(
    fc.constantFrom('http', 'https', 'HTTPS'),
    fc.domain(),
    fc.webPath(),
    fc.option(fc.webQueryParameters(), { nil: undefined }),
  )
  .map(([scheme, host, path, query]) =>
    query === undefined ? `${scheme}://${host}${path}` : `${scheme}://${host}${path}?${query}`,
  );

test('the canonical form of a canonical form is itself', () => {
  fc.assert(
    fc.property(url, (one) => {
      const form = canonical(one);
      expect(form).toBeDefined();
      expect(canonical(form ?? '')).toBe(form);
    }),
  );
});
