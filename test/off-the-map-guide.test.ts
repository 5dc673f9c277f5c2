import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeBinder } from '../src/rooms/map/bind/binder.ts';
import type { EventNames } from '../src/rooms/map/bind/names.ts';
import { compileMap } from '../src/rooms/map/code/compile.ts';
import { maxProblems } from '../src/rooms/map/problems/find.ts';
import { maxSeenFacts } from '../src/rooms/map/seen-facts.ts';
import { MapProblemView } from '../src/server/api/contract-map.ts';
import { maxCalls } from '../src/server/feeder/calls.ts';
import { placesLimits } from '../src/server/feeder/places.ts';

const guide = readFileSync(join(import.meta.dirname, '../docs/guides/off-the-map.md'), 'utf8');

test('every kind of problem has a line in the guide', () => {
  const kinds = MapProblemView.properties.kind.enum.filter((kind) => kind !== 'file');
  expect(kinds.filter((kind) => !guide.includes(`| \`${kind}\``))).toEqual([]);
});

test('the bounds of the guide are those of the code', () => {
  const bounds = [placesLimits.places, placesLimits.checks, maxSeenFacts, maxCalls, maxProblems];
  const written = bounds.map((bound) => bound.toLocaleString('en-US'));
  expect(written.filter((bound) => !guide.includes(bound))).toEqual([]);
});

/** The nodes of a map with these, and one anchor. */
function found(nodes: string, names: Partial<EventNames>, bind = '[]'): readonly string[] {
  const text = `schema: territory.map/1
nodes:
  users: {quadrant: production, kind: actor, anchor: true}
${nodes}
bind: ${bind}
`;
  const { model, faults } = compileMap({ file: 'map.yaml', text });
  if (!model) throw new Error(JSON.stringify(faults));
  return makeBinder(model).find({ source: '/agent', ...names });
}

const node = (id: string, names: string): string =>
  `  ${id}: {quadrant: production, kind: app, ${names}}`;

test('events find nodes as the table of the guide says', () => {
  const shop = node('shop', 'service: shop, environment: production');
  expect(found(shop, { service: 'shop', environment: 'production' })).toEqual(['shop']);
  expect(found(shop, { service: 'shop' })).toEqual([]);
  expect(found(node('shop', 'service: shop'), { service: 'shop' })).toEqual(['shop']);
  const canary = '[{match: {service.name: "{node.service}-canary"}}]';
  expect(found(node('cart', 'service: cart'), { service: 'cart-canary' }, canary)).toEqual([
    'cart',
  ]);
  const both = `${node('payments', 'check: smoke/pay')}\n${node('prober', 'service: prober')}`;
  expect(found(both, { service: 'prober', check: 'smoke/pay' })).toEqual(['payments']);
  expect(found(node('web', 'host: "web-*"'), { host: 'web-3' })).toEqual(['web']);
  const git = node('git', 'repository: "github.com/acme/*"');
  expect(found(git, { repository: 'git@github.com:acme/shop' })).toEqual([]);
  expect(found(git, { repository: 'github.com/acme/shop' })).toEqual(['git']);
});

test('what is bound to nothing is left off the map', () => {
  const [, yaml = ''] = /```yaml\nbind:\n([^`]*)```/.exec(guide) ?? [];
  const bind = `\n${yaml}`;
  const shop = node('shop', 'service: shop');
  expect(found(shop, { source: '/load-test/1', service: 'shop' }, bind)).toEqual([]);
  expect(found(shop, { source: '/other', service: 'shop' }, bind)).toEqual(['shop']);
});
