import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeBinder } from '../bind/binder.ts';
import { bindingOf, mapOf, nodeOf, processOf } from '../bind/map.suite.ts';
import type { Evidence, Health } from '../health.ts';
import { type MapModel, emptyMap } from '../model.ts';
import type { MapProblem, Seen, SeenCall } from '../seen.ts';
import { findProblems, lookForProblems, maxProblems } from './find.ts';
import type { Situation } from './situation.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 15, 12);

const seenOf = (fields: Partial<Seen>): Seen => ({
  stream: 'readings',
  source: '/agent',
  type: 'metric',
  first: now - 3 * day,
  last: now - 12_000,
  count: 1204,
  offset: 77,
  ...fields,
});

const callOf = (fields: Partial<SeenCall> & Pick<SeenCall, 'from' | 'to'>): SeenCall => ({
  count: 5,
  first: now - day,
  last: now - 1000,
  ...fields,
});

function situationOf(model: MapModel, more: Partial<Situation> = {}): Situation {
  const ids = [...model.nodes.keys(), ...[...model.processes.keys()].map((id) => `process:${id}`)];
  return {
    model,
    binder: makeBinder(model),
    seen: [],
    calls: [],
    health: new Map(),
    declaredAt: new Map(ids.map((id) => [id, now - 2 * day])),
    now,
    ...more,
  };
}

const told = (model: MapModel, more: Partial<Situation> = {}): string[] =>
  findProblems(situationOf(model, more)).map(({ id }) => id);

const shop = nodeOf('shop', { service: 'shop' });
const good: Evidence = {
  kind: 'check',
  state: 'ok',
  name: 'http',
  text: 'http is ok',
  time: now - 5000,
  stale: false,
  stream: 'readings',
  offset: 9,
};
const bad: Evidence = { ...good, state: 'down', text: 'http is critical', offset: 10 };
const well: Health = {
  observed: 'ok',
  inferred: 'ok',
  shown: 'ok',
  because: [],
  contradiction: false,
  evidence: [good],
};

test('what is declared and was never seen is told, with since when', () => {
  const [problem] = findProblems(situationOf(mapOf([shop])));
  expect(problem).toEqual({
    id: 'declared-never-seen/shop',
    kind: 'declared-never-seen',
    node: 'shop',
    message: 'shop was declared 2 d ago and was never seen: no event with service shop has come.',
    since: now - 2 * day,
    evidence: [],
  });
});

test.each<[string, string[], MapModel, Partial<Situation>]>([
  ['what was seen', [], mapOf([shop]), { seen: [seenOf({ service: 'shop' })] }],
  [
    'what was only called',
    [],
    mapOf([shop]),
    {
      calls: [callOf({ from: 'web', to: 'shop' })],
      seen: [seenOf({ service: 'web', source: 'territory/x' })],
    },
  ],
  [
    'what was declared a moment ago',
    [],
    mapOf([shop]),
    { declaredAt: new Map([['shop', now - 1000]]) },
  ],
  ['what nobody knows since when it is declared', [], mapOf([shop]), { declaredAt: new Map() }],
  ['what may have had no room', [], mapOf([shop]), { overflowed: true }],
  [
    'people and what they do',
    [],
    mapOf([nodeOf('a', {}, { kind: 'role' }), nodeOf('b', {}, { kind: 'step' })]),
    {},
  ],
  ['a desk without a name', [], mapOf([nodeOf('a', {}, { quadrant: 'support' })]), {}],
  [
    'but a desk that is named is missed',
    ['declared-never-seen/a'],
    mapOf([nodeOf('a', { source: '/x' }, { quadrant: 'support', kind: 'role' })]),
    {},
  ],
  [
    'a node that no event can find is told',
    ['declared-never-seen/a'],
    mapOf([nodeOf('a', {})]),
    {},
  ],
  [
    'a process is told when it is named',
    ['declared-never-seen/process:pay'],
    mapOf([], { processes: [processOf('pay', { names: { check: 'c' } }), processOf('q')] }),
    {},
  ],
])('of what is not seen: %s', (_, expected, model, more) => {
  const kinds = told(model, more).filter((id) => !id.startsWith('seen-never-declared'));
  expect(kinds).toEqual(expected);
});

