import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Checks } from '../../src/server/api/contract-checks.ts';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
const shop = { isOpen: true };

const file = (name: string, text: string): void => {
  const path = join(world.dir, 'data/checks', name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
};

/** A shop that answers, or not. */
function answer(path: string): { readonly status: number; readonly body: string } {
  if (path !== '/checkout') return { status: 200, body: '<h1>Welcome</h1>' };
  return shop.isOpen
    ? { status: 200, body: '<h1>Thank you</h1>' }
    : { status: 502, body: '<h1>Bad Gateway</h1>' };
}

const site = createServer((request, response) => {
  const { status, body } = answer(request.url ?? '/');
  response.writeHead(status, { 'content-type': 'text/html' }).end(body);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  await world.start();
}, 180_000);
afterAll(async () => {
  await world.stop();
  site.closeAllConnections();
  site.close();
});

const settings = (): string => `environments:
  production:
    base: http://127.0.0.1:${(site.address() as AddressInfo).port}
defaults:
  every: 3s
  attempts: 1
  boot-grace: 0s
`;

const front = (checkout = 'Then I should get a 200 status code'): string => `@app(shop)
Feature: The shop

  Scenario: the home page
    When I visit "/"
    Then I should see "Welcome"

  @gate @page
  Scenario: somebody buys
    When I visit "/checkout"
    ${checkout}
    And I should see "Thank you"

  @every(5s)
  Scenario: the home page is quick
    When I measure "/" 5 times
    Then the 50th percentile should be less than 20 s, ideally less than 10 s
`;

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

/** Waits until a check stands so. */
async function stands(name: string, state: string): Promise<string> {
  const asked = async (): Promise<string> => {
    const answered = await fetch(`${world.url}/api/v1/checks`, {
      headers: { authorization: `Bearer ${world.token}` },
    });
    const { checks } = (await answered.json()) as Checks; // the server's own schema made it
    const found = checks.find((check) => check.name === name);
    return `${found?.standing.shown} ${found?.id}`;
  };
  await expect.poll(asked, { timeout: 60_000 }).toContain(`${state} `);
  return (await asked()).slice(state.length + 1);
}

test('without checks the page teaches the first one; what is saved runs, a bad save stops nothing', async () => {
  const page = await world.open('/checks');
  await page.getByRole('heading', { name: 'Nothing is checked yet' }).waitFor();
  expect(await faults(page)).toEqual([]);
  file('checks.yaml', settings());
  file('front.feature', front());
  await row(page, 'somebody buys').getByText('ok', { exact: true }).waitFor();
  await row(page, 'in production').getByText('3 ok').waitFor({ timeout: 60_000 });

  file('front.feature', front('Then I should gt a 200 status code'));
  const wrong = page.getByRole('list', { name: 'Features with faults' });
  await wrong.getByText('front.feature:11:5').waitFor();
  await row(page, 'somebody buys').getByText('ok', { exact: true }).waitFor();
  expect(await faults(page)).toEqual([]);
  await wrong.getByRole('link', { name: 'Open it' }).click();
  await page.getByText('changed there. It can be read').waitFor();
  await page.getByRole('list', { name: 'Faults' }).getByRole('button', { name: '11:5' }).waitFor();
  expect(await faults(page)).toEqual([]);
  file('front.feature', front());
  await page.goto('/checks');
  await wrong.waitFor({ state: 'detached' });
});

test('a failure is found by one key, and its run tells the step, what was expected and what came', async () => {
  await stands('somebody buys', 'ok');
  onTestFinished(() => void (shop.isOpen = true));
  shop.isOpen = false;
  await stands('somebody buys', 'critical');
  const page = await world.open('/checks');
  await row(page, 'somebody buys').getByText('critical', { exact: true }).waitFor();
  await page.keyboard.press('n');
  await row(page, 'the home page').first().waitFor({ state: 'detached' });
  expect(page.url()).toContain('only=trouble');
  await page.getByRole('link', { name: 'somebody buys' }).click();
  await page.getByRole('heading', { name: 'somebody buys', level: 1 }).waitFor();
  await page.getByRole('img', { name: /^The last \d+ slots: .*critical/ }).waitFor();
  await page
    .getByRole('list', { name: 'What happened to it' })
    .getByText('critical', { exact: true })
    .waitFor();
  await page.getByRole('figure', { name: 'how long it took', exact: true }).waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('table', { name: 'Runs' }).getByRole('link').first().click();
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  await steps.filter({ hasText: 'I visit "/checkout"' }).getByText('passed').waitFor();
  await steps.filter({ hasText: '200 status code' }).getByText('failed').waitFor();
  await steps.filter({ hasText: 'Thank you' }).getByText('skipped').waitFor();
  await page.getByRole('region', { name: 'Its body' }).getByText('Bad Gateway').waitFor();
  expect(await faults(page)).toEqual([]);
  // A page of its own: an address with dots is no file.
  await page.reload();
  await steps.filter({ hasText: '200 status code' }).getByText('failed').waitFor();
});

test('a feature is written with completion and lint, tried as it stands, saved, and taken away', async () => {
  const page = await world.open('/checks/features');
  await page.getByRole('button', { name: 'New feature…' }).click();
  await page.getByRole('textbox', { name: 'File' }).fill('own/page');
  await page.getByRole('button', { name: 'Write it' }).click();
  const editor = page.getByRole('textbox', { name: /^own\/page.feature/ });
  await editor.fill('Feature: Own\n  Scenario: it is there\n    When vis');
  const offered = page.getByRole('listbox', { name: 'Completions' });
  // The steps may still be on their way.
  await vi.waitFor(async () => {
    await editor.press('Control+Space');
    await offered.getByRole('option').first().waitFor({ timeout: 500 });
  }, 25_000);
  expect(await faults(page)).toEqual([]);
  await editor.press('Tab');
  expect(await editor.inputValue()).toContain('    When I visit "/');
  await page.keyboard.type('/nothing');
  expect(await editor.inputValue()).toContain('When I visit "/nothing"');
  await page.keyboard.press('End');
  await page.keyboard.type('\n    Then I should sea "Welcome"');
  const wrong = page.getByRole('list', { name: 'Faults' });
  await wrong.getByRole('button', { name: '4:5' }).waitFor();
  await page.getByRole('button', { name: 'Save' }).and(page.locator(':disabled')).waitFor();
  await editor.press('Control+z');
  await editor.fill((await editor.inputValue()).replace(/Then.*$/, 'Then I should see "Nothing"'));
  await page.getByText('1 scenario').waitFor();

  await page.getByRole('button', { name: 'Try all' }).click();
  const tried = page.getByRole('list', { name: 'Steps of it is there' }).getByRole('listitem');
  await tried.filter({ hasText: 'I should see' }).getByText('failed').waitFor();
  await tried.filter({ hasText: 'I visit' }).getByText('passed').waitFor();
  expect(await faults(page)).toEqual([]);

  await editor.press('Control+s');
  await page.getByText('saved', { exact: true }).waitFor();
  await page.goto('/checks/features');
  await row(page, 'own/page.feature').getByText('by admin').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('link', { name: 'own/page.feature' }).click();
  await page.getByRole('button', { name: 'Take it away…' }).click();
  await page.getByRole('button', { name: 'Take it away', exact: true }).click();
  await row(page, 'own/page.feature').waitFor({ state: 'detached' });
});

test('two who write one feature do not lose what either wrote', async () => {
  const text =
    'Feature: Two\n  Scenario: it is there\n    When I visit "/"\n    Then I should see "W"\n';
  const saved = await world.ask<{ revision: number }>('PUT', '/api/v1/checks/feature', {
    file: 'two.feature',
    text,
    revision: 0,
  });
  const page = await world.open('/checks/feature?file=two.feature');
  const editor = page.getByRole('textbox', { name: /^two.feature/ });
  await editor.fill(text.replace('"W"', '"We"'));
  await world.ask('PUT', '/api/v1/checks/feature', {
    file: 'two.feature',
    text: text.replace('"W"', '"Wel"'),
    revision: saved.revision,
  });
  await page.getByRole('button', { name: 'Save' }).and(page.locator(':enabled')).click();
  await page.getByText('Somebody else saved the feature while you wrote').waitFor();
  await page.getByRole('region', { name: 'Yours' }).getByText('"We"').waitFor();
  await page.getByRole('region', { name: 'As it is saved now' }).getByText('"Wel"').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText('saved', { exact: true }).waitFor();
  expect(await editor.inputValue()).toContain('"We"');
});

test('what changes its mind is seen among the flakes, and goes into quarantine until a day', async () => {
  const id = await stands('somebody buys', 'ok');
  const page = await world.open('/checks/flakes', { width: 360, dark: true });
  const flake = row(page, 'somebody buys');
  await flake.getByRole('button', { name: 'Quarantine…' }).click();
  await page.getByRole('textbox', { name: 'Why' }).fill('the provider restarts at night');
  expect(await faults(page)).toEqual([]);
  await page.getByText('1 week').click();
  await page.getByRole('button', { name: 'Quarantine it' }).click();
  await flake.getByText(/ends in 6 d.* by admin: the provider restarts at night/).waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.goto(`/checks/${id}`);
  await page.getByText('In quarantine').waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.getByRole('button', { name: 'End the quarantine' }).click();
  await page.getByText('In quarantine').waitFor({ state: 'detached' });
});

test('budgets are drawn with their limits; every step is listed with an example', async () => {
  await stands('the home page is quick', 'ok');
  const page = await world.open('/checks/budgets', { width: 360 });
  await page
    .getByRole('figure', { name: /Arrow keys/ })
    .first()
    .waitFor();
  await page.getByText('critical at 20 s').waitFor();
  await page.getByText('warning at 10 s').waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.getByRole('link', { name: 'Steps' }).click();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('status code');
  await page.getByRole('heading', { name: 'I should get a(n) {int} status code' }).waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
});

test('a page that loses the server says how old its checks are', async () => {
  const page = await world.open('/checks');
  await row(page, 'the home page').first().waitFor();
  await page.route('**/api/v1/checks', (route) => route.abort());
  await page.getByText('Stale.').waitFor({ timeout: 60_000 });
  expect(await faults(page)).toEqual([]);
  await page.unroute('**/api/v1/checks');
  await page.getByText('Stale.').waitFor({ state: 'detached' });
});
