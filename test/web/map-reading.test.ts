import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { MapAnswer } from '../../src/server/api/contract-map.ts';
import type { MapSource } from '../../src/server/api/contract-map-source.ts';
import { check, deployed, shop } from './reading-shop.suite.ts';
import { faults, overflow, person, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
const file = join(world.dir, 'data/map/map.yaml');

const ask = async <T>(path: string): Promise<T> => {
  const response = await fetch(world.url + path, {
    headers: { authorization: `Bearer ${world.token}` },
  });
  return (await response.json()) as T; // the server's own schema made it
};

/** Waits until the map is as it is said to be. */
async function mapIs(fits: (map: MapAnswer) => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (fits(await ask<MapAnswer>('/api/v1/map'))) return;
    // oxlint-disable-next-line no-await-in-loop -- polling is all the API offers
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the map was never like that');
}
const shownOf = (map: MapAnswer, id: string): string | undefined =>
  (map.nodes.find((node) => node.id === id) ?? map.processes.find((one) => one.id === id))?.health
    .shown;

beforeAll(async () => {
  mkdirSync(join(world.dir, 'data/map'), { recursive: true });
  writeFileSync(file, shop);
  await world.start();
  const now = Date.now();
  await world.send(
    deployed,
    check('haproxy', 'ok'),
    check('web1', 'ok'),
    check('web2', 'ok'),
    check('orders-db', 'critical', { attributes: { message: 'connection refused' } }),
    check('loyalty', 'ok'),
    ...Array.from({ length: 60 }, (_, i) => ({
      type: 'metric',
      name: 'mail.sent',
      service: 'mailer',
      metric: 1,
      time: now - (60 - i) * 60_000,
    })),
    ...Array.from({ length: 60 }, (_, i) => ({
      type: 'metric',
      name: 'latency.ms',
      service: 'api',
      metric: 100 + i,
      time: now - (60 - i) * 60_000,
    })),
  );
  await world.historyHas('name = "latency.ms"', 60);
  await mapIs(
    (map) => shownOf(map, 'checkout') !== 'no-evidence' && shownOf(map, 'orders-db') === 'down',
  );
}, 180_000);
afterAll(() => world.stop());

const grid = (page: Page) => page.getByRole('treegrid', { name: 'Map' });
const row = (page: Page, key: string) => grid(page).locator(`tr[data-key="${key}"]`);
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('document.activeElement?.closest("tr")?.dataset.key ?? ""');

/** Where the cursor is in the text that has the focus, from 1. */
const caretLine = (page: Page): Promise<number> =>
  page.evaluate<number>(
    'document.activeElement.value.slice(0, document.activeElement.selectionStart).split("\\n").length',
  );

test.each([
  ['light and wide', {}],
  ['dark and narrow', { dark: true, width: 360 }],
])('the table says of each node how it is and because of what, %s', async (_, look) => {
  const page = await world.open('/map/table', look);
  const checkout = row(page, 'process:checkout');
  await checkout.getByRole('button', { name: 'Orders database' }).waitFor();
  expect(await checkout.innerText()).toContain('through Load balancer, API');
  await row(page, 'users').getByText('no evidence').first().waitFor();
  expect(await row(page, 'part:production/web').innerText()).toContain('2 ok');
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await faults(page)).toEqual([]);
});

test('the table is walked by arrow keys as a treegrid, and a row opens its drawer', async () => {
  const page = await world.open('/map/table');
  await row(page, 'process:checkout').waitFor();
  await row(page, 'part:processes').focus();
  await page.keyboard.press('ArrowLeft');
  expect(await row(page, 'part:processes').getAttribute('aria-expanded')).toBe('false');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await focused(page)).toBe('process:checkout');
  await page.keyboard.press('End');
  expect(await focused(page)).toBe('git/shop');
  await page.keyboard.press('Enter');
  const git = page.getByRole('complementary', { name: 'git/shop' });
  await git.getByText('Last deployments').waitFor();
  await page.keyboard.press('Escape');
  await git.waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowLeft');
  expect(await focused(page)).toBe('part:pipeline');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await page.evaluate('document.activeElement?.textContent')).toBe('Orders database');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect(await page.evaluate('document.activeElement?.tagName')).toBe('TR');
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'Checkout' }).waitFor();
  expect(new URL(page.url()).searchParams.get('node')).toBe('process:checkout');
  await page.keyboard.press('Escape');
  await page.getByRole('complementary', { name: 'Checkout' }).waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('process:checkout');
});

