import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { faults, overflow } from './world.ts';
import type { FlowAnswer } from '../../src/server/api/contract-map-flow.ts';
import { MapWorld } from './map-world.suite.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new MapWorld();

beforeAll(async () => {
  await world.start();
  await world.outage();
  await world.deliver();
}, 180_000);
afterAll(() => world.stop());

const box = (page: Page, state: string) =>
  page.locator(`[data-box="orders-db"][data-state="${state}"]`);
const band = (page: Page) => page.getByText('The map as it was at');

/** The page of the map with the time below it. */
async function openTime(page: Page): Promise<void> {
  await box(page, 'ok').waitFor();
  const slider = page.getByRole('slider', { name: 'Time of the map' });
  if (!(await slider.isVisible())) await page.getByRole('button', { name: 'Look back' }).click();
  await slider.waitFor();
}

/** Goes to the moment at which the database went down, by the list of changes. */
async function toOutage(page: Page): Promise<void> {
  const list = page.getByText(/changes in this window/);
  if (!(await page.getByRole('table', { name: 'Changes' }).isVisible())) await list.click();
  await page
    .getByRole('row')
    .filter({ hasText: /Orders database.*ok.*then.*down/ })
    .getByTitle('Show the map as it became then')
    .click();
  await box(page, 'down').waitFor();
}

test('the map stands as it was, the address leads there again, and now is one key away', async () => {
  const page = await world.open('/map');
  await openTime(page);
  await toOutage(page);
  await band(page).waitFor();
  await page.waitForURL(/[?&]at=/);
  await page.reload();
  await box(page, 'down').waitFor();
  await band(page).waitFor();
  const slider = page.getByRole('slider', { name: 'Time of the map' });
  expect(await slider.getAttribute('aria-valuetext')).toContain('last change');
  await slider.focus();
  await page.keyboard.press('End');
  await box(page, 'ok').waitFor();
  await band(page).waitFor({ state: 'detached' });
  await page.waitForURL((url) => !url.searchParams.has('at'));
  expect(await slider.getAttribute('aria-valuetext')).toBe('now, live');
});

test('arrows go from change to change, and the page keys by an hour', async () => {
  const page = await world.open('/map');
  await openTime(page);
  await toOutage(page);
  const slider = page.getByRole('slider', { name: 'Time of the map' });
  const value = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));
  await slider.focus();
  const down = await value();
  await page.keyboard.press('ArrowLeft');
  await box(page, 'ok').waitFor();
  expect(await value()).toBeLessThan(down);
  await page.keyboard.press('ArrowRight');
  await box(page, 'down').waitFor();
  expect(await value()).toBe(down);
  await page.keyboard.press('PageDown');
  await expect.poll(value).toBe(down - 3_600_000);
  await page.getByText('Nothing was recorded at').waitFor();
  await page.getByRole('heading', { name: 'No map was declared at that time' }).waitFor();
  // The slider that led there leads on.
  await page.keyboard.press('ArrowRight');
  await page.locator('[data-box="orders-db"]').waitFor();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await box(page, 'ok').waitFor();
});

test('the thumb is dragged back and to now again', async () => {
  const page = await world.open('/map');
  await openTime(page);
  const track = await page.getByRole('slider', { name: 'Time of the map' }).boundingBox();
  if (!track) throw new Error('the slider is not seen');
  const y = track.y + 20;
  await page.mouse.move(track.x + track.width - 1, y);
  await page.mouse.down();
  await page.mouse.move(track.x + track.width / 2, y, { steps: 8 });
  await page.getByText('The past.').waitFor();
  await page.mouse.move(track.x + track.width - 1, y + 40, { steps: 8 });
  await page.mouse.up();
  await page.getByText('The past.').waitFor({ state: 'detached' });
  expect(await box(page, 'ok').count()).toBe(1);
});

test('the past is played forward through what really changed, up to now', async () => {
  const page = await world.open('/map');
  await openTime(page);
  await toOutage(page);
  await page.getByRole('slider', { name: 'Time of the map' }).focus();
  await page.keyboard.press('ArrowLeft');
  await box(page, 'ok').waitFor();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('1');
  await page.getByRole('button', { name: 'Play' }).click();
  await box(page, 'down').waitFor();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('600');
  await band(page).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Play' }).waitFor();
  expect(await box(page, 'ok').count()).toBe(1);
});

