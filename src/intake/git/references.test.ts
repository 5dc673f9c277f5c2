import fc from 'fast-check';
import { expect, test } from 'vitest';
import { referencesOf } from './references.ts';

const of = (title: string, body = '', trailers: readonly (readonly [string, string])[] = []) =>
  referencesOf({ title, body, trailers });

test.each([
  ['Take the cart along (#123)', '', { 'vcs.change.id': '123' }],
  [
    'Merge pull request #12 from acme/cart',
    'Cart\n\nFixes #7',
    { 'vcs.change.id': '12', 'ticket.id': '#7' },
  ],
  ["Merge pull request 'Cart' (#5) from cart into main", '', { 'vcs.change.id': '5' }],
  ['Merged in cart (pull request #9)', '', { 'vcs.change.id': '9' }],
  ['Merged PR 31: Cart', '', { 'vcs.change.id': '31' }],
  [
    "Merge branch 'cart' into 'main'",
    'Cart\n\nSee merge request acme/shop!45',
    { 'vcs.change.id': '45' },
  ],
  ['Closes ABC-1, resolves: acme/shop#2', '', { 'ticket.id': 'ABC-1,acme/shop#2' }],
  ['Fixed prefixes #3; a suffix #4', '', {}],
  ['Revert "x (#1)" and more', '', {}],
])('%s', (title, body, references) => {
  expect(of(title, body)).toEqual(references);
});

test('trailers name cards, tickets, cases and incidents', () => {
  const change = `I${'a'.repeat(40)}`;
  expect(
    of('x', '', [
      ['Card', 'ABC-12'],
      ['Issue', '#1, #2'],
      ['Fixes', '54a4f0239f2e ("a commit")'],
      ['Case', 'CASE-77'],
      ['Incident', 'INC-5'],
      ['Change-Id', change],
      ['Signed-off-by', 'A B'],
    ]),
  ).toEqual({
    'card.id': 'ABC-12',
    'ticket.id': '#1,#2',
    'case.id': 'CASE-77',
    'incident.id': 'INC-5',
    'vcs.change.id': change,
  });
});

test('no text is slow or too much', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (title, body) => {
      expect(typeof of(title, body)).toBe('object');
    }),
  );
  const many = of('x', Array.from({ length: 500 }, (_, i) => `fixes #${i}`).join(' '));
  expect(many['ticket.id']?.split(',')).toHaveLength(20);
  const before = performance.now();
  of(
    `fixes ${'a/'.repeat(200_000)}`,
    `fixes ${'a'.repeat(200_000)} See merge request ${'/'.repeat(99_999)}`,
  );
  expect(performance.now() - before).toBeLessThan(1_000);
});
