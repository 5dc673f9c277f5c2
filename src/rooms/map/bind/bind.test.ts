import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../../event/event.ts';
import type { NodeNames } from '../model.ts';
import { makeBinder, maxRemembered } from './binder.ts';
import { bindingOf, mapOf, nodeOf, processOf } from './map.suite.ts';
import { type EventNames, namesOf, namesOfSeen, namesOfSignal } from './names.ts';
import { fits, patternOf } from './pattern.ts';
import { Recent } from './recent.ts';

const event = (fields: Partial<Event> & { readonly type: string }): Event => ({
  id: 'e',
  time: 1,
  received: 1,
  source: '/agent',
  ...fields,
});

test('an event names its source, service, place and check', () => {
  expect(
    namesOf(
      event({
        type: 'check',
        service: 'shop',
        host: 'web-1',
        environment: 'production',
        name: 'http',
        attributes: {
          'service.namespace': 'acme',
          'vcs.repository.url.full': 'https://ben:x@GitHub.com/acme/Shop.git',
        },
      }),
    ),
  ).toEqual({
    source: '/agent',
    service: 'shop',
    namespace: 'acme',
    environment: 'production',
    host: 'web-1',
    repository: 'github.com/acme/shop',
    check: 'http',
  });
  expect(namesOf(event({ type: 'metric', name: 'load', service: '' }))).toEqual({
    source: '/agent',
  });
});

test('a CDEvent names the service and the environment in what it is about', () => {
  const content = { environment: { id: 'production' }, artifactId: 'pkg:oci/shop' };
  const data = { context: {}, subject: { id: 'service/shop', content } };
  expect(namesOf(event({ type: 'dev.cdevents.service.deployed.0.3.0', data }))).toEqual({
    source: '/agent',
    service: 'shop',
    environment: 'production',
    subject: 'service/shop',
  });
  const incident = {
    subject: { id: 'inc-1', content: { environment: { id: 'p' }, service: { id: 'mail' } } },
  };
  expect(
    namesOf(event({ type: 'dev.cdevents.incident.detected.0.3.0', data: incident })),
  ).toMatchObject({ service: 'mail', environment: 'p', subject: 'inc-1' });
});

test('a signal and what was seen are named as their events are', () => {
  const check = event({ type: 'check', service: 'shop', name: 'http', host: 'h' });
  const place = { stream: 'readings', offset: 1, time: 1 } as const;
  expect(
    namesOfSignal({
      kind: 'check',
      key: 'k',
      ...place,
      source: '/agent',
      service: 'shop',
      host: 'h',
      name: 'http',
    }),
  ).toEqual(namesOf(check));
  expect(
    namesOfSeen({
      stream: 'readings',
      source: '/agent',
      service: 'shop',
      host: 'h',
      check: 'http',
      type: 'check',
      first: 1,
      last: 1,
      count: 1,
      offset: 1,
    }),
  ).toEqual(namesOf(check));
});

const shop = nodeOf('shop', { service: 'shop' });

test.each<[string, Record<string, NodeNames>, Partial<EventNames>, string[]]>([
  ['by its service', { a: { service: 'shop' } }, { service: 'shop' }, ['a']],
  ['not by another', { a: { service: 'shop' } }, { service: 'shop2' }, []],
  ['by a pattern', { a: { service: 'shop-*' } }, { service: 'shop-web' }, ['a']],
  ['by its host', { a: { host: 'web-*' } }, { host: 'web-1' }, ['a']],
  ['by its source', { a: { source: 'builder/*' } }, { source: 'builder/7' }, ['a']],
  ['by its subject', { a: { subject: 'card/SHOP-*' } }, { subject: 'card/SHOP-1' }, ['a']],
  [
    'by its repository, however it is written',
    { a: { repository: 'git@github.com:acme/Shop.git' } },
    { repository: 'github.com/acme/shop' },
    ['a'],
  ],
  [
    'by all repositories of one owner',
    { a: { repository: 'https://github.com/Acme/*' } },
    { repository: 'github.com/acme/shop' },
    ['a'],
  ],
  [
    'by a check rather than by who checks',
    { a: { service: 'prober' }, b: { check: 'smoke/pay' } },
    { service: 'prober', check: 'smoke/pay' },
    ['b'],
  ],
  [
    'by its service rather than by the source',
    { a: { source: '/ci' }, b: { service: 'shop' } },
    { source: '/ci', service: 'shop' },
    ['b'],
  ],
  [
    'by the exact name rather than by a pattern',
    { a: { service: 'shop-*' }, b: { service: 'shop-web' } },
    { service: 'shop-web' },
    ['b'],
  ],
  [
    'by the longer pattern',
    { a: { service: '*' }, b: { service: 'shop-*' } },
    { service: 'shop-web' },
    ['b'],
  ],
  [
    'only in its environment',
    { a: { service: 'shop', environment: 'production' } },
    { service: 'shop', environment: 'staging' },
    [],
  ],
  [
    'not when the event does not say where a service is',
    { a: { service: 'shop', environment: 'production' } },
    { service: 'shop' },
    [],
  ],
  [
    'in every environment when it names none',
    { a: { service: 'shop' } },
    { service: 'shop', environment: 'staging' },
    ['a'],
  ],
  [
    'but not in that of another node',
    { a: { service: 'shop' }, b: { service: 'shop', environment: 'staging' } },
    { service: 'shop', environment: 'staging' },
    ['b'],
  ],
  [
    'on its host alone',
    { a: { service: 'shop' }, b: { service: 'shop', host: 'web-1' } },
    { service: 'shop', host: 'web-2' },
    ['a'],
  ],
  [
    'by a repository, which no environment stands beside',
    { a: { service: 'shop', environment: 'production', repository: 'github.com/acme/shop' } },
    { repository: 'github.com/acme/shop' },
    ['a'],
  ],
  [
    'but not by the repository of another service',
    { a: { service: 'shop', repository: 'github.com/acme/mono' } },
    { service: 'mail', repository: 'github.com/acme/mono' },
    [],
  ],
  [
    'by its host, of which nothing else is said',
    { a: { service: 'db', host: 'db-1', environment: 'production' } },
    { host: 'db-1' },
    ['a'],
  ],
  [
    'all that are named alike',
    { a: { service: 'shop' }, b: { service: 'shop' } },
    { service: 'shop' },
    ['a', 'b'],
  ],
  [
    'by the environment when nothing else is on the map',
    { a: { environment: 'staging' }, b: { service: 'shop', environment: 'staging' } },
    { service: 'mail', environment: 'staging' },
    ['a'],
  ],
  [
    'by the namespace when it names nothing else',
    { a: { namespace: 'pay', service: 'x' }, b: { namespace: 'pay' } },
    { namespace: 'pay' },
    ['b'],
  ],
  [
    'not by a name that is missing',
    { a: { host: '*' }, b: { service: '*' } },
    { repository: 'r' },
    [],
  ],
])('a node is found %s', (_, nodes, names, expected) => {
  const model = mapOf(Object.entries(nodes).map(([id, own]) => nodeOf(id, own)));
  expect(makeBinder(model).find({ source: '/agent', ...names })).toEqual(expected);
});