test('the node of a stage needs no name: the stage sees it', () => {
  const place = { file: 'map.yaml', line: 1, column: 1 };
  const stage = {
    id: 'build',
    title: 'Build',
    node: 'builder',
    enter: [],
    exit: [],
    active: [],
    place,
  };
  const streams = [
    { id: 'delivery', title: 'Delivery', item: 'change', stages: [stage], back: [], place },
  ] as const;
  const builder = nodeOf('builder', {}, { quadrant: 'pipeline' });
  expect(told(mapOf([builder], { streams }))).toEqual([]);
  expect(told(mapOf([builder]))).toEqual(['declared-never-seen/builder']);
});

test('a binding to a node is a way to be seen', () => {
  const bind = [bindingOf({ source: '/x' }, 'a')];
  const model = mapOf([nodeOf('a', {})], { bind });
  expect(findProblems(situationOf(model))[0]?.message).toContain(
    'no event has come by its binding',
  );
  expect(told(model, { seen: [seenOf({ source: '/x' })] })).toEqual([]);
});

test('what was not seen for long is stale, by its own measure or the map’s', () => {
  const seen = [seenOf({ service: 'shop', last: now - 8 * day, first: now - 9 * day })];
  const [problem] = findProblems(situationOf(mapOf([shop]), { seen }));
  expect(problem).toMatchObject({
    id: 'stale/shop',
    since: now - day,
    message:
      'shop was seen 8 d ago for the last time, which is more than 7 d: metric of shop from /agent, 1,204 times.',
    evidence: [{ stream: 'readings', offset: 77, time: now - 8 * day }],
  });
  const fresh = nodeOf('shop', { service: 'shop' }, { freshFor: 60_000 });
  const late = [seenOf({ service: 'shop', last: now - 181_000 })];
  const justLate = [seenOf({ service: 'shop', last: now - 179_000 })];
  expect(told(mapOf([fresh]), { seen: justLate })).toEqual([]);
  expect(told(mapOf([fresh]), { seen: late })).toEqual(['stale/shop']);
  expect(told(mapOf([shop]), { seen: late })).toEqual([]);
});