test('of maps asked for one after another only the last is drawn', async () => {
  const page = await world.open('/map');
  await openTime(page);
  await toOutage(page);
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/v1/map?at=*', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('slider', { name: 'Time of the map' }).focus();
  const asked = page.waitForRequest('**/api/v1/map?at=*');
  await page.keyboard.press('PageDown');
  await asked;
  await page.keyboard.press('End');
  await box(page, 'ok').waitFor();
  const answered = page.waitForResponse('**/api/v1/map?at=*');
  release();
  await (await answered).finished();
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))');
  expect(await band(page).count()).toBe(0);
  expect(await box(page, 'ok').count()).toBe(1);
});

test.each([
  ['light and wide', {}],
  ['dark and narrow', { dark: true, width: 360 }],
] as const)('axe finds nothing in the past and on both pages, %s', async (_, look) => {
  const page = await world.open('/map', look);
  await openTime(page);
  await toOutage(page);
  expect([await overflow(page), ...(await faults(page))]).toEqual([0]);
  await page.goto('/map/processes');
  await page.getByRole('heading', { name: 'Checkout' }).waitFor();
  await page.getByText('Asking…').first().waitFor({ state: 'detached' });
  expect([await overflow(page), ...(await faults(page))]).toEqual([0]);
  await page.goto('/map/times');
  await page.getByRole('heading', { name: 'The whole stream' }).waitFor();
  expect([await overflow(page), ...(await faults(page))]).toEqual([0]);
});

test('on paper the picture stands whole on one sheet, light, with its time', async () => {
  const page = await world.open('/map', { dark: true });
  await box(page, 'ok').waitFor();
  await page.emulateMedia({ media: 'print' });
  await page.getByText('The shop, as it was at').waitFor();
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light');
  expect(
    await page.locator('.map-picture[role=application]').getAttribute('viewBox'),
  ).not.toBeNull();
  expect(await page.getByRole('navigation').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Look back' }).count()).toBe(0);
  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(sheets.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: 'screen' });
  await page.locator('.map-picture[role=application]:not([viewBox])').waitFor();
});

test('the bottleneck stands first, and every number leads to its meaning and its items', async () => {
  const flow = await world.until<FlowAnswer>(
    `/api/v1/map/flow?stream=delivery&from=${Date.now() - 30 * 86_400_000}`,
    ({ flow }) => flow.velocity === 8,
  );
  const page = await world.open('/map/times');
  await page.getByText(flow.bottleneck?.sentence ?? 'no bottleneck').waitFor();
  const review = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'Review' }) });
  await review.getByRole('button', { name: '%C/A' }).click();
  await page.getByText('Per cent complete and accurate').waitFor();
  await page.keyboard.press('Escape');
  await review.getByRole('link', { name: '8 out' }).click();
  await page.getByRole('heading', { name: 'changes that left Review' }).waitFor();
  const rows = page.getByRole('table', { name: 'Items' }).getByRole('row');
  expect(await rows.count()).toBe(9);
  await rows.filter({ hasText: 'feat: change 7' }).getByRole('link').click();
  await page.getByRole('heading', { name: 'Thread', level: 1 }).waitFor();
});

test('a stream through which nothing moved says so, and what is missing', async () => {
  const page = await world.open('/map/times?stream=recovery&last=24h');
  await page.getByText('no incident has gone through Recovery in this window').waitFor();
  expect(await faults(page)).toEqual([]);
});

test('a process says how it is and what changed it, with the events', async () => {
  const page = await world.open('/map/processes');
  const letters = page.getByRole('article', { name: 'Letters' });
  await letters.getByText('ok', { exact: true }).first().waitFor();
  const checkout = page.getByRole('article', { name: 'Checkout' });
  await checkout.getByText('rate(order.placed)', { exact: true }).waitFor();
  await checkout.getByRole('combobox').selectOption('orders-db');
  await checkout.getByText(/If Orders database went down|if orders-db went down/i).waitFor();
  await letters.getByText('What changed it, in this window').click();
  await letters
    .getByRole('link', { name: /^fact \d+$/ })
    .first()
    .click();
  await page.getByRole('heading', { name: 'Stream', level: 1 }).waitFor();
  const fact = page.getByText('process healthchanged').first();
  await fact.waitFor();
  expect(await fact.isVisible()).toBe(true);
});
