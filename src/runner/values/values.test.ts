import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKeys } from '../../rooms/releases/manifest/keys.ts';
import { valuesKey } from './key.ts';
import { resolve } from './values.ts';

const key = Buffer.alloc(32, 7);
const shop = (yaml: string) => ({
  app: 'shop',
  config: { keys: [...readKeys('keys.yaml', yaml).keys] },
});
const keys = `
DB_URL: {required: true, type: url}
PAGE_SIZE: {default: 20, type: number}
PAYMENT_KEY: {required: true, secret: true}
`;

test('values of an environment, defaults, and secrets to be masked', () => {
  const values = { DB_URL: 'postgres://db', PAYMENT_KEY: 'sk_1', OTHER_APP: 'hidden' };
  expect(resolve(shop(keys), values, 'production', key)).toEqual({
    env: { DB_URL: 'postgres://db', PAGE_SIZE: '20', PAYMENT_KEY: 'sk_1' },
    secrets: ['sk_1'],
    missing: [],
    wrong: [],
    digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
});

test('what is required and has neither value nor default is missing', () => {
  expect(resolve(shop(keys), {}, 'production', key).missing).toEqual(['DB_URL', 'PAYMENT_KEY']);
  const defaulted = shop(
    'A: {required: true, default: 1}\nB: {required: true, secret: true, default: x}',
  );
  expect(resolve(defaulted, {}, 'production', key)).toMatchObject({
    missing: [],
    env: { A: '1' },
    secrets: [],
  });
});

test.each([
  ['number', '1e3', '1,000'],
  ['integer', '-3', '3.5'],
  ['port', '8080', '80800'],
  ['boolean', 'yes', 'perhaps'],
  ['url', 'https://x/y', 'x/y'],
  ['json', '{"a":1}', '{a:1}'],
  ['duration', '10m', 'soon'],
])('a value of type %s: %s, not %s', (type, good, bad) => {
  const release = shop(`A: {type: ${type}}`);
  expect(resolve(release, { A: good }, 'staging', key).wrong).toEqual([]);
  expect(resolve(release, { A: bad }, 'staging', key).wrong).toEqual([`A is no ${type}`]);
  expect(resolve(shop('A: {type: colour}'), { A: bad }, 'staging', key).wrong).toEqual([]);
});

test('names that no shell passes on, and two that become one', () => {
  const { env, wrong } = resolve(shop('db.url: {}\ndb-url: {}'), { 'db.url': 'a' }, 'staging', key);
  expect(env).toEqual({ db_url: 'a' });
  expect(wrong).toEqual(['db-url and db.url are both given as db_url']);
  expect(resolve(shop('A: {required: true}'), { A: '' }, 'x', key).wrong).toEqual([
    'A is required and empty',
  ]);
});

describe('the digest', () => {
  const digest = (values: Readonly<Record<string, string>>, by = key, environment = 'staging') =>
    resolve(shop(keys), values, environment, by).digest;

  test('is that of what the application gets: order and other values do not matter', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('DB_URL', 'PAGE_SIZE', 'PAYMENT_KEY', 'X'), fc.string()),
        (values) => {
          const turned = Object.fromEntries(Object.entries(values).toReversed());
          expect(digest({ ...turned, NOT_DECLARED: 'x' })).toBe(digest(values));
          expect(digest({ ...values, DB_URL: `${values['DB_URL'] ?? ''}!` })).not.toBe(
            digest(values),
          );
        },
      ),
    );
  });

  test('differs by environment, and can not be tried out without the key', () => {
    expect(digest({}, key, 'production')).not.toBe(digest({}));
    expect(digest({ PAYMENT_KEY: '1234' }, Buffer.alloc(32, 8))).not.toBe(
      digest({ PAYMENT_KEY: '1234' }),
    );
  });
});

test('the key is made once, whoever begins at the same time, for its user alone', async () => {
  const home = join(mkdtempSync(join(tmpdir(), 'territory-values-')), 'home');
  const made = await Promise.all(Array.from({ length: 8 }, async () => valuesKey(home)));
  expect(new Set(made.map((one) => Buffer.from(one).toString('hex'))).size).toBe(1);
  expect(await valuesKey(home)).toEqual(made[0]);
  expect(readdirSync(home)).toEqual(['values.key']);
  expect(statSync(join(home, 'values.key')).mode & 0o777).toBe(0o600);
  writeFileSync(join(home, 'values.key'), 'short');
  await expect(valuesKey(home)).rejects.toThrow('is no key of 32 bytes');
});
