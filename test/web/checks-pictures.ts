import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { World } from './world.ts';

/** The pictures of the checks: a small hat shop that is really asked, and that breaks on the way. */
const world = new World();
const images = join(import.meta.dirname, '../../docs/images');
const shop = { isBroken: false, searches: 0 };

const site = createServer((request, response) => {
  const { status, body } = answer((request.url ?? '/').split('?', 1)[0] ?? '/');
  const after = 5 + Math.random() * (shop.isBroken ? 60 : 20);
  setTimeout(() => {
    response.writeHead(status, { 'content-type': 'text/html', server: 'hat-shop' }).end(body);
  }, after);
});

function answer(path: string): { readonly status: number; readonly body: string } {
  const page = (body: string, status = 200) => ({ status, body: `<h1>${body}</h1>` });
  if (path === '/checkout' && shop.isBroken) return page('Bad Gateway', 502);
  if (path === '/checkout') return page('Thank you');
  if (path === '/search') return page(shop.searches++ % 7 < 2 ? '0 hats' : '12 hats');
  return page('Welcome to the hat shop');
}

const feature = `@app(shop) @env(production)
Feature: The front of the shop

  @gate @page
  Scenario: the home page answers
    When I visit "/"
    Then I should get a 200 status code
    And I should see "Welcome"

  @gate
  Scenario: somebody buys a hat
    When I visit "/"
    Then I should see "hat shop"
    When I visit "/checkout"
    Then I should get a 200 status code
    And I should see "Thank you"

  Scenario: search finds hats
    When I visit "/search?q=hat"
    Then I should see "12 hats"

  Scenario: the home page is quick
    When I measure "/" 20 times
    Then the 95th percentile should be less than 500 ms, ideally less than 100 ms
`;

const letters = `@app(letters) @env(production)
Feature: Letters
  Scenario: letters are printed
    When I visit "/letters"
    Then I should get a 200 status code
`;

const settings = (): string => `environments:
  production:
    base: http://127.0.0.1:${(site.address() as AddressInfo).port}
plugins:
  disk:
    command: [/bin/echo, "DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968"]
    environment: production
defaults:
  every: 4s
  retry: 4s
  boot-grace: 0s
`;

const deployed = (version: string) =>
  world.send({
    type: 'dev.cdevents.service.deployed.0.3.0',
    service: 'shop',
    environment: 'production',
    attributes: { 'service.version': version },
  });

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

beforeAll(async () => {
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  await world.start();
  await deployed('release_41');
  const folder = join(world.dir, 'data/checks');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'checks.yaml'), settings());
  writeFileSync(join(folder, 'letters.feature'), letters);
  writeFileSync(join(folder, 'shop.feature'), feature);
  // Sixty slots, with another release in their last third.
  await seconds(180);
  await deployed('release_42');
  shop.isBroken = true;
  await seconds(60);
}, 400_000);
afterAll(async () => {
  await world.stop();
  site.closeAllConnections();
  site.close();
});

test('the pictures of checks and of a run', async () => {
  const page = await world.open('/checks', { width: 1280 });
  await page.getByText('somebody buys a hat').waitFor();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(images, 'checks.png') });
  await page.getByRole('link', { name: 'somebody buys a hat' }).click();
  await page.getByRole('table', { name: 'Runs' }).getByRole('link').first().click();
  await page.getByRole('list', { name: 'Steps' }).getByText('failed').waitFor();
  const picture = await page.screenshot({ path: join(images, 'check-run.png') });
  expect(picture.length).toBeGreaterThan(10_000);
});
