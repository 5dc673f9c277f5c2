import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { Cable } from './cable.ts';
import { faults, overflow, person, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 90_000 });
const world = new World();
beforeAll(() => world.start(), 120_000);
afterAll(() => world.stop());

const minutesAgo = (minutes: number): number => Date.now() - minutes * 60_000;

test('a wrong password is said so, the right one leads to the page that was asked for', async () => {
  const page = await world.stranger();
  await page.goto('/explore?metric=orders');
  await page.getByRole('heading', { name: 'Sign in to Territory' }).waitFor();
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('Password').fill('something else entirely');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Explore', level: 1 }).waitFor();
  expect(new URL(page.url()).search).toBe('?metric=orders');
  expect(await page.getByText(person.name, { exact: true }).isVisible()).toBe(true);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Territory' }).waitFor();
  await page.goto('/stream');
  await page.getByRole('heading', { name: 'Sign in to Territory' }).waitFor();
});

test('a sign-in link leaves no token in the address, and a bad one is explained', async () => {
  const page = await world.open('/');
  await page.getByRole('heading', { name: 'Map', level: 1 }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/map');
  const other = await world.stranger();
  await other.goto('/sign-in#token=tln_used-up');
  await other.getByRole('alert').getByText('used up or too old').waitFor();
  expect(other.url()).not.toContain('tln_used-up');
});

test('an event sent by HTTP is on the open page', async () => {
  const page = await world.open('/stream?where=service+%3D+"live"');
  await page.getByText('Nothing matches in the last hour').waitFor();
  await world.send({ type: 'metric', service: 'live', name: 'basket.size', metric: 4217 });
  await page.getByRole('cell', { name: 'basket.size', exact: true }).waitFor();
  await page.getByRole('cell', { name: '4,217' }).waitFor();
  expect(await page.getByText('Nothing matches in the last hour').count()).toBe(0);
});

test('a filter is completed, its fault is shown where it is, and the address keeps it', async () => {
  await world.send({ type: 'metric', service: 'filtered-in', name: 'kept', metric: 1 });
  const page = await world.open('/stream?where=service+%3D+"filtered-in"');
  await page.getByRole('cell', { name: 'kept', exact: true }).waitFor();
  await page.keyboard.press('/');
  const filter = page.getByRole('combobox', { name: 'Filter' });
  await filter.fill('');
  await filter.pressSequentially('serv');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect(await filter.inputValue()).toBe('service ');
  await filter.pressSequentially('== "filtered-in"');
  await page.keyboard.press('Escape');
  await page.getByText(/^column 9: /).waitFor();
  expect(await filter.getAttribute('aria-invalid')).toBe('true');

  await filter.fill('service = "filtered-out"');
  await page.keyboard.press('Enter');
  await page.getByText('Nothing matches in the last hour').waitFor();
  expect(new URL(page.url()).searchParams.get('where')).toBe('service = "filtered-out"');
  await page.goBack();
  await page.getByRole('cell', { name: 'kept', exact: true }).waitFor();
});

test('pause holds events back, counts them, and lets them in again', async () => {
  const page = await world.open('/stream?where=service+%3D+"held"');
  await page.getByText('Nothing matches in the last hour').waitFor();
  await world.send({ type: 'metric', service: 'held', name: 'before', metric: 1 });
  await page.getByRole('cell', { name: 'before', exact: true }).waitFor();
  await page.keyboard.press('p');
  await world.send(
    { type: 'metric', service: 'held', name: 'meanwhile', metric: 2 },
    { type: 'metric', service: 'held', name: 'meanwhile', metric: 3 },
  );
  const resume = page.getByRole('button', { name: 'Resume, 2 waiting' });
  await resume.waitFor();
  expect(await page.getByRole('cell', { name: 'meanwhile', exact: true }).count()).toBe(0);
  await resume.click();
  await page.getByRole('cell', { name: 'meanwhile', exact: true }).first().waitFor();
  expect(await page.getByRole('cell', { name: 'meanwhile', exact: true }).count()).toBe(2);
});

test('by keyboard an event opens with its fields, what belongs to it, and its raw form', async () => {
  await world.send(
    {
      type: 'dev.cdeventsx.shop-order.paid.0.1.0',
      subject: 'order/17',
      service: 'opened',
      id: 'p17',
    },
    {
      type: 'dev.cdeventsx.shop-order.shipped.0.1.0',
      subject: 'order/17',
      service: 'opened',
      id: 's17',
      attributes: { carrier: 'pigeon' },
    },
  );
  await world.historyHas('service = "opened"', 2);
  const page = await world.open('/stream?where=service+%3D+"opened"');
  const first = page.getByRole('button', { name: /^Open event shop-order shipped/ });
  await first.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('complementary', { name: 'shop-order shipped' });
  await drawer.getByText('pigeon').waitFor();
  await drawer.getByText('Because: same subject').waitFor();
  await drawer.getByText('Raw event').click();
  await drawer.getByText('"id": "s17"').waitFor();
  expect(new URL(page.url()).searchParams.get('event')).toMatch(/^facts-\d+$/);
  expect(await faults(page)).toEqual([]);

  await page.reload();
  await drawer.getByRole('button', { name: /shop-order paid/ }).click();
  await page.getByRole('complementary', { name: 'shop-order paid' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
});

test('Explore draws a metric by a label; its address, its table and its CSV say the same', async () => {
  const readings = [3, 2, 1].flatMap((minutes) => [
    {
      type: 'metric',
      service: 'drawn',
      name: 'queue, length',
      metric: minutes,
      host: 'a',
      time: minutesAgo(minutes),
    },
    {
      type: 'metric',
      service: 'drawn',
      name: 'queue, length',
      metric: 40,
      host: 'b',
      time: minutesAgo(minutes),
    },
  ]);
  const deploy = {
    type: 'dev.cdeventsx.shop-release.deployed.0.1.0',
    subject: 'release/drawn',
    service: 'drawn',
    time: minutesAgo(2),
  };
  await world.send(...readings, deploy);
  await world.historyHas('service = "drawn"', 7);
  const page = await world.open('/explore');
  await page.getByRole('combobox', { name: 'Metric' }).fill('queue, l');
  await page.getByRole('option', { name: 'queue, length' }).click();
  await page.getByLabel('Aggregate').selectOption('max');
  await page.getByRole('combobox', { name: 'Group by' }).fill('host');
  await page.getByRole('option', { name: /^host/ }).click();
  await page.getByRole('radio', { name: '15 min' }).check({ force: true });
  const legend = page.getByRole('region', { name: 'Series' });
  await legend.getByRole('row', { name: /^b .*40/ }).waitFor();
  await legend.getByRole('row', { name: /^a .*3/ }).waitFor();
  expect(
    await page
      .getByRole('figure', { name: /^max of queue, length over time/ })
      .locator('canvas')
      .count(),
  ).toBe(1);
  await page
    .getByRole('button', { name: /^(\d+ facts, the last: )?\S+ (deployed|changed|created|signed)/ })
    .first()
    .waitFor();
  expect(await faults(page)).toEqual([]);

  const again = await page.context().newPage();
  await again.goto(page.url());
  await again
    .getByRole('region', { name: 'Series' })
    .getByRole('row', { name: /^b .*40/ })
    .waitFor();
  await again.getByRole('checkbox', { name: 'a' }).uncheck();
  await again.getByRole('button', { name: 'Points as table' }).click();
  await again
    .getByRole('region', { name: 'Points' })
    .getByRole('cell', { name: '40' })
    .first()
    .waitFor();

  const [file] = await Promise.all([
    again.waitForEvent('download'),
    again.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('queue_length-max.csv');
  const lines = readFileSync(await file.path(), 'utf8').split('\r\n');
  expect(lines[0]).toBe('time,b,a');
  expect(lines.filter((line) => line.endsWith(',40,3')).length).toBe(1);

  await again.getByRole('link', { name: 'Show the events behind' }).click();
  await again
    .getByText('7 events from history')
    .or(again.getByText('6 events from history'))
    .waitFor();
});

test('no data is said to be none, and a query that is refused says why', async () => {
  const page = await world.open('/explore?metric=never.sent');
  await page.getByRole('heading', { name: 'No data' }).waitFor();
  await page.getByText('No event called never.sent has been seen.').waitFor();
  expect(await page.getByRole('button', { name: 'CSV' }).isDisabled()).toBe(true);
  await page.goto('/explore?where=service+%3D');
  await page.getByRole('alert').getByText('TERR_').waitFor();
  await page.goto('/no/such/page');
  await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor();
});

test('the palette and the keys lead everywhere', async () => {
  const page = await world.open('/stream');
  await page.getByRole('heading', { name: 'Stream', level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').waitFor();
  await page.keyboard.type('itself');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Territory itself', level: 1 }).waitFor();
  expect(await page.title()).toBe('Territory itself · Territory');
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: 'Explore', level: 1 }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys and filters' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Theme/ }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  await page.reload();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
});

test('Territory itself tells what came in, what is kept and what is bounded', async () => {
  const page = await world.open('/itself');
  const intake = page.getByRole('table', { name: 'Intakes' });
  await intake.getByRole('row', { name: /http/ }).first().waitFor();
  await page
    .getByRole('table', { name: 'Streams' })
    .getByRole('row', { name: /^facts 1 – \d/ })
    .waitFor();
  expect(
    await page.getByRole('table', { name: 'Limits' }).getByRole('row').count(),
  ).toBeGreaterThan(3);
  await page.getByText(/^[\d.,]+( k)?\/s$/).waitFor();
});

const pages = [
  ['/map', 'Map'],
  ['/stream', 'Stream'],
  ['/explore', 'Explore'],
  ['/explore?metric=never.sent', 'Explore'],
  ['/itself', 'Territory itself'],
] as const;

test.each([{ dark: false }, { dark: true }])('axe finds nothing, dark: $dark', async (look) => {
  const stranger = await world.stranger(look);
  await stranger.goto('/sign-in');
  await stranger.getByRole('heading', { level: 1 }).waitFor();
  expect(await faults(stranger)).toEqual([]);
  const page = await world.open('/', look);
  for (const [path, title] of pages) {
    await page.goto(path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.waitForLoadState('load');
    expect([path, ...(await faults(page))]).toEqual([path]);
  }
});

test('at 360 pixels nothing is wider than the window, and the menu leads on', async () => {
  const page = await world.open('/', { width: 360 });
  for (const [path, title] of pages) {
    await page.goto(path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    expect([path, await overflow(page)]).toEqual([path, 0]);
  }
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('dialog', { name: 'Menu' }).getByRole('link', { name: 'Stream' }).click();
  await page.getByRole('heading', { name: 'Stream', level: 1 }).waitFor();
});

test('a page that lost the connection goes on where it broke off', async () => {
  const cable = new Cable(Number(new URL(world.url).port));
  onTestFinished(() => cable.remove());
  const port = await cable.lay();
  const page = await world.open('/stream?where=service+%3D+"outage"', { port });
  await page.getByText('Nothing matches in the last hour').waitFor();
  cable.cut();
  await page.getByText('Disconnected, trying again').waitFor();
  await page.getByRole('status', { name: 'Connection' }).getByText('Reconnecting').waitFor();
  await world.send({ type: 'metric', service: 'outage', name: 'while.away', metric: 1 });
  cable.mend();
  await page.getByRole('cell', { name: 'while.away', exact: true }).waitFor();
  await page.getByText('Disconnected, trying again').waitFor({ state: 'detached' });
  expect(await page.getByRole('cell', { name: 'while.away', exact: true }).count()).toBe(1);
});

test('when the server stops the pages say how old they are; back again, they ask who it is', async () => {
  const page = await world.open('/itself');
  await page.getByRole('table', { name: 'Intakes' }).waitFor();
  await world.stopServer();
  await page.getByText('These numbers are from').waitFor({ timeout: 25_000 });
  const connection = page.getByRole('status', { name: 'Connection' });
  await connection.getByText(/^Stale since/).waitFor({ timeout: 25_000 });
  expect(await faults(page)).toEqual([]);

  await world.startServer();
  await page.getByRole('heading', { name: 'Sign in to Territory' }).waitFor({ timeout: 25_000 });
  await page.getByLabel('Name').fill(person.name);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('table', { name: 'Intakes' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/itself');
});
