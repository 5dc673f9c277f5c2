import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeBinder } from '../bind/binder.ts';
import { mapOf, nodeOf } from '../bind/map.suite.ts';
import { isOwn, namesOfSeen } from '../bind/names.ts';
import { compileMap } from '../code/compile.ts';
import { writeDraft } from '../code/write.ts';
import type { MapDraft } from '../draft-map.ts';
import { type MapModel, quadrants } from '../model.ts';
import { findProblems } from '../problems/find.ts';
import type { Seen, SeenCall } from '../seen.ts';
import { draftOf } from './draft.ts';
import { freeId, isAddress, kindOfService } from './kinds.ts';

const now = Date.UTC(2026, 10, 26, 3);

const seenOf = (fields: Partial<Seen>): Seen => ({
  stream: 'readings',
  source: '/agent',
  type: 'metric',
  first: now - 1000,
  last: now,
  count: 1204,
  offset: 1,
  ...fields,
});

const factOf = (type: string, fields: Partial<Seen> = {}): Seen =>
  seenOf({ stream: 'facts', type, count: 3, ...fields });

const callOf = (from: string, to: string, more: Partial<SeenCall> = {}): SeenCall => ({
  from,
  to,
  count: 12,
  last: now,
  ...more,
});

/** The draft as a map, without the detour over its text. */
const modelOf = ({ nodes }: MapDraft): MapModel =>
  mapOf(
    nodes.map(({ id, quadrant, kind, names = {}, anchor = false }) =>
      nodeOf(id, names, { quadrant, kind, anchor }),
    ),
  );

const shown = ({ nodes }: MapDraft): string[] =>
  nodes.map(
    ({ id, kind, names }) => `${id}: ${kind}${names ? ` ${Object.entries(names).join(' ')}` : ''}`,
  );

const edges = (draft: MapDraft): string[] => {
  const arrows = { flow: '->', hard: '=>', soft: '~>', escalation: '^>' };
  return draft.edges.map(({ from, to, kind }) => `${from} ${arrows[kind]} ${to}`);
};

function compiled(draft: MapDraft): MapModel {
  const { model, faults } = compileMap({ file: 'map.yaml', text: writeDraft(draft) });
  expect(faults).toEqual([]);
  if (!model) throw new Error('no map');
  expect(model.edges.length).toBe(draft.edges.length);
  return model;
}

test('an empty stream gives a small map with something in each quadrant', () => {
  const draft = draftOf({ seen: [], calls: [] });
  expect(shown(draft)).toEqual([
    'users: actor',
    'app: app service,app',
    'build: build-server',
    'code: step',
    'review: step',
    'helpdesk: role',
    'second-line: role',
  ]);
  expect(edges(draft)).toEqual(['code -> review', 'helpdesk ^> second-line', 'users -> app']);
  expect(new Set(draft.nodes.map(({ quadrant }) => quadrant)).size).toBe(quadrants.length);
  expect(draft.nodes[1]?.comment).toContain('nothing was seen yet');
  expect(compiled(draft).nodes.size).toBe(7);
});

