import { expect, test } from 'vitest';
import { nameOf, sourceOf } from './source.ts';

test.each([
  ['https://github.com/acme/shop.git', 'https://github.com/acme/shop.git'],
  ['https://ben:secret@github.com/acme/shop.git', 'https://github.com/acme/shop.git'],
  ['https://oauth2:tok@host/x.git?private_token=abc#frag', 'https://host/x.git'],
  ['ssh://git@host:2222/acme/shop', 'ssh://host:2222/acme/shop'],
  ['git@github.com:acme/shop.git', 'ssh://github.com/acme/shop.git'],
  ['host:~/shop with space', 'ssh://host/~/shop%20with%20space'],
  ['/srv/git/shop.git', 'file:///srv/git/shop.git'],
  ['../up', 'file:///srv/git/up'],
  ['', 'file:///srv/git/shop'],
  [undefined, 'file:///srv/git/shop'],
])('origin %s stands as %s', (origin, source) => {
  expect(sourceOf(origin, '/srv/git/shop')).toBe(source);
});

test.each([
  ['https://github.com/acme/shop.git', 'shop'],
  ['file:///srv/my%20shop/', 'my shop'],
  ['ssh://host', 'host'],
])('%s is called %s', (source, name) => {
  expect(nameOf(source)).toBe(name);
});
