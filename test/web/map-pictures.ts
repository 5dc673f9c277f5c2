import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MapAnswer } from '../../src/server/api/contract-map.ts';
import { sizedMap } from '../../src/rooms/map/sized-map.suite.ts';
import { type Look, World } from './world.ts';

/** The pictures of the map: a small shop in all four quadrants, and maps of 120 and 500 nodes. */
const world = new World();
const images = join(import.meta.dirname, '../../docs/images');

const shop = `schema: territory.map/1
title: The shop
nodes:
  idea: {quadrant: development, kind: step, roles: [product owner]}
  code: {quadrant: development, kind: step, roles: [developer]}
  review: {quadrant: development, kind: step, roles: [developer, qa], wip: 5}
  git: {quadrant: pipeline, kind: repository, service: git}
  builder: {quadrant: pipeline, kind: build-server, service: builder}
  registry: {quadrant: pipeline, kind: artifact-store, service: registry}
  staging: {quadrant: pipeline, kind: environment, service: staging}
  customers: {quadrant: production, kind: actor, anchor: true}
  lb: {quadrant: production, kind: load-balancer, service: haproxy, owner: team-web}
  web/1: {quadrant: production, kind: app, service: web, host: web-1, owner: team-web}
  web/2: {quadrant: production, kind: app, service: web, host: web-2, owner: team-web}
  web/3: {quadrant: production, kind: app, service: web, host: web-3, owner: team-web}
  api: {quadrant: production, kind: app, service: api, owner: team-checkout, release: true}
  search: {quadrant: production, kind: app, service: search, owner: team-search}
  orders-db: {quadrant: production, kind: database, service: orders-db, owner: team-checkout}
  payments: {quadrant: production, kind: external, service: payments, supplier: PayCo}
  mail: {quadrant: production, kind: external, service: mail, supplier: MailCo}
  helpdesk: {quadrant: support, kind: role, rota: helpdesk}
  second-line: {quadrant: support, kind: role, rota: second-line, members: 4, mix: {ops: 2, dev: 2}}
  dba: {quadrant: support, kind: role}
  vendor: {quadrant: support, kind: role, title: supplier's support}
edges:
  - idea -> code -> review
  - review -> git
  - git -> builder -> registry -> staging
  - staging -> api
  - customers -> lb
  - lb => web/* need 2
  - web/1 => api
  - web/2 => api
  - web/3 => api
  - api => orders-db
  - api ~> search
  - customers -> helpdesk
  - helpdesk ^> second-line ^> dba after 30m
  - second-line ^> vendor after 1h
processes:
  checkout: {criticality: 1, owner: team-checkout, needs: [api, payments, lb, ~mail]}
  browse: {criticality: 2, owner: team-web, needs: [lb]}
  letters: {title: order letters, criticality: 3, needs: [mail]}
streams:
  delivery:
    title: From commit to production
    item: change
    stages:
      - {id: code, node: code, enter: change.created, exit: change.created}
      - {id: review, node: review, exit: change.merged}
      - {id: build, node: builder, exit: artifact.published}
      - {id: release, node: api, exit: "service.deployed[env=production]"}
`;

interface Check {
  readonly [field: string]: unknown;
  readonly service: string;
  readonly host?: string;
}

const check = (
  service: string,
  state: string,
  more: Omit<Partial<Check>, 'service'> = {},
): Check => ({
  type: 'check',
  name: 'up',
  service,
  state,
  ttl: 3_600,
  ...more,
});

async function declare(text: string): Promise<void> {
  const { hash } = await world.ask<{ hash: string }>('GET', '/api/v1/map/source', undefined);
  await world.ask('PUT', '/api/v1/map/source', { text, was: hash });
}

/** Waits until the map is as it is wanted. */
async function mapIs(is: (map: MapAnswer) => boolean): Promise<MapAnswer> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- polling is all the API offers
    const map = await world.ask<MapAnswer>('GET', '/api/v1/map', undefined).catch(() => undefined);
    if (map && is(map)) return map;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** All that has a service is well, but for these. */