const busy = {
  seen: [
    seenOf({ service: 'haproxy', environment: 'production' }),
    seenOf({ service: 'shop', environment: 'production' }),
    seenOf({ service: 'shop', environment: 'staging' }),
    seenOf({ service: 'mailer' }),
    seenOf({ service: 'mailer', environment: 'staging' }),
    ...[1, 2, 3, 4, 5].map((i) => seenOf({ host: `web-${i}`, source: '/collectd' })),
    seenOf({ host: 'db-1', source: '/collectd' }),
    seenOf({ source: '/cron', check: 'backup', type: 'check' }),
    factOf('commit.created', {
      repository: 'github.com/acme/shop',
      source: 'https://github.com/acme/shop.git',
    }),
    factOf('change.merged', {
      repository: 'github.com/acme/shop',
      source: 'https://github.com/acme/shop',
    }),
    factOf('pipelinerun.finished', {
      repository: 'github.com/acme/shop',
      source: 'https://ci.acme.example/',
    }),
    factOf('service.deployed', { service: 'shop', environment: 'production', source: '/deploy' }),
    factOf('incident.detected', { source: 'https://acme.pagerduty.com' }),
    factOf('case.created', { source: 'https://acme.zendesk.com' }),
    factOf('alert.opened', { source: 'territory/alerts', service: 'shop' }),
  ],
  calls: [
    callOf('haproxy', 'shop'),
    callOf('shop', 'postgresql/orders', { toIs: 'database' }),
    callOf('shop', 'redis', { toIs: 'database' }),
    callOf('shop', 'kafka/orders', { toIs: 'queue' }),
    callOf('kafka/orders', 'mailer', { fromIs: 'queue' }),
    callOf('shop', 'api.payco.example', { toIs: 'address' }),
    callOf('shop', '10.1.2.3', { toIs: 'address' }),
  ],
};

test('what was seen stands in its quadrant, and calls are needs', () => {
  const draft = draftOf(busy);
  expect(shown(draft)).toEqual([
    'users: actor',
    'staging: environment environment,staging',
    'shop: app service,shop environment,production',
    'mailer: app service,mailer',
    'mailer-staging: app service,mailer environment,staging',
    'haproxy: load-balancer service,haproxy',
    'postgresql-orders: database service,postgresql/orders',
    'redis: cache service,redis',
    'kafka-orders: queue service,kafka/orders',
    'api-payco-example: external service,api.payco.example',
    'web: cluster host,web-*',
    'db-1: host host,db-1',
    'shop-2: repository repository,github.com/acme/shop',
    'ci-acme-example: build-server source,https://ci.acme.example/',
    'acme-pagerduty-com: role source,https://acme.pagerduty.com',
    'acme-zendesk-com: role source,https://acme.zendesk.com',
    'cron: system source,/cron',
    'code: step',
    'review: step',
  ]);
  expect(edges(draft)).toEqual([
    'haproxy => shop',
    'shop => postgresql-orders',
    'shop => redis',
    'shop ~> kafka-orders',
    'mailer ~> kafka-orders',
    'shop => api-payco-example',
    'users -> haproxy',
    'code -> review',
    'review -> shop-2',
    'shop-2 -> ci-acme-example',
    'ci-acme-example -> staging',
    'acme-zendesk-com ^> acme-pagerduty-com',
  ]);
  expect(draft.nodes.find(({ id }) => id === 'shop')?.comment).toBe(
    'seen 1,207 times, last 2026-11-26T03:00:00Z',
  );
  expect(draft.edges[1]?.comment).toBe('seen 12 calls');
});

test('a draft is a good map, on which all that was seen is found', () => {
  const model = compiled(draftOf(busy));
  const binder = makeBinder(model);
  for (const one of busy.seen.filter((seen) => !isOwn(seen)))
    expect(binder.find(namesOfSeen(one))).not.toEqual([]);
  const declaredAt = new Map([...model.nodes.keys()].map((id) => [id, 0]));
  const problems = findProblems({ model, binder, ...busy, health: new Map(), declaredAt, now });
  expect(problems.map(({ id }) => id)).toEqual([]);
});

test('without an environment that is called production the largest one is it', () => {
  const seen = ['a', 'b'].map((service) => seenOf({ service, environment: 'demo' }));
  const draft = draftOf({ seen: [...seen, seenOf({ service: 'a', environment: 'x' })], calls: [] });
  expect(shown(draft).slice(1, 4)).toEqual([
    'x: environment environment,x',
    'a: app service,a environment,demo',
    'b: app service,b',
  ]);
});

