import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { deployFact } from '../../src/rooms/where/facts.ts';
import {
  type Channel,
  type Evidence,
  type OsSeen,
  evidenceDraft,
} from '../../src/rooms/where/evidence/evidence.ts';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
const minute = 60_000;
const now = Date.now();

const told = (app: string, version: string, environment: string, minutesAgo: number) => ({
  ...deployFact({
    app,
    version,
    environment,
    report: 'finished',
    id: `${app}-${version}`,
    time: now - minutesAgo * minute,
    actor: 'ann',
  }),
});

const found = <T>(what: T): Channel<T> => ({ found: what });
const blind = (why: string): Channel<never> => ({ found: null, why });
const folder = (version: string): string => `/srv/territory/artefacts/shop/sha256-${version}/files`;

const listener = (
  port: number,
  slot: string,
  version: string,
  more: Partial<OsSeen> = {},
): OsSeen => ({
  port,
  slot,
  pid: 4000 + port,
  version,
  cwd: folder(version),
  gone: false,
  ours: true,
  wanted: 'up',
  listening: true,
  exe: '/usr/bin/node',
  ...more,
});

/** Fresh for hours, so that a slow machine sees what this one sees. */
const look = (app: string, environment: string, seen: Partial<Evidence>) => {
  const none = blind('it is not configured');
  const evidence: Evidence = {
    app,
    environment,
    at: Date.now() - 12_000,
    every: 3_600_000,
    self: none,
    front: none,
    os: none,
    disk: none,
    schema: none,
    config: none,
    balancer: none,
    ...seen,
  };
  return { ...evidenceDraft(evidence, 'runner-1') };
};

const says = (slot: string, port: number, version: string) => ({
  slot,
  port,
  version,
  error: null,
});
const server = (name: string, port: number, version: string) => ({
  server: name,
  port,
  admin: 'ready',
  check: 'up',
  version,
});
const disk = (version: string, changed: readonly string[] = []) => ({
  version,
  changed: [...changed],
  missing: [],
  added: [],
});

beforeAll(async () => {
  await world.start();
  await world.send(
    told('shop', 'release_411', 'production', 3 * 24 * 60),
    told('shop', 'release_412', 'production', 200),
    told('shop', 'release_412', 'staging', 300),
    told('search', 'release_9', 'production', 5000),
    told('search', 'release_8', 'production', 9000),
    told('mailer', 'release_3', 'production', 7000),
    told('payments', 'release_77', 'production', 40),
    look('shop', 'production', {
      self: found([says('blue-1', 7301, 'release_412'), says('blue-2', 7302, 'release_412')]),
      os: found([listener(7301, 'blue-1', 'release_412'), listener(7302, 'blue-2', 'release_412')]),
      front: found({ samples: 20, shares: { release_412: 1 }, errors: 0 }),
      disk: found([disk('release_412', ['src/prices.js']), disk('release_411')]),
      schema: found([{ db: 'orders', drift: [], applied: 12 }]),
      config: found([
        { slot: 'blue-1', running: 'sha256:a', expected: 'sha256:a', differ: [] },
        { slot: 'blue-2', running: null, expected: 'sha256:a', differ: ['PAGE_SIZE'] },
      ]),
      balancer: found([
        server('blue-1', 7301, 'release_412'),
        server('blue-2', 7302, 'release_412'),
      ]),
    }),
    look('shop', 'staging', {
      self: found([says('1', 7201, 'release_412'), says('2', 7202, 'release_411')]),
      os: found([listener(7201, '1', 'release_412'), listener(7202, '2', 'release_411')]),
      front: found({ samples: 20, shares: { release_411: 0.3, release_412: 0.7 } }),
      disk: found([disk('release_412'), disk('release_411')]),
    }),
    look('search', 'production', {
      self: found([says('1', 7311, 'release_8')]),
      os: found([listener(7311, '1', 'release_8', { ours: false, gone: true })]),
      disk: found([{ ...disk('release_9'), gone: true }]),
    }),
    look('mailer', 'production', {
      self: blind('ssh: connect to host mail-1 port 22: No route to host'),
      os: blind('ssh: connect to host mail-1 port 22: No route to host'),
    }),
  );
  await world.ask('POST', '/api/v1/releases/locks', {
    app: 'shop',
    environment: 'production',
    reason: 'moving the orders to the new table',
    until: now + 90 * minute,
  });
}, 180_000);
afterAll(() => world.stop());

const rowOf = (page: Page, app: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: app }) });

const pictures = process.env['PICTURES'];

test.each([
  { width: 1440, dark: false },
  { width: 390, dark: true },
])('what runs where, by evidence, at $width px, dark: $dark', async (look) => {
  const page = await world.open('/releases', look);
  await rowOf(page, 'shop').waitFor();
  const shop = (await rowOf(page, 'shop').innerText()).replaceAll(/\s+/g, ' ');
  expect(shop).toMatch(
    /release_412 .*mixed .*mixed release_412 70 % \/ release_411 30 %; told release_412/,
  );
  expect(shop).toMatch(/verified S\+O\+F\+M\+B \d+ (s|min) ago/);
  expect(shop).toContain('disk differs in release_412: src/prices.js');
  expect(shop).toContain('config differs on blue-2: PAGE_SIZE');
  expect(shop).toMatch(/locked by admin until \d/);
  const search = (await rowOf(page, 'search').innerText()).replaceAll(/\s+/g, ' ');
  expect(search).toMatch(/contradicted .*told release_9, runs release_8/);
  expect(search).toContain('files gone');
  const mailer = (await rowOf(page, 'mailer').innerText()).replaceAll(/\s+/g, ' ');
  expect(mailer).toMatch(/release_3 .*unknown .*runner-1 could not look: ssh: connect/);
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  if (pictures)
    await page.screenshot({ path: `${pictures}/releases-${look.width}.png`, fullPage: true });
  await page.getByRole('link', { name: 'shop', exact: true }).click();
  const evidence = page.getByRole('list', { name: 'Evidence' }).last();
  await evidence.getByText('src/prices.js').waitFor();
  const lines = (await evidence.innerText()).replaceAll(/\s+/g, ' ');
  expect(lines).toMatch(/S Self agrees .*blue-1 on port 7301 says release_412/);
  expect(lines).toMatch(/C Config differs .*blue-2: other values of PAGE_SIZE/);
  expect(await evidence.getByRole('link').first().getAttribute('href')).toMatch(
    /event=readings-\d+/,
  );
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  if (pictures)
    await page.screenshot({ path: `${pictures}/app-${look.width}.png`, fullPage: true });
});

test('what is wrong and what is locked are found by the filter', async () => {
  const page = await world.open('/releases');
  await rowOf(page, 'shop').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('disk differs');
  await expect.poll(() => page.getByRole('rowheader').allTextContents()).toEqual(['shop']);
  await page.getByRole('searchbox', { name: 'Filter' }).fill('gone');
  await expect.poll(() => page.getByRole('rowheader').allTextContents()).toEqual(['search']);
});