test('a service that is not on the map is one thing, however it was seen', () => {
  const seen = [
    seenOf({ service: 'cart', environment: 'production', count: 1000 }),
    seenOf({ service: 'cart', environment: 'staging', last: now - 60_000, host: 'web-1' }),
    seenOf({ service: 'cart', check: 'http', type: 'check', count: 1, first: now - 4 * day }),
  ];
  const problems = findProblems(situationOf(emptyMap, { seen }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({
    id: 'seen-never-declared/service/cart',
    message:
      'Service cart is not on the map: 2,205 events, the first 4 d ago, the last 12 s ago, in production and staging, from /agent.',
    since: now - 4 * day,
    evidence: [{ offset: 77, time: now - 12_000 }, {}, {}],
  });
  expect(problems[0]?.snippet).toContain('cart');
});

test('where it is on the map in another place, the place is told', () => {
  const model = mapOf([nodeOf('shop', { service: 'shop', environment: 'production' })]);
  const seen = [
    seenOf({ service: 'shop', environment: 'production' }),
    seenOf({ service: 'shop', environment: 'staging' }),
    seenOf({ service: 'shop' }),
  ];
  const problems = findProblems(situationOf(model, { seen }));
  expect(problems.map(({ id, message }) => [id, message.split(':')[0]])).toEqual([
    [
      'seen-never-declared/service/shop/',
      'Service shop is seen without an environment, and shop is of another place',
    ],
    [
      'seen-never-declared/service/shop/staging',
      'Service shop in staging is not on the map, and shop is of another place',
    ],
  ]);
  expect(problems[0]).not.toHaveProperty('snippet');
  expect(problems[1]?.snippet).toContain('staging');
});

test.each<[string, Partial<Seen>, string[]]>([
  ['a source', { source: '/nagios', host: 'web-1' }, ['seen-never-declared/source//nagios']],
  [
    'a repository',
    { stream: 'facts', repository: 'github.com/acme/mono', type: 'change.merged' },
    ['seen-never-declared/repository/github.com/acme/mono'],
  ],
  [
    'a service beside a host that is on the map',
    { service: 'cart', host: 'db-1' },
    ['seen-never-declared/service/cart'],
  ],
  ['a service on a host that a binding takes as a whole', { service: 'cart', host: 'old-1' }, []],
  [
    'a service in an environment that is on the map as one',
    { service: 'cart', environment: 'staging' },
    [],
  ],
  ['what is ignored on purpose', { service: 'cart', source: 'noise/1' }, []],
  ['what Territory says itself', { service: 'territory', source: '/territory' }, []],
  ['what rules emit', { service: 'cart', source: 'territory/rules' }, []],
  ['its own machine', { source: '/host-probe', host: 'h' }, []],
  ['what is long gone', { service: 'cart', last: now - 8 * day }, []],
])('off the map: %s', (_, fields, expected) => {
  const nodes = [
    nodeOf('db-1', { host: 'db-1' }),
    nodeOf('staging', { environment: 'staging' }),
    nodeOf('old', {}),
  ];
  const bind = [bindingOf({ source: 'noise/*' }), bindingOf({ 'host.name': 'old-*' }, 'old')];
  const situation = { seen: [seenOf(fields)], declaredAt: new Map() };
  expect(told(mapOf(nodes, { bind }), situation)).toEqual(expected);
});

test('a source tells of its hosts and checks', () => {
  const seen = [1, 2, 3, 4].map((i) =>
    seenOf({ source: '/nagios', host: `web-${i}`, check: 'disk', type: 'check' }),
  );
  const [problem] = findProblems(situationOf(emptyMap, { seen }));
  expect(problem?.message).toMatch(/of web-1, web-2, web-3 and 1 other, with checks disk\.$/);
  expect(problem?.snippet).toContain('web-4');
});

test('programs that write the logs of hosts are no services, and senders of one kind are one', () => {
  const line = (service: string, host: string, address: string): Seen =>
    seenOf({ source: `/syslog/${address}`, service, host, type: 'log' });
  const seen = [
    line('sshd', 'web-1', '10.0.0.1'),
    line('cron', 'web-2', '10.0.0.2'),
    line('shop', 'web-2', '10.0.0.2'),
    seenOf({ service: 'shop' }),
  ];
  expect(told(emptyMap, { seen })).toEqual([
    'seen-never-declared/service/shop',
    'seen-never-declared/source//syslog/*',
  ]);
  const hosts = mapOf([nodeOf('web', { host: 'web-*' }), shop]);
  expect(told(hosts, { seen })).toEqual([]);
});

test('what is called and says nothing itself is told, but not an address', () => {
  const calls = [
    callOf({ from: 'shop', to: 'postgresql/orders', toIs: 'database', count: 1200 }),
    callOf({ from: 'shop', to: '10.0.0.7', toIs: 'address' }),
    callOf({ from: 'shop', to: 'api.payco.example', toIs: 'address' }),
    callOf({ from: 'shop', to: 'cart' }),
  ];
  const seen = [seenOf({ service: 'shop' }), seenOf({ service: 'cart' })];
  const problems = findProblems(situationOf(mapOf([shop]), { seen, calls }));
  expect(problems.map(({ id }) => id)).toEqual([
    'seen-never-declared/call/api.payco.example',
    'seen-never-declared/call/postgresql/orders',
    'seen-never-declared/service/cart',
  ]);
  expect(problems[1]).toMatchObject({
    message:
      'postgresql/orders is not on the map: 1,200 calls between it and shop, the last 1 s ago.',
    since: now - day,
  });
  expect(problems[1]?.snippet).toContain('database');
});

test('a contradiction names the need that may be none', () => {
  const checkout = processOf('checkout', { needs: [{ id: 'shop', kind: 'hard' }] });
  const model = mapOf([shop, nodeOf('db', { service: 'db' })], { processes: [checkout] });
  const health = new Map<string, Health>([
    [
      'process:checkout',
      {
        ...well,
        inferred: 'down',
        shown: 'at-risk',
        because: ['process:checkout', 'shop', 'db'],
        contradiction: true,
      },
    ],
    ['db', { ...well, observed: 'down', shown: 'down', evidence: [bad] }],
  ]);
  const situation = situationOf(model, { health, declaredAt: new Map() });
  const [problem] = findProblems(situation);
  expect(problem).toMatchObject({
    id: 'contradiction/process:checkout',
    node: 'process:checkout',
    since: now,
    message:
      'process checkout should be down, because it needs shop, which is (because of db); it is seen to be good (http is ok). Perhaps it does not need shop that much: then write ~> for =>.',
    evidence: [{ offset: 9 }, { offset: 10 }],
  });
  const open = new Map([['contradiction/process:checkout', { since: 7 } as MapProblem]]);
  expect(findProblems({ ...situation, open })[0]?.since).toBe(7);
});

test('a process that is bad while all it needs is good is not explained by the map', () => {
  const checkout = processOf('checkout', { needs: [{ id: 'shop', kind: 'hard' }] });
  const broken: Health = { ...well, observed: 'down', shown: 'down', evidence: [bad, good] };
  const of = (one: Health, process = checkout): string[] =>
    told(mapOf([shop], { processes: [process] }), {
      health: new Map([['process:checkout', one]]),
      declaredAt: new Map(),
    });
  expect(of(broken)).toEqual(['unexplained/process:checkout']);
  expect(of({ ...broken, inferred: 'no-evidence' })).toEqual([]);
  expect(of({ ...broken, inferred: 'at-risk' })).toEqual([]);
  expect(of({ ...broken, observed: 'no-evidence' })).toEqual([]);
  expect(of(broken, processOf('checkout'))).toEqual([]);
  const place = { file: 'map.yaml', line: 1, column: 1 };
  const groups = [{ id: 'g', from: 'checkout', members: ['shop'], need: 1, text: 'shop', place }];
  const model = mapOf([shop], { processes: [processOf('checkout')], groups });
  const health = new Map([['process:checkout', broken]]);
  expect(told(model, { health, declaredAt: new Map() })).toEqual(['unexplained/process:checkout']);
});

test('problems are bounded, counted, and in the same order whatever the order of what was seen', () => {
  const seen = Array.from({ length: 700 }, (_, i) => seenOf({ service: `s${i}` }));
  const situation = situationOf(mapOf([shop]), { seen });
  const found = lookForProblems(situation);
  expect(found.problems).toHaveLength(maxProblems);
  expect(found.left).toBe(701 - maxProblems);
  const turned = lookForProblems({ ...situation, seen: seen.toReversed() });
  expect(turned.problems).toEqual(found.problems);
});

test('whatever was seen, each thing is told once or is on the map, and later calls tell the same', () => {
  const name = fc.option(fc.constantFrom('shop', 'cart', 'x y'), { nil: undefined });
  const one = fc.record({
    service: name,
    environment: name,
    host: name,
    repository: name,
    check: name,
  });
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 20 }),
      fc.array(one, { maxLength: 4 }),
      (list, nodes) => {
        const plain = (fields: object): object =>
          Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
        const model = mapOf(nodes.map((names, i) => nodeOf(`n${i}`, plain(names))));
        const seen = list.map((fields) => seenOf(plain(fields)));
        const situation = situationOf(model, { seen });
        const found = findProblems(situation);
        expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
        const off = seen.filter((fields) => situation.binder.find(fields).length === 0);
        const strangers = found.filter(({ kind }) => kind === 'seen-never-declared');
        expect(off.length === 0 || strangers.length > 0).toBe(true);
        const later = findProblems({ ...situation, now: now + 1000 });
        expect(later.map(({ id, since }) => [id, since])).toEqual(
          found.map(({ id, since }) => [id, since]),
        );
      },
    ),
  );
});
