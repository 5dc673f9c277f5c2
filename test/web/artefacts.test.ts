import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { deployFact } from '../../src/rooms/where/facts.ts';
import { pushShop } from './artefacts-shop.suite.ts';
import { World, faults, overflow } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
const base = '/releases/shop/artefacts';

beforeAll(async () => {
  await world.start();
}, 180_000);
afterAll(() => world.stop());

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });
const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const said = (page: Page, role: 'alert' | 'status') =>
  page.getByRole('region', { name: /→/ }).getByRole(role).allInnerTexts();

test('nothing is here yet: the page says how a release comes here', async () => {
  const page = await world.open('/artefacts');
  await page.getByRole('heading', { name: 'No release is here yet' }).waitFor();
  await page.getByText('territory release build . --tag release_1 --push').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.goto(base);
  await page.getByRole('heading', { name: 'No release of shop is here yet' }).waitFor();
});

test('versions: what stands where, and a filter by one key', async () => {
  await pushShop(world);
  const stands = { report: 'finished', app: 'shop', time: Date.now(), id: '1' } as const;
  await world.send({
    ...deployFact({ ...stands, version: 'release_411', environment: 'production' }),
  });
  const page = await world.open('/artefacts');
  await page.getByRole('link', { name: 'shop' }).click();
  await heading(page, 'Versions of shop').waitFor();
  await page.getByText('3 releases').waitFor();
  const row = page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: 'release_411' }) });
  await expect.poll(async () => row.innerText()).toMatch(/production.*reversible/s);
  expect(await page.getByRole('rowheader').allInnerTexts()).toEqual([
    'release_413',
    'release_412',
    'release_411',
  ]);
  expect(await faults(page)).toEqual([]);
  await page.keyboard.press('/');
  await page.keyboard.type('production');
  await expect.poll(() => page.getByRole('rowheader').allInnerTexts()).toEqual(['release_411']);
  expect(new URL(page.url()).searchParams.get('q')).toBe('production');
});

