import { expect, test } from 'vitest';
import type { Scope } from '../accounts/rights.ts';
import { trustedSenders } from './trusted.ts';

const book = (scope: Scope) => {
  const token = { id: '1', name: 'web 1', scope, created: 0, createdBy: '', lastUsed: null };
  return { tokens: new Map([['1', { ...token, expires: null, digest: '' }]]) };
};

test.each<[string, Scope, boolean]>([
  ['an application that sends its telemetry', { may: 'send' }, false],
  ['one that only reads', { may: 'viewer' }, false],
  ['a member', { may: 'member' }, true],
  ['an administrator', { may: 'admin' }, true],
  ['a scope that names the type', { may: 'send', types: ['evidence'] }, true],
  ['a scope that names others', { may: 'member', types: ['dev.cdevents.*'] }, false],
])('%s', (_, scope, trusted) => {
  expect(trustedSenders(book(scope))('/tokens/web%201')).toBe(trusted);
});

test('who is no token, and a token that is gone, are not believed', () => {
  const trusts = trustedSenders(book({ may: 'admin' }));
  expect(trusts('/statsd/10.0.0.1')).toBe(false);
  expect(trusts('/tokens/gone')).toBe(false);
});