test('bindings of the map come first, in their order', () => {
  const bind = [
    bindingOf({ 'service.name': '{node.service}-canary' }),
    bindingOf({ 'service.name': 'shop', 'host.name': 'old-*' }, 'attic'),
    bindingOf({ source: 'jenkins/{node.id}/*' }),
    bindingOf({ 'service.name': 'pay', 'deployment.environment': '{node.environment}' }, 'gone'),
  ];
  const builder = nodeOf('builder', {});
  const binder = makeBinder(mapOf([shop, nodeOf('attic', {}), builder], { bind }));
  const find = (names: Partial<EventNames>): readonly string[] =>
    binder.find({ source: '/x', ...names });
  expect(find({ service: 'shop-canary' })).toEqual(['shop']);
  expect(find({ service: 'shop' })).toEqual(['shop']);
  expect(find({ service: 'shop', host: 'old-1' })).toEqual(['attic']);
  expect(find({ source: 'jenkins/builder/3' })).toEqual(['builder']);
  expect(find({ service: 'pay', environment: 'x' })).toEqual([]);
});

test('a binding that is neither of a node nor of its names leaves things off the map', () => {
  const bind = [bindingOf({ source: 'noise/*' })];
  const binder = makeBinder(mapOf([shop], { bind }));
  const noise = binder.look({ source: 'noise/1', service: 'shop' });
  expect(noise).toEqual({ ids: [], ignored: true });
  expect(binder.look({ source: '/x', service: 'mail' })).toEqual({ ids: [], ignored: false });
});

test('processes are found beside the nodes, and by a binding that names them', () => {
  const processes = [
    processOf('checkout', { names: { check: 'smoke/checkout' } }),
    processOf('browse'),
  ];
  const bind = [bindingOf({ source: '/synthetic/browse' }, 'browse')];
  const binder = makeBinder(mapOf([shop], { processes, bind }));
  expect(binder.find({ source: '/x', service: 'shop', check: 'smoke/checkout' })).toEqual([
    'shop',
    'process:checkout',
  ]);
  expect(binder.find({ source: '/synthetic/browse' })).toEqual(['process:browse']);
});

test('the same names are worked out once, and names that make no difference are the same', () => {
  const binder = makeBinder(mapOf([shop]));
  for (let i = 0; i < 100; i++)
    binder.find({ source: `/${i}`, service: 'shop', subject: `s/${i}` });
  expect(binder.counters).toMatchObject({ worked: 1, remembered: 1 });
});

test('what is remembered is bounded, and what is asked again stays', () => {
  const binder = makeBinder(mapOf([shop]));
  for (let i = 0; i < 2.5 * maxRemembered; i++) {
    binder.find({ source: '/x', service: `s${i}` });
    binder.find({ source: '/x', service: 'shop' });
  }
  expect(binder.counters.remembered).toBeLessThanOrEqual(maxRemembered);
  expect(binder.counters.worked).toBe(2.5 * maxRemembered + 1);
  const recent = new Recent<number>(4);
  for (let i = 0; i < 9; i++) recent.set(`k${i}`, i);
  expect(recent.size).toBeLessThanOrEqual(4);
  expect([recent.get('k8'), recent.get('k0')]).toEqual([8, undefined]);
});

test('a pattern fits what a regular expression of it does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
  fc.assert(
    fc.property(pattern, text, (one, other) => {
      const expression = new RegExp(`^${one.replaceAll('*', '.*')}$`, 's');
      expect(fits(patternOf('source', one), other)).toBe(expression.test(other));
    }),
  );
});

test('what is found is what fits, however many other nodes there are', () => {
  const name = fc.constantFrom('a', 'b', 'ab', 'abc', 'b*', 'ab*', '*');
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), name, (services, service) => {
      const nodes = services.map((one, i) => nodeOf(`n${i}`, { service: one }));
      const found = makeBinder(mapOf(nodes)).find({ source: '/x', service });
      const fitting = services.filter((one) => fits(patternOf('service', one), service));
      expect(found.length > 0).toBe(fitting.length > 0);
      for (const id of found) expect(fitting).toContain(services[Number(id.slice(1))]);
    }),
  );
});