test('the table is narrowed by words and states, in the address too', async () => {
  const page = await world.open('/map/table');
  await page.getByLabel('Name, kind, owner or group').fill('web2');
  await row(page, 'web2').waitFor();
  await page.getByText('1 of 9 shown').waitFor();
  await page.getByLabel('Name, kind, owner or group').fill('');
  await page.getByLabel('State').selectOption('not-ok');
  await row(page, 'api').waitFor();
  expect(await row(page, 'web2').count()).toBe(0);
  expect(new URL(page.url()).searchParams.get('state')).toBe('not-ok');
  await page.getByLabel('State').selectOption('degraded');
  await page.getByText('Nothing on the map is like that.').waitFor();
});

test('a change of health shows in the table while one looks', async () => {
  const page = await world.open('/map/table?find=web2');
  const web2 = row(page, 'web2');
  await web2.getByText('ok').first().waitFor();
  await world.send(check('web2', 'critical'));
  await web2.getByText('down').first().waitFor();
  await world.send(check('web2', 'ok'));
  await web2.getByText('ok').first().waitFor();
  expect(await web2.innerText()).not.toContain('down');
});

test.each([
  ['light and wide', {}],
  ['dark and narrow', { dark: true, width: 360 }],
])(
  'the drawer has the cause, the evidence, numbers, deployments and what hangs on it, %s',
  async (_, look) => {
    const page = await world.open('/map/table?node=api', look);
    const drawer = page.getByRole('complementary', { name: 'API' });
    await drawer.getByRole('list', { name: 'The way to the cause' }).waitFor();
    await drawer.getByRole('figure', { name: /^latency.ms, the last 3 h/ }).waitFor();
    await drawer.getByText('critical at 220 ms').waitFor();
    await drawer.getByText('no on-call part yet; the rota is named second-line').waitFor();
    await drawer.getByRole('link', { name: '4.2.1' }).waitFor();
    await drawer.getByRole('link', { name: /map.yaml:8/ }).waitFor();
    await drawer.getByRole('button', { name: 'Work it out' }).click();
    await drawer.getByText(/^if API went down/i).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await faults(page)).toEqual([]);
    await drawer
      .getByRole('list', { name: 'The way to the cause' })
      .getByRole('button', { name: 'Orders database' })
      .click();
    await page.getByRole('complementary', { name: 'Orders database' }).waitFor();
    await page.getByRole('link', { name: 'orders-db-alive' }).first().click();
    await page.getByRole('heading', { name: 'Stream', level: 1 }).waitFor();
    await page.getByRole('complementary', { name: 'orders-db-alive' }).waitFor();
  },
);

test('the drawer of a process has its measure over time, with its limit', async () => {
  const page = await world.open('/map/table?node=process:mailing');
  const drawer = page.getByRole('complementary', { name: 'Mailing' });
  await drawer.getByRole('figure', { name: /^rate\(mail.sent\), the last 3 h/ }).waitFor();
  await drawer.getByText('warning at 0.001').waitFor();
  expect(await drawer.getByText('What if this went down?').count()).toBe(0);
  expect(await faults(page)).toEqual([]);
});

test('where a node is declared is one press away', async () => {
  const page = await world.open('/map/table?node=api');
  await page.getByRole('link', { name: 'map.yaml:8' }).click();
  const editor = page.getByRole('textbox', { name: /^map.yaml/ });
  await editor.waitFor();
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA');
  expect(await caretLine(page)).toBe(8);
  await page.goto('/map/source?file=catalog-info.yaml&line=3');
  await page.getByText('That is in catalog-info.yaml, line 3').waitFor();
  await page.goto('/map/source?add=seen-never-declared/none');
  await page.getByText('That error of the map is not there any more').waitFor();
});

test('a node that is not on the map is said not to be', async () => {
  const page = await world.open('/map/table?node=nobody');
  await page.getByText('Nothing on the map is called nobody').waitFor();
  expect(await faults(page)).toEqual([]);
});

test('the past is shown as the past, and left again', async () => {
  const page = await world.open('/map/table?at=2020-01-01T00:00:00Z');
  await page.getByText('The past.').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await row(page, 'process:checkout').waitFor();
  expect(new URL(page.url()).searchParams.has('at')).toBe(false);
});

test.each([
  ['light and wide', {}],
  ['dark and narrow', { dark: true, width: 360 }],
])('who is off the map is listed with the lines that put him on it, %s', async (_, look) => {
  const page = await world.open('/map/problems', look);
  const part = page.getByRole('region', { name: /^Seen, never declared/ });
  await part
    .getByText(/loyalty/)
    .first()
    .waitFor();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await faults(page)).toEqual([]);
});

