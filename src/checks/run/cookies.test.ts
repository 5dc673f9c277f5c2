import { expect, test } from 'vitest';
import { Cookies, cookieOf } from './cookies.ts';

const now = Date.UTC(2026, 0, 1);

/** What is sent to one address after another said this. */
function sent(from: string, lines: readonly string[], to: string): string | undefined {
  const cookies = new Cookies();
  cookies.take(new URL(from), lines, now);
  return cookies.for(new URL(to));
}

test.each([
  ['https://a.test/', ['x=1; Path=/; HttpOnly'], 'https://a.test/b', 'x=1'],
  ['https://a.test/', ['x=1', 'y=2=3'], 'https://a.test/b', 'x=1; y=2=3'],
  ['https://a.test/', ['x=1'], 'https://b.a.test/', undefined],
  ['https://a.test/', ['x=1'], 'https://b.test/', undefined],
  ['https://b.a.test/', ['x=1; Domain=.a.test'], 'https://c.a.test/', 'x=1'],
  ['https://b.a.test/', ['x=1; Domain=c.a.test'], 'https://c.a.test/', undefined],
  ['https://a.test/', ['x=1; Domain=test'], 'https://b.test/', undefined],
  ['https://nota.test/', ['x=1; Domain=a.test'], 'https://a.test/', undefined],
  ['http://localhost/', ['x=1; Domain=localhost'], 'http://localhost/', 'x=1'],
  ['http://127.0.0.1/', ['x=1; Domain=0.0.1'], 'http://127.0.0.1/', undefined],
  ['https://a.test/', ['x=1; Secure'], 'http://a.test/', undefined],
  ['https://a.test/', ['x=1; Secure'], 'https://a.test/', 'x=1'],
  ['https://a.test/shop/cart', ['x=1'], 'https://a.test/shop/pay', 'x=1'],
  ['https://a.test/shop/cart', ['x=1'], 'https://a.test/shopping', undefined],
  ['https://a.test/', ['x=1; Path=/shop', 'x=2'], 'https://a.test/shop', 'x=1; x=2'],
  ['https://a.test/', ['x=1', 'x=2'], 'https://a.test/', 'x=2'],
  ['https://a.test/', ['x=1', 'x=; Max-Age=0'], 'https://a.test/', undefined],
  ['https://a.test/', ['x=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], 'https://a.test/', undefined],
  ['https://a.test/', ['x=1; Expires=Thu, 01 Jan 2037 00:00:00 GMT'], 'https://a.test/', 'x=1'],
  ['https://a.test/', ['nonsense', '=1'], 'https://a.test/', undefined],
] as const)('%s says %j, %s is sent %s', (from, lines, to, expected) => {
  expect(sent(from, lines, to)).toBe(expected);
});

test('no more than 100 are kept', () => {
  const lines = Array.from({ length: 200 }, (_, i) => `c${i}=1`);
  expect(sent('https://a.test/', lines, 'https://a.test/')?.split('; ')).toHaveLength(100);
});

test('what a cookie says', () => {
  expect(cookieOf('x=1; secure; HTTPOnly')).toEqual({
    name: 'x',
    value: '1',
    isSecure: true,
    isHttpOnly: true,
  });
  expect(cookieOf('x')).toBeUndefined();
});