test('a forge that builds is one source with its repository, so runs are known by their subject', () => {
  const forge = { repository: 'github.com/acme/shop', source: 'https://github.com/acme/shop' };
  const seen = [
    factOf('change.merged', forge),
    factOf('pipelinerun.finished', { ...forge, subject: 'pipelinerun/7' }),
  ];
  const draft = draftOf({ seen, calls: [] });
  expect(shown(draft)).toContain('build: build-server subject,pipelinerun/*');
  const binder = makeBinder(modelOf(draft));
  expect(seen.map((one) => binder.find(namesOfSeen(one)))).toEqual([['shop'], ['build']]);
});

test('what programs write into logs is drawn as hosts and senders, not as services', () => {
  const seen = ['10.0.0.1', '10.0.0.2'].flatMap((host) =>
    ['sshd', 'cron'].map((service) =>
      seenOf({ source: `/syslog/${host}`, service, host, type: 'log' }),
    ),
  );
  const other = seenOf({ source: '/graphite/10.0.0.3' });
  const draft = draftOf({ seen: [...seen, other], calls: [] });
  expect(shown(draft).slice(1, 4)).toEqual([
    '10-0-0-1: host host,10.0.0.1',
    '10-0-0-2: host host,10.0.0.2',
    'graphite: system source,/graphite/*',
  ]);
});

test.each([
  ['haproxy', undefined, 'load-balancer'],
  ['shop-lb', undefined, 'load-balancer'],
  ['orders-db', undefined, 'database'],
  ['postgresql/orders', 'database', 'database'],
  ['redis', 'database', 'cache'],
  ['kafka/orders', 'queue', 'queue'],
  ['rabbitmq', undefined, 'queue'],
  ['api.payco.example', 'address', 'external'],
  ['adbc', undefined, 'app'],
  ['checkout', 'service', 'app'],
] as const)('%s, called as %s, is a %s', (name, is, kind) => {
  expect(kindOfService(name, is)).toBe(kind);
});

test('ids are plain and no two are the same', () => {
  const taken = new Set<string>();
  const ids = ['Shop', 'shop', 'shop!', '…', '', 'Größe/β 7'].map((name) => {
    const id = freeId(name, (one) => taken.has(one));
    taken.add(id);
    return id;
  });
  expect(ids).toEqual(['shop', 'shop-2', 'shop-3', 'node', 'node-2', 'gro-e-7']);
  expect(['10.0.0.1', '10.0.0.1:80', '::1', 'localhost', 'a.example'].map(isAddress)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

test('whatever was seen, the draft is a good map and each thing is found on it', () => {
  const name = fc.option(
    fc.oneof(
      fc.constantFrom('shop', 'web-1', 'web-2', 'staging', 'production', 'github.com/acme/shop'),
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
        .filter((text) => text.trim() === text && !/[\p{C}*]/u.test(text)),
    ),
    { nil: undefined },
  );
  const type = fc.constantFrom(
    'metric',
    'check',
    'change.merged',
    'pipelinerun.finished',
    'case.created',
    'odd',
  );
  const one = fc
    .record({ source: name, service: name, environment: name, host: name, repository: name, type })
    .map(({ source = '/x', type: is, ...rest }) => {
      const named = Object.entries(rest).filter(([, value]) => value !== undefined);
      const facts = is.includes('.');
      const { repository, ...others } = Object.fromEntries(named) as Partial<Seen>;
      const stream = facts ? 'facts' : 'readings';
      // Only facts are looked at for repositories.
      return seenOf({
        source,
        type: is,
        stream,
        ...others,
        ...(facts && repository && { repository }),
      });
    });
  const call = fc.tuple(name, name).map(([from = 'a', to = 'b']) => callOf(from, to));
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 30 }),
      fc.array(call, { maxLength: 8 }),
      (seen, calls) => {
        const draft = draftOf({ seen, calls });
        expect(new Set(draft.nodes.map(({ id }) => id)).size).toBe(draft.nodes.length);
        for (const model of [modelOf(draft), compiled(draft)]) {
          const binder = makeBinder(model);
          const lost = seen.filter(
            (each) => !isOwn(each) && binder.find(namesOfSeen(each)).length === 0,
          );
          expect(lost).toEqual([]);
        }
      },
    ),
  );
});
