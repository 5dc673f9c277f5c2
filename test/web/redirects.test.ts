import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
const wrong = { paths: new Set<string>() };

/** Leads everything to the new site, but what is wrong. */
const site = createServer((request, response) => {
  const path = request.url ?? '/';
  if (wrong.paths.has(path)) response.writeHead(404).end();
  else response.writeHead(301, { location: `https://new.example.org${path}` }).end();
});

const map = [
  'Old Url,New Url,Status',
  ...Array.from(
    { length: 40 },
    (_, i) => `http://www.example.org/${i},https://new.example.org/${i},301`,
  ),
  'http://www.example.org/40,http://www.example.org/1,301',
  'http://www.example.org/41,,301',
].join('\n');

beforeAll(async () => {
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  const { port } = site.address() as AddressInfo; // it listens on TCP
  mkdirSync(join(world.dir, 'data/checks'), { recursive: true });
  const settings = `environments:\n  staging:\n    base: http://127.0.0.1:${port}\n`;
  writeFileSync(join(world.dir, 'data/checks/checks.yaml'), settings);
  await world.start();
}, 180_000);
afterAll(async () => {
  await world.stop();
  site.closeAllConnections();
  site.close();
});

test('a map is imported, looked through, verified, and removed', async () => {
  const page = await world.open('/redirects');
  await page.getByRole('heading', { name: 'No redirect map yet' }).waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Import a map…' }).click();
  await page
    .getByLabel('A CSV with the columns Old Url, New Url, Status')
    .setInputFiles({ name: 'old site.csv', mimeType: 'text/csv', buffer: Buffer.from(map) });
  expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('old-site');
  // The button's colour passes on to that of one that can be pressed.
  await expect.poll(async () => faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Import', exact: true }).click();

  await page.getByRole('heading', { name: 'old-site', level: 1 }).waitFor();
  const findings = page.getByRole('table', { name: 'Findings' });
  await findings.getByText('a 301 needs an address to lead to').waitFor();
  await findings.getByText('43:27').waitFor();
  await page.getByRole('combobox', { name: 'Show' }).selectOption('chain');
  await findings.getByText('a 301 needs').waitFor({ state: 'detached' });
  expect(page.url()).toContain('rule=chain');

  wrong.paths.add('/7');
  await page.getByRole('button', { name: 'Verify every row' }).click();
  const rows = page.getByRole('table', { name: 'Rows that do not hold' });
  // Row 40 leads to the old site, and is served as leading to the new one; 41 leads nowhere.
  await rows.getByText('http://www.example.org/7', { exact: true }).waitFor({ timeout: 60_000 });
  expect(await rows.getByRole('row').count()).toBe(4);
  await page.getByText('39 of 42 hold, 3 do not').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await overflow(page)).toBe(0);
  expect(await faults(page)).toEqual([]);

  await page.goto('/redirects');
  const row = page.getByRole('row', { name: /^old-site/ });
  await row.getByText('3 wrong').waitFor();
  await row.getByText('1 error').waitFor();
  expect(await overflow(page)).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(await faults(page)).toEqual([]);
  await page.getByRole('link', { name: 'old-site' }).click();
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.getByRole('heading', { name: 'No redirect map yet' }).waitFor();
});

test('what is really asked for is shown, and what can not be said', async () => {
  const put = await fetch(`${world.url}/api/v1/redirects/web`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${world.token}`, 'content-type': 'text/csv' },
    body: map,
  });
  expect(put.status).toBe(200);
  const asked = (path: string, status: number, at: number) => ({
    type: 'request',
    time: at,
    attributes: {
      'span.kind': 'server',
      'server.address': 'www.example.org',
      'url.path': path,
      'http.response.status_code': String(status),
    },
  });
  const now = Date.now();
  await world.send(asked('/1', 301, now - 1000), asked('/lost', 404, now - 2000));
  await world.historyHas('url.path', 2);
  const page = await world.open('/redirects/web');
  const missing = page.getByRole('table', { name: 'Addresses that were asked for in vain' });
  await missing.getByText('http://www.example.org/lost').waitFor({ timeout: 60_000 });
  await page.getByText('So nobody can say which rows are not used.').waitFor();
  await page.getByText('7 days').click();
  await vi.waitFor(() => expect(page.url()).toContain('days=7'));
  await missing.getByText('http://www.example.org/lost').waitFor();
  expect(await faults(page)).toEqual([]);
  const dark = await world.open('/redirects/web', { dark: true, width: 360 });
  await dark.getByText('So nobody can say').waitFor({ timeout: 60_000 });
  expect(await faults(dark)).toEqual([]);
  expect(await overflow(dark)).toBe(0);
});

test('without such a map the page says so', async () => {
  const page = await world.open('/redirects/nowhere');
  await page.getByRole('heading', { name: 'No such map' }).waitFor();
  expect(await faults(page)).toEqual([]);
});
