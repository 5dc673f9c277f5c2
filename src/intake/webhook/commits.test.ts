import { expect, test } from 'vitest';
import { factOfTag, factsOfCommit } from '../git/facts.ts';
import { sourceOf } from '../git/source.ts';
import { commitFact, tagFact } from './commits.ts';
import { repositoryAt } from './repository.ts';

const sha = 'a1b2c3d4e5'.repeat(4);
const time = Date.UTC(2026, 10, 20, 9);
const clone = 'https://github.com/acme/shop.git';
const repository = repositoryAt('https://github.com/acme/shop', 'acme/shop');
const about = { source: sourceOf(clone, '/'), repository: 'shop', withEmails: false };
const title = 'cart: sum in cents (#12)';
const body = 'Floats lose one now and then.\n\nFixes: #7\nCard: SHOP-3\n';

test('a commit of a push is the fact that git makes of it, but for what a push does not say', () => {
  const trailers = [
    ['Fixes', '#7'],
    ['Card', 'SHOP-3'],
  ] as const;
  const person = { name: 'Zoë', email: 'zoe@example.org', time };
  const ref = 'refs/heads/main';
  const words = { title, body, trailers };
  const commit = { sha, parents: [], author: person, committer: person, ref, refs: [], ...words };
  const [git] = factsOfCommit(commit, about);
  const pushed = { sha, message: `${title}\n\n${body}`, time, author: 'Zoë', ref };
  const { data, ...fact } = commitFact(pushed, repository, clone);
  expect(git).toMatchObject(fact);
  expect(data).toEqual({ sha, title, author: { name: 'Zoë' }, ref });
  expect(fact.attributes).toMatchObject({
    'vcs.change.id': '12',
    'ticket.id': '#7',
    'card.id': 'SHOP-3',
  });
});

test('a tag as well', () => {
  const tag = { name: 'v1', sha, time };
  const { data: _, ...fact } = tagFact(tag, repository, clone);
  const whole = { ...tag, annotated: true, tagger: 'Zoë', title: '' };
  expect(factOfTag(whole, about)).toMatchObject(fact);
});
