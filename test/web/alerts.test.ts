import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();

const rules = `import { events, rule } from 'territory/rules';

rule('too-many-errors', () =>
  events
    .where('name = "errors.now"')
    .by('service')
    .level({ critical: 'metric > 10', warning: 'metric > 5' })
    .changed('state', { from: 'ok' })
    .suspects({ before: '30m', on: ['service'] })
    .alert({ title: '{service} has {metric:round} errors', runbook: 'https://example.org/errors' }),
);
`;

beforeAll(async () => {
  const directory = join(world.dir, 'data/rules');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'errors.ts'), rules);
  await world.start();
  await world.ruleRuns('too-many-errors');
}, 180_000);
afterAll(() => world.stop());

const errors = (service: string, metric: number) =>
  world.send({ type: 'metric', name: 'errors.now', service, metric });

test('an alert opens on the page by itself, the tab counts it, and it goes when it is over', async () => {
  const page = await world.open('/alerts');
  await page.getByRole('heading', { name: 'Nothing is open' }).waitFor();
  await errors('live', 20);
  const row = page.getByRole('listitem').filter({ hasText: 'live has 20 errors' });
  await row.waitFor();
  await row.getByText('critical').first().waitFor();
  await vi.waitFor(async () => expect(await page.title()).toBe('(1) Alerts · Territory'), 10_000);

  await page.goto('/explore');
  await page.getByRole('heading', { name: 'Explore', level: 1 }).waitFor();
  await vi.waitFor(async () => expect(await page.title()).toBe('(1) Explore · Territory'), 10_000);
  await page.goto('/alerts');
  await row.waitFor();
  await errors('live', 1);
  await row.waitFor({ state: 'detached' });
  await vi.waitFor(async () => expect(await page.title()).toBe('Alerts · Territory'), 10_000);
  await page.getByRole('link', { name: 'History' }).click();
  const past = page.getByRole('listitem').filter({ hasText: 'live has' });
  await past.getByText('was critical').waitFor();
});