test('lines for who is off the map are put into the text, and saved they take him on', async () => {
  const page = await world.open('/map/problems');
  const item = page
    .getByRole('region', { name: /^Seen, never declared/ })
    .getByRole('listitem')
    .filter({ hasText: 'loyalty' })
    .filter({ has: page.getByRole('link', { name: 'Add to the map' }) });
  await item.getByRole('link', { name: 'Add to the map' }).first().click();
  const editor = page.getByRole('textbox', { name: /^map.yaml/ });
  await editor.waitFor();
  await expect.poll(() => editor.inputValue()).toContain('loyalty');
  expect(readFileSync(file, 'utf8')).not.toContain('loyalty');
  await page.getByText('changed here, not saved').waitFor();
  await page.getByText('no fault').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('saved', { exact: true }).waitFor();
  expect(readFileSync(file, 'utf8')).toContain('loyalty');
  await page.getByRole('region', { name: 'Versions' }).getByText('by admin').first().waitFor();
  await mapIs((map) => map.nodes.some(({ names }) => names['service'] === 'loyalty'));
});

test('the text is checked as it is written, and a fault leads to its line', async () => {
  const page = await world.open('/map/source');
  const editor = page.getByRole('textbox', { name: /^map.yaml/ });
  await editor.waitFor();
  const text = await editor.inputValue();
  await editor.fill(text.replace('api => orders-db', 'api => orders-dp'));
  await page
    .getByRole('list', { name: 'Faults' })
    .getByText(/orders-dp/)
    .waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  expect(await faults(page)).toEqual([]);
  await page.getByRole('list', { name: 'Faults' }).getByRole('button').first().click();
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA');
  const line = await caretLine(page);
  expect(text.split('\n')[line - 1]).toContain('api => orders-db');
  await page.getByRole('link', { name: 'Table' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Stay' }).click();
  expect(await editor.inputValue()).toContain('orders-dp');
  await page.getByRole('button', { name: 'Undo all' }).click();
  expect(await editor.inputValue()).toBe(text);
});

test('of two who change the map at once the second sees both texts, and loses nothing', async () => {
  const page = await world.open('/map/source');
  const editor = page.getByRole('textbox', { name: /^map.yaml/ });
  await editor.waitFor();
  const before = await ask<MapSource>('/api/v1/map/source');
  await editor.fill(before.text.replace('title: Shop', 'title: Mine'));
  await page.getByText('no fault').waitFor();
  await world.ask('PUT', '/api/v1/map/source', {
    text: before.text.replace('title: Shop', 'title: Theirs'),
    was: before.hash,
  });
  await page.keyboard.press('Control+s');
  await page.getByText('Somebody else saved the map while you wrote').waitFor();
  await page
    .getByRole('region', { name: 'As it is saved now' })
    .getByText('title: Theirs')
    .waitFor();
  await page.getByRole('region', { name: 'Yours' }).getByText('title: Mine').waitFor();
  expect(await editor.inputValue()).toContain('title: Mine');
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText('saved', { exact: true }).waitFor();
  expect(readFileSync(file, 'utf8')).toContain('title: Mine');
});

test('who may only look reads the text, and is told why it cannot be changed', async () => {
  await world.ask('POST', '/api/v1/users', {
    name: 'vera',
    password: person.password,
    role: 'viewer',
  });
  const { url: link } = await world.ask<{ url: string }>('POST', '/api/v1/users/vera/link', {});
  const page = await world.stranger({ width: 360 });
  await page.goto(link);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.goto('/map/source');
  await page.getByText('Your role may look only').waitFor();
  const editor = page.getByRole('textbox', { name: /^map.yaml/ });
  expect(await editor.getAttribute('readonly')).not.toBeNull();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await faults(page)).toEqual([]);
});

test('without a map the text begins with a draft of what was seen', async () => {
  const was = await ask<MapSource>('/api/v1/map/source');
  writeFileSync(file, '');
  try {
    const page = await world.open('/map/source');
    await page.getByRole('button', { name: 'Draft it from what was seen' }).click();
    const editor = page.getByRole('textbox', { name: /^map.yaml/ });
    await editor.waitFor();
    expect(await editor.inputValue()).toContain('loyalty');
    expect(await faults(page)).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('');
  } finally {
    writeFileSync(file, was.text);
  }
});

test('when the server is gone the table stays, and says since when', async () => {
  const page = await world.open('/map/table');
  await row(page, 'process:checkout').waitFor();
  await world.stopServer();
  try {
    await page.getByText('Stale.').waitFor({ timeout: 60_000 });
    await row(page, 'process:checkout').waitFor();
    expect(await faults(page)).toEqual([]);
  } finally {
    await world.startServer();
  }
});
