import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Cable } from './cable.ts';
import { faults, type Look } from './world.ts';
import { MapWorld } from './map-world.suite.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new MapWorld();
let token = '';

beforeAll(async () => {
  await world.start();
  const made = await world.ask<{ secret: string }>('POST', '/api/v1/tokens', {
    name: 'wall',
    scope: { may: 'read' },
  });
  token = made.secret;
  for (const service of ['haproxy', 'shop', 'mail'])
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await world.check(service, 'ok');
  await world.check('orders-db', 'critical');
  await world.nodeIs('orders-db', 'down');
  await world.nodeIs('shop', 'at-risk');
}, 180_000);
afterAll(() => world.stop());

/** A screen of 1080 lines that nobody signed in on. */
async function wall(address: string, look: Look = {}): Promise<Page> {
  const page = await world.stranger(look);
  await page.setViewportSize({ width: look.width ?? 1920, height: 1080 });
  await page.goto(address);
  return page;
}
const tile = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title });

test('by a token that may read, the wall says how each process is and because of what', async () => {
  const page = await wall(`/wall#token=${token}`);
  await tile(page, 'Checkout').getByText('at risk', { exact: true }).waitFor();
  await tile(page, 'Checkout').getByText('Orders database').waitFor();
  await tile(page, 'Letters').getByText('ok', { exact: true }).waitFor();
  await page.locator('[data-box="orders-db"][data-state="down"]').waitFor();
  await page.getByText(/^data \d+ s old$/).waitFor();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  // Boxes are buttons elsewhere; here nothing can be reached.
  expect(await page.locator('[data-box]:not([inert] *)').count()).toBe(0);
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await faults(page)).toEqual([]);
});

test('a change is on the wall without anybody touching it', async () => {
  const page = await wall(`/wall#token=${token}`);
  await tile(page, 'Letters').getByText('ok', { exact: true }).waitFor();
  await world.check('mail', 'critical');
  await tile(page, 'Letters').getByText('down', { exact: true }).waitFor();
  await world.check('mail', 'ok');
  await tile(page, 'Letters').getByText('ok', { exact: true }).waitFor();
  expect(page.url()).toContain('/wall#token=');
});

test('nothing scrolls, and no words of its own are smaller than 24 px at 1080 lines', async () => {
  const page = await wall(`/wall#token=${token}`);
  await tile(page, 'Checkout').waitFor();
  const [wide, high, least] = await page.evaluate<[number, number, number]>(`(() => {
    const texts = [...document.querySelectorAll('.wall :is(p, span, time, li, footer)')]
      .filter((one) => one.textContent.trim() !== '');
    const sizes = texts.map((one) => parseFloat(getComputedStyle(one).fontSize));
    const { scrollWidth, scrollHeight } = document.documentElement;
    return [scrollWidth - innerWidth, scrollHeight - innerHeight, Math.min(...sizes)];
  })()`);
  expect([wide, high]).toEqual([0, 0]);
  expect(least).toBeGreaterThanOrEqual(24);
});

test('the token is in no request but the header, and may change nothing', async () => {
  const page = await world.stranger();
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url()));
  const signed = page.waitForRequest('**/api/v1/map');
  await page.goto(`/wall#token=${token}`);
  expect((await signed).headers()['authorization']).toBe(`Bearer ${token}`);
  await tile(page, 'Checkout').waitFor();
  expect(addresses.filter((address) => address.includes(token) && !address.includes('#'))).toEqual(
    [],
  );
  const statuses = await page.evaluate<number[]>(
    `Promise.all([
      ['POST', '/api/v1/events', []],
      ['PUT', '/api/v1/map/source', { text: '', was: '' }],
      ['POST', '/api/v1/silences', {}],
    ].map(async ([method, path, body]) => (await fetch(path, {
      method,
      headers: { authorization: 'Bearer ${token}', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })).status))`,
  );
  expect(statuses).toEqual([403, 403, 403]);
});

test('a token that is not valid is told of in words, and what to do', async () => {
  const page = await wall('/wall#token=tty_nothing');
  await page.getByText('The token of this wallboard is not valid').waitFor();
  await page.getByText('territory token create wall --may read').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.goto('/wall');
  await page.reload();
  await page.getByText('This wallboard is not signed in').waitFor();
});

test('the session of the browser is good enough', async () => {
  const page = await world.open('/wall');
  await tile(page, 'Checkout').getByText('at risk', { exact: true }).waitFor();
  expect(page.url()).toMatch(/\/wall$/);
});

test('what is old is loud, and quiet again when the connection is back', async () => {
  const cable = new Cable(Number(new URL(world.url).port));
  const port = await cable.lay();
  try {
    const page = await wall(`/wall#token=${token}`, { port });
    await tile(page, 'Checkout').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    cable.cut();
    await page.getByText(/^Connection lost for \d+ s/).waitFor();
    expect(await faults(page)).toEqual([]);
    cable.mend();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await tile(page, 'Checkout').getByText('at risk', { exact: true }).waitFor();
  } finally {
    cable.remove();
  }
});

test('a restart of the server needs nobody at the wall', async () => {
  const page = await wall(`/wall#token=${token}`);
  await tile(page, 'Letters').getByText('ok', { exact: true }).waitFor();
  await world.stopServer();
  await page.getByText(/^Connection lost/).waitFor();
  await world.startServer();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await world.check('mail', 'critical');
  await tile(page, 'Letters').getByText('down', { exact: true }).waitFor();
  await world.check('mail', 'ok');
  await tile(page, 'Letters').getByText('ok', { exact: true }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('a stream that brings nothing for more than 30 s is loud', async () => {
  const page = await world.stranger();
  await page.route('**/api/v1/map', async (route) => {
    const response = await route.fetch();
    const map = (await response.json()) as object;
    await route.fulfill({ response, json: { ...map, freshest: Date.now() - 95_000 } });
  });
  // Nothing comes live either.
  await page.route('**/api/v1/map/live', (route) => route.abort());
  await page.goto(`/wall#token=${token}`);
  await page
    .getByText(/^(No event has come for 1 min|Connection lost)/)
    .first()
    .waitFor();
  await page.getByText(/^data 1 min 3\d s old$/).waitFor();
  expect(await page.getByRole('alert').count()).toBe(1);
});

test('quadrants take turns only when that is asked for, and the light theme too', async () => {
  const page = await wall(`/wall?rotate=5&theme=light#token=${token}`);
  await tile(page, 'Checkout').waitFor();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light');
  const boxes = page.locator('[data-box]');
  const counts = new Set<number>();
  await expect
    .poll(
      async () => {
        counts.add(await boxes.count());
        return counts.size;
      },
      { timeout: 40_000 },
    )
    .toBeGreaterThan(2);
});