test('by keyboard somebody takes an alert on with a note, and gives it back', async () => {
  await errors('taken', 7);
  const page = await world.open('/alerts');
  const row = page.getByRole('listitem').filter({ hasText: 'taken has 7 errors' });
  await row.getByRole('button', { name: /^Acknowledge/ }).focus();
  await page.keyboard.press('Enter');
  await row.getByText('admin has it').waitFor();
  await row.getByRole('button', { name: /^Give back/ }).focus();
  await page.keyboard.press('Enter');
  await row.getByRole('button', { name: /^Acknowledge/ }).waitFor();

  await row.getByRole('link', { name: 'taken has 7 errors' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'taken has 7 errors', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'With a note…' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('Known since Monday');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Known since Monday').first().waitFor();
  expect(await page.getByRole('link', { name: 'Runbook' }).getAttribute('href')).toBe(
    'https://example.org/errors',
  );
});

test('an alert has its chart, its suspects with their reasons, its life and what was told', async () => {
  const deploy = {
    type: 'dev.cdeventsx.shop-config.changed.0.1.0',
    id: 'config-7',
    source: '/config',
    subject: 'shop.yaml',
    service: 'whole',
  };
  await world.send(deploy);
  await errors('whole', 3);
  await errors('whole', 30);
  await world.historyHas('name = "errors.now" and service = "whole"', 2);
  await world.historyHas('type =~ "%alert.opened%" and service = "whole"', 1);
  const page = await world.open('/alerts');
  await page.getByRole('link', { name: 'whole has 30 errors' }).click();
  const suspects = page.getByRole('region', { name: 'Suspects' });
  await suspects.getByText(/config shop.yaml changed/).waitFor();
  await suspects.getByText(/^Because: .*service/).waitFor();
  await page.getByRole('figure', { name: /^errors.now over time/ }).waitFor();
  const life = page.getByRole('region', { name: 'What happened to it' });
  await life.getByText('Opened, critical').waitFor();
  const told = page.getByRole('region', { name: 'Notifications' });
  await told.getByText('to browser').first().waitFor();
  expect(await faults(page)).toEqual([]);
  await suspects.getByRole('link').click();
  await page.getByText('1 events from history').waitFor();
});

test('a silence says what it would match, needs a reason, holds, and is ended', async () => {
  await errors('noisy', 8);
  const page = await world.open('/alerts', { width: 360 });
  await page.getByRole('link', { name: 'noisy has 8 errors' }).click();
  await page.getByRole('button', { name: 'Silence…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Silence alerts' });
  await dialog.getByText('Matches 1 open now: noisy has 8 errors').waitFor();
  expect(await dialog.getByRole('button', { name: 'Silence' }).isDisabled()).toBe(true);
  expect(await faults(page)).toEqual([]);
  await dialog.getByLabel('Why').fill('Planned work');
  await dialog.getByRole('radio', { name: '4 h' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Silence' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('silenced').waitFor();

  await page.goto('/alerts/silences');
  const silence = page.getByRole('listitem').filter({ hasText: 'Planned work' });
  await silence.getByText('matches 1 open now').waitFor();
  await silence.getByRole('button', { name: /^End it/ }).click();
  await silence.getByText('ended by admin').waitFor();
});

test('a browser that was asked to tells of what becomes critical, and of nothing that is silenced', async () => {
  const page = await world.open('/alerts');
  await page.context().grantPermissions(['notifications']);
  // Headless browsers show nothing: what would be shown is written down.
  await page.addInitScript(`window.shown = [];
    const Real = window.Notification;
    window.Notification = class extends Real {
      constructor(title, options) { super(title, options); window.shown.push(title); }
    };`);
  await page.reload();
  await page.getByRole('button', { name: 'Tell me here' }).click();
  await page.getByRole('button', { name: 'Telling me here' }).waitFor();
  await world.ask('POST', '/api/v1/silences', {
    where: 'service = "hushed"',
    reason: 'planned',
    ends: Date.now() + 600_000,
  });
  await errors('hushed', 50);
  await page.getByRole('link', { name: 'hushed has 50 errors' }).waitFor();
  await errors('told', 60);
  const shown = (): Promise<readonly string[]> => page.evaluate('window.shown');
  await vi.waitFor(async () => expect((await shown()).join()).toContain('told has 60'), 15_000);
  expect((await shown()).join()).not.toContain('hushed');
});

test('who may look only sees why the buttons are off', async () => {
  await errors('watched', 9);
  await world.ask('POST', '/api/v1/users', {
    name: 'vera',
    password: 'looks at everything',
    role: 'viewer',
  });
  const page = await world.stranger();
  await page.goto('/sign-in?next=/alerts');
  await page.getByLabel('Name').fill('vera');
  await page.getByLabel('Password').fill('looks at everything');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'watched has 9 errors' });
  const button = row.getByRole('button', { name: /^Acknowledge/ });
  await button.waitFor();
  expect(await button.isDisabled()).toBe(true);
  expect(await button.getAttribute('title')).toContain('Your role may look only');
  await page.goto('/rules/backtest');
  await page.getByText(/^Only an administrator may do this: a backtest runs/).waitFor();
  expect(await page.getByRole('button', { name: 'Run' }).isDisabled()).toBe(true);
});

test('an address that no alert has, and a filter that nothing matches', async () => {
  const page = await world.open('/alerts/0123456789abcdef0123');
  await page.getByRole('heading', { name: 'No alert has this address' }).waitFor();
  await page.goto('/alerts/history?where=service+%3D+"nobody"');
  await page.getByRole('heading', { name: 'No alert matches' }).waitFor();
  await page.goto('/alerts/history?where=service+%3D');
  const refusal = page.getByRole('alert').getByRole('link', { name: /^TERR_WHERE_/ });
  expect(await refusal.getAttribute('href')).toMatch(/^\/docs\/errors#TERR_WHERE_/);
});

const pages = [
  ['/alerts', 'Alerts'],
  ['/alerts/history', 'Alerts of the past'],
  ['/alerts/silences', 'Silences'],
  ['/alerts/notifications', 'Notifications'],
] as const;

test.each([
  { dark: false, width: 1280 },
  { dark: true, width: 360 },
])('axe finds nothing and nothing is too wide, dark: $dark, $width px', async (look) => {
  await errors('looked-at', 12);
  const page = await world.open('/', look);
  for (const [path, title] of pages) {
    await page.goto(path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.getByText('Asking…').waitFor({ state: 'detached' });
    expect([path, await overflow(page), ...(await faults(page))]).toEqual([path, 0]);
  }
});