test('an artefact, folder by folder down to the text of a file in its colours', async () => {
  const page = await world.open(`${base}/release_412`);
  await heading(page, 'shop release_412').waitFor();
  await page.getByText('0002_paid has no down').waitFor();
  await page.getByRole('link', { name: 'src/', exact: true }).click();
  await page.getByRole('link', { name: 'server.js' }).click();
  const text = page.getByRole('table', { name: 'src/server.js' });
  await text.waitFor();
  expect(await text.locator('.hljs-string').first().innerText()).toBe("'node:http'");
  expect(new URL(page.url()).searchParams.get('path')).toBe('src/server.js');
  expect(await faults(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('server.js');
  await page.getByRole('navigation', { name: 'Folder' }).getByRole('link', { name: 'src' }).click();
  await page.getByRole('link', { name: 'pages/' }).waitFor();
  await page.goto(`${base}/release_412?path=public/logo.png`);
  await page.getByText('It is no text.').waitFor();
});

test('each part of an artefact', async () => {
  const page = await world.open(`${base}/release_412`);
  const all = page.getByRole('region', { name: 'shop release_412' });
  const parts = {
    Migrations: /0002_paid.*expand.*irreversible/s,
    Configuration: /PAYMENT_KEY.*required.*secret/s,
    Dependencies: /left.*1\.1\.0/s,
    Contracts: /It provides no API/,
    Smoke: /A visitor sees the shop/,
    Needs: /payments-api/,
    Delivery: /node src\/server\.js.*blue-green.*45 s/s,
  };
  for (const [name, says] of Object.entries(parts)) {
    await page.getByRole('link', { name: new RegExp(`^${name}`) }).click(); // oxlint-disable-line no-await-in-loop -- one after the other
    await expect.poll(() => all.innerText()).toMatch(says); // oxlint-disable-line no-await-in-loop -- as above
    expect(await faults(page)).toEqual([]); // oxlint-disable-line no-await-in-loop -- as above
  }
});

test('the difference of two: eight parts, and in front what has to be seen', async () => {
  const page = await world.open(`${base}?q=`);
  await page.getByRole('combobox', { name: 'From' }).fill('release_411');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'To' }).fill('release_412');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Compare' }).click();
  await heading(page, 'shop release_411 → release_412').waitFor();
  await page.getByText('It reaches').waitFor();
  expect((await said(page, 'status')).map((text) => text.split('\n')[0])).toEqual([
    'orders-db: 0002_paid is irreversible',
    'The scenario "A visitor finds a pot" is dropped (features/shop.feature)',
    'Gains a hard dependency on payments-api',
  ]);
  const titles = await page.getByRole('heading', { level: 2 }).allInnerTexts();
  expect(titles.map((title) => title.split('\n')[0])).toEqual([
    'Commits',
    'Files',
    'Migrations',
    'Configuration keys',
    'Dependencies',
    'Contracts',
    'Smoke scenarios',
    'Needs',
  ]);
  expect(await part(page, 'Commits').innerText()).toMatch(/Names #7, SHOP-12/);
  expect(await part(page, 'Configuration keys').innerText()).toMatch(
    /PAYMENT_KEY, required, secret.*PAGE_SIZE 20 → 50/s,
  );
  expect(await faults(page)).toEqual([]);
  await part(page, 'Files')
    .getByRole('button', { name: /src\/server\.js/ })
    .click();
  const lines = page.getByRole('table', { name: 'What changes in src/server.js' });
  await lines.locator('tr.added').waitFor();
  expect(await lines.locator('tr.added').innerText()).toMatch(/pay\(request, response\)/);
  expect(await faults(page)).toEqual([]);
  // The address is all of it.
  await page.reload();
  await lines.locator('tr.added').waitFor();
  await part(page, 'Files')
    .getByRole('button', { name: /logo\.png/ })
    .click();
  await page.getByText('It is no text: its bytes are others.').waitFor();
});

test('going another way takes commits away, and that is loud', async () => {
  const page = await world.open('/releases/shop/diff?from=release_412&to=release_413');
  await page.getByText('It reaches').waitFor();
  expect((await said(page, 'alert'))[0]).toMatch(/^This deploy removes 1 commit/);
  expect(await part(page, 'Commits').innerText()).toMatch(
    /Taken away: release_413 does not have them.*pull request #7.*Greet more warmly/s,
  );
  await page.getByRole('button', { name: 'Swap' }).click();
  await heading(page, 'shop release_413 → release_412').waitFor();
});

test('an environment of which no runner told anything: that it is not known is said', async () => {
  const page = await world.open(
    '/releases/shop/diff?from=release_411&to=release_412&env=production',
  );
  await page.getByText(/no runner has said which keys have a value in production/).waitFor();
  expect(await part(page, 'Configuration keys').innerText()).toMatch(/PAYMENT_KEY, required/);
});

test('a version that is not here, and two that are not', async () => {
  const page = await world.open(`${base}/release_9`);
  await page.getByRole('heading', { name: 'shop release_9 is not on this server' }).waitFor();
  expect(await faults(page)).toEqual([]);
  await page.goto('/releases/shop/diff?from=release_9&to=release_411');
  await page.getByText('TERR_RELEASE_UNKNOWN').waitFor();
});

test.each([
  { width: 390, dark: false },
  { width: 390, dark: true },
  { width: 1280, dark: true },
])('it is readable at $width px, dark: $dark', async (look) => {
  const page = await world.open('/artefacts', look);
  const places = [
    ['/artefacts', 'release_413'],
    [base, 'release_411'],
    [`${base}/release_412`, 'territory.yaml'],
    [`${base}/release_412?path=src/server.js`, 'createServer'],
    ['/releases/shop/diff?from=release_411&to=release_412&file=src/server.js', 'It reaches'],
  ] as const;
  for (const [path, text] of places) {
    await page.goto(path); // oxlint-disable-line no-await-in-loop -- one page after the other
    await page.getByText(text).filter({ visible: true }).first().waitFor(); // oxlint-disable-line no-await-in-loop -- as above
    expect(await faults(page)).toEqual([]); // oxlint-disable-line no-await-in-loop -- as above
    expect(await overflow(page)).toBe(0); // oxlint-disable-line no-await-in-loop -- as above
  }
});