async function allWell(map: MapAnswer, but: readonly Check[]): Promise<void> {
  const bad = new Set(but.map(({ service, host = '' }) => `${service} ${host}`));
  const well = map.nodes.flatMap(({ names }) => {
    const { service, host, environment }: { [name: string]: string } = names;
    if (service === undefined || bad.has(`${service} ${host ?? ''}`)) return [];
    return [check(service, 'ok', { ...(host && { host }), ...(environment && { environment }) })];
  });
  await world.send(...well, ...but);
}

/** Takes a picture of a page that is drawn and has settled; its size in bytes. */
async function take(page: Page, name: string): Promise<number> {
  await page.waitForTimeout(1_500);
  const { length } = await page.screenshot({ path: join(images, `${name}.png`) });
  await page.close();
  return length;
}

async function picture(name: string, look: Look & { height?: number } = {}): Promise<number> {
  const page = await world.open('/map', { width: 1440, ...look });
  await page.setViewportSize({ width: look.width ?? 1440, height: look.height ?? 900 });
  await page.locator('[data-box]').first().waitFor();
  return take(page, name);
}

/** Of a picture with something on it, bytes. */
const least = 10_000;

beforeAll(async () => {
  await world.start();
  await mapIs(() => true);
  await declare(shop);
  const map = await mapIs(({ nodes }) => nodes.length === 21);
  await allWell(map, [
    check('mail', 'critical', { data: 'SMTP: connection refused' }),
    check('search', 'warning', { data: 'p95 is 1,240 ms, more than 800' }),
    check('web', 'critical', { host: 'web-2', data: 'HTTP 502' }),
  ]);
  await mapIs(({ processes }) => processes.some(({ health }) => health.shown === 'down'));
}, 120_000);
afterAll(() => world.stop());

test('the map of a small shop, in light and in dark', async () => {
  expect(await picture('map')).toBeGreaterThan(least);
  expect(await picture('map-dark', { dark: true })).toBeGreaterThan(least);
});

test('on a phone', async () => {
  expect(await picture('map-phone', { width: 390, height: 844 })).toBeGreaterThan(least);
});

test('as a table', async () => {
  const page = await world.open('/map/table', { width: 1440 });
  await page.getByText('orders-db').first().waitFor();
  expect(await take(page, 'map-table')).toBeGreaterThan(least);
});

test('on the wall', async () => {
  const { secret } = await world.ask<{ secret: string }>('POST', '/api/v1/tokens', {
    name: 'wall',
    scope: { may: 'read' },
  });
  const page = await world.stranger({ width: 1920, dark: true });
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`/wall#token=${secret}`);
  await page.locator('[data-box]').first().waitFor();
  expect(await take(page, 'map-wall')).toBeGreaterThan(least);
});

test.each([120, 500])(
  'the map of %i nodes',
  async (nodes) => {
    await declare(sizedMap(nodes).text);
    const map = await mapIs((one) => one.nodes.length === nodes);
    const services = map.nodes.flatMap(({ names, quadrant, kind }) =>
      quadrant === 'production' && kind !== 'app' && names['host'] === undefined
        ? (names['service'] ?? [])
        : [],
    );
    await allWell(map, [
      check(services[9] ?? '', 'critical', { data: 'no answer' }),
      check(services[24] ?? '', 'warning', { data: 'slow' }),
    ]);
    await mapIs((one) => one.nodes.some(({ health }) => health.shown === 'down'));
    const large = { width: 1920, height: 1080 };
    expect(await picture(`map-${nodes}`, large)).toBeGreaterThan(least);
    expect(await picture(`map-${nodes}-dark`, { ...large, dark: true })).toBeGreaterThan(least);
  },
  120_000,
);
