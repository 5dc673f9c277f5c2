import { expect, test } from 'vitest';
import { suggest } from './suggest.ts';

test.each([
  ['mial', 'mail'],
  ['shpo', 'shop'],
  ['ordersdb', 'orders-db'],
  ['ORDERS-DB', 'orders-db'],
  ['paymants', 'payments'],
  ['mal', 'mail'],
  ['queue', undefined],
  ['', undefined],
])('for %s it suggests %s', (given, meant) => {
  expect(suggest(given, ['mail', 'shop', 'orders-db', 'payments'])).toBe(meant);
});
