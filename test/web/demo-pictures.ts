import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Alert, Alerts } from '../../src/server/api/contract-alerts.ts';
import type { Deploys } from '../../src/server/api/contract-deploys.ts';
import type { MapAnswer } from '../../src/server/api/contract-map.ts';
import { DemoWorld } from './demo-world.suite.ts';

/** The pictures of the README and of the tutorial: of a demo as it runs, when it comes to each. */
vi.setConfig({ testTimeout: 900_000 });
const world = new DemoWorld();
const images = join(import.meta.dirname, '../../docs/images');

beforeAll(() => world.start('--seed', '1', '--speed', '2'), 240_000);
afterAll(() => world.stop(), 60_000);

async function take(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const loading = page.getByText(/Asking…|Loading…|on its way…/).filter({ visible: true });
  await expect.poll(() => loading.count(), { timeout: 60_000 }).toBe(0);
  // What comes by the stream has come, and nothing moves any more.
  await page.waitForTimeout(2_000);
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled' });
}

/** As somebody sees it who has closed the tour. */
async function open(path: string): Promise<Page> {
  const page = await world.open(path);
  await page.evaluate(`localStorage.setItem('territory.tour', 'closed 0')`);
  await page.reload();
  return page;
}

test('pictures of the story', async () => {
  await world.until('evidence of every process', 300_000, async () => {
    const { processes } = await world.ask<MapAnswer>('GET', '/api/v1/map');
    return processes.every(({ health }) => health.shown !== 'no-evidence') || undefined;
  });
  const first = await world.open('/');
  await first.getByRole('button', { name: 'Start the tour' }).waitFor();
  await first.getByText('Web site').filter({ visible: true }).first().waitFor();
  await take(first, 'demo-tour');
  const map = await open('/');

  const deploy = await world.until('a deploy to production', 400_000, async () => {
    const { deploys } = await world.ask<Deploys>(
      'GET',
      '/api/v1/deploys?app=site&environment=production&state=running',
    );
    return deploys.find(({ stage }) => stage === 'watching');
  });
  await take(await open(`/deploys/${deploy.id}`), 'demo-deploy');

  const alert = await world.until('an alert with a suspect', 600_000, async () => {
    const { alerts } = await world.ask<Alerts>('GET', '/api/v1/alerts');
    return alerts.find(({ rule, suspects }: Alert) => rule === 'slow-answers' && suspects?.length);
  });
  await world.until('a process at risk', 120_000, async () => {
    const { processes } = await world.ask<MapAnswer>('GET', '/api/v1/map');
    return processes.find(({ health }) => health.because.at(-1) === 'site');
  });
  await take(map, 'demo-map');
  await take(await open(`/alerts/${alert.id}`), 'demo-alert');

  await world.ask('POST', '/api/v1/demo/chaos', { kind: 'kill-all-three' });
  const newsroom = await open('/demo');
  await newsroom.getByRole('heading', { name: 'Newsroom', level: 1 }).waitFor();
  await take(newsroom, 'demo-newsroom');
  expect(await world.interrupt()).toBe(0);
});
