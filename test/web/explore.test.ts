import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faults, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 90_000 });
const world = new World();
beforeAll(() => world.start(), 120_000);
afterAll(() => world.stop());

const minute = 60_000;
const day = 24 * 60 * minute;

test('a part of the chart that is dragged over becomes the range, in the address too', async () => {
  const now = Date.now();
  await world.send(
    ...Array.from({ length: 12 }, (_, i) => ({
      type: 'metric',
      name: 'dragged',
      metric: i,
      time: now - i * minute,
    })),
  );
  await world.historyHas('name = "dragged"', 12);
  const page = await world.open('/explore?metric=dragged&aggregate=max&last=15m');
  const plot = page.locator('.u-over');
  await plot.waitFor();
  await page.getByRole('region', { name: 'Series' }).getByRole('row', { name: /11/ }).waitFor();
  const box = await plot.boundingBox();
  if (!box) throw new Error('the chart has no place');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.25, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, y, { steps: 5 });
  await page.mouse.move(box.x + box.width * 0.75, y, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/from=/);
  const { searchParams } = new URL(page.url());
  const from = Date.parse(searchParams.get('from') ?? '');
  const to = Date.parse(searchParams.get('to') ?? '');
  // Half of a quarter of an hour, in its middle; the chart may end on a bucket later than now.
  expect(Math.abs((to - from) / minute - 7.5)).toBeLessThan(1.5);
  expect(to).toBeLessThan(now);
  expect(from).toBeGreaterThan(now - 14 * minute);
  expect(searchParams.has('last')).toBe(false);

  await page.goBack();
  await page.waitForURL(/last=15m/);
});

test('live: what arrives is drawn without a reload, and stops on demand', async () => {
  await world.send({ type: 'metric', name: 'flowing', metric: 1 });
  await world.historyHas('name = "flowing"', 1);
  const page = await world.open('/explore?metric=flowing&aggregate=sum&last=15m');
  const row = page.getByRole('region', { name: 'Series' }).getByRole('row').last();
  await row.getByRole('cell', { name: '1', exact: true }).first().waitFor();
  const live = page.getByRole('button', { name: /^live/i });
  await live.click();
  expect(await live.getAttribute('aria-pressed')).toBe('true');
  expect(new URL(page.url()).searchParams.get('live')).toBe('1');
  await world.send({ type: 'metric', name: 'flowing', metric: 41 });
  await page
    .getByRole('region', { name: 'Series' })
    .getByRole('cell', { name: '42', exact: true })
    .first()
    .waitFor();
  await live.click();
  expect(new URL(page.url()).searchParams.has('live')).toBe(false);
});

test('yesterday stands beside today, as a line of its own', async () => {
  const now = Date.now();
  await world.send(
    { type: 'metric', name: 'compared', metric: 30, time: now - 5 * minute },
    { type: 'metric', name: 'compared', metric: 10, time: now - 5 * minute - day },
  );
  await world.historyHas('name = "compared"', 1);
  const page = await world.open('/explore?metric=compared&aggregate=sum&last=15m');
  await page.getByLabel('Compare with').selectOption('yesterday');
  const series = page.getByRole('region', { name: 'Series' });
  await series.getByRole('row', { name: /1 d before.*10/ }).waitFor();
  await series.getByRole('cell', { name: '30', exact: true }).first().waitFor();
  expect(new URL(page.url()).searchParams.get('compare')).toBe('yesterday');
  expect(await faults(page)).toEqual([]);
});

test('one series over another: the ratio, and no value where the second has none', async () => {
  const time = Date.now() - 3 * minute;
  const requests = (code: string, n: number) =>
    Array.from({ length: n }, (_, i) => ({
      type: 'metric',
      name: 'served',
      metric: 1,
      time: time + i,
      attributes: { code },
    }));
  await world.send(...requests('500', 2), ...requests('200', 6));
  await world.historyHas('name = "served"', 8);
  const page = await world.open(
    '/explore?where=name+%3D+"served"+and+label.code+%3D+"500"&last=15m',
  );
  const divide = page.getByRole('combobox', { name: 'Divide by' });
  await divide.fill('name = "served"');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const series = page.getByRole('region', { name: 'Series' });
  await series.getByRole('cell', { name: '0.25', exact: true }).first().waitFor();
  expect(new URL(page.url()).searchParams.get('ratio')).toBe('name = "served"');

  await divide.fill('name = "never served"');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await series
    .getByRole('cell', { name: '0.25', exact: true })
    .first()
    .waitFor({ state: 'detached' });
  expect(await page.getByText('NaN').count()).toBe(0);
});
