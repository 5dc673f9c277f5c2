import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type DeployReport, deployFact } from '../../src/rooms/where/facts.ts';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
const minute = 60_000;
const now = Date.now();

type Told = Partial<DeployReport> & Pick<DeployReport, 'app' | 'version' | 'environment'>;

const tell = ({ report = 'finished', ...told }: Told, minutesAgo: number) => {
  const time = now - minutesAgo * minute;
  return { ...deployFact({ report, id: `run-${told.app}-${told.version}`, time, ...told }) };
};

const says = (service: string, environment: string, version: string, instance: string) => ({
  type: 'metric',
  name: 'up',
  metric: 1,
  service,
  environment,
  attributes: { 'service.version': version, 'service.instance.id': instance },
});

const sha = (letter: string): string => letter.repeat(40);
const commit = (letter: string, parent: string | undefined, minutesAgo: number) => ({
  type: 'dev.cdeventsx.territory-commit.created.0.1.0',
  id: `commit/${sha(letter)}`,
  time: now - minutesAgo * minute,
  attributes: { 'vcs.ref.head.revision': sha(letter) },
  data: { title: `Change ${letter}`, parents: parent === undefined ? [] : [sha(parent)] },
});

const shop = (version: string, environment: string, minutesAgo: number, letter = 'c') =>
  tell({ app: 'shop', version, environment, commit: sha(letter), actor: 'ann' }, minutesAgo);

beforeAll(async () => {
  await world.start();
}, 180_000);
afterAll(() => world.stop());

const rowOf = (page: Page, app: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: app }) });

test('nobody told yet: the page says how to, and the keys lead to it', async () => {
  const page = await world.open('/itself');
  await page.getByRole('heading', { name: 'Territory itself', level: 1 }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByRole('heading', { name: 'Nobody has told of a deploy yet' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/releases');
  await page.getByText(`TERRITORY_URL=${world.url}`).waitFor();
  expect(await page.getByRole('link', { name: /^Add the webhook/ }).getAttribute('href')).toBe(
    '/sources/add',
  );
  expect(await faults(page)).toEqual([]);
});

test('one row for each application, one column for each environment, a verdict in each', async () => {
  await world.send(
    commit('a', undefined, 900),
    commit('b', 'a', 800),
    commit('c', 'b', 700),
    shop('1.4.1', 'production', 26 * 60, 'a'),
    shop('1.4.1', 'staging', 27 * 60, 'a'),
    shop('1.4.2', 'staging', 50, 'c'),
    shop('1.4.2', 'integration', 70, 'c'),
    tell({ app: 'shop', version: '1.4.2', environment: 'production', report: 'started' }, 1),
    tell({ app: 'search', version: '9.0', environment: 'production' }, 24 * 60),
    tell({ app: 'search', version: '9.1', environment: 'staging' }, 24 * 60),
    tell({ app: 'payments-gateway', version: sha('d'), environment: 'production' }, 3_000),
    tell(
      {
        app: 'payments-gateway',
        version: sha('e'),
        environment: 'production',
        report: 'failed',
        reason: 'smoke test: 502 of /pay',
      },
      200,
    ),
    tell({ app: 'mailer', version: '2.0', environment: 'production', report: 'started' }, 3),
    says('shop', 'production', '1.4.1', 'shop-1'),
    says('shop', 'production', '1.4.1', 'shop-2'),
    says('shop', 'staging', '1.4.2', 'shop-1'),
    says('shop', 'staging', '1.4.1', 'shop-2'),
    says('search', 'production', '8.9', 'search-1'),
  );
  const page = await world.open('/releases');
  const heads = page.getByRole('columnheader');
  await heads.first().waitFor();
  expect(await heads.allTextContents()).toEqual([
    'Application',
    'integration',
    'staging',
    'production',
  ]);
  const cells = await rowOf(page, 'shop').getByRole('cell').allInnerTexts();
  expect(cells[0]).toMatch(/1\.4\.2.*new.*claimed/s);
  expect(cells[1]).toMatch(/1\.4\.2.*mixed.*mixed 1\.4\.1 50 % \/ 1\.4\.2 50 %; told 1\.4\.2/s);
  expect(cells[2]).toMatch(
    /1\.4\.1.*verified.*2 commits behind (integration|staging).*1\.4\.2 is being deployed/s,
  );
  expect(await rowOf(page, 'search').innerText()).toMatch(
    /9\.1.*claimed.*9\.0.*contradicted.*told 9\.0, runs 8\.9/s,
  );
  expect(await rowOf(page, 'payments-gateway').innerText()).toMatch(
    /d{10}\n.*claimed.*e{10} failed/s,
  );
  expect(await rowOf(page, 'mailer').innerText()).toMatch(/no version.*unknown/s);
  await page.getByText('1 contradicted · 1 mixed · 1 unknown · 3 claimed · 1 verified').waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
});

test('a filter by one key: every word of it must be there', async () => {
  const page = await world.open('/releases');
  await rowOf(page, 'shop').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('contradicted prod');
  await expect.poll(() => page.getByRole('rowheader').allTextContents()).toEqual(['search']);
  expect(new URL(page.url()).searchParams.get('q')).toBe('contradicted prod');
  await page.keyboard.type(' nothing');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect.poll(() => page.getByRole('rowheader').count()).toBe(4);
});

test.each([
  { width: 360, dark: false },
  { width: 360, dark: true },
  { width: 1280, dark: true },
])('it is readable at $width px, dark: $dark', async (look) => {
  const page = await world.open('/releases', look);
  await rowOf(page, 'shop').waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.getByRole('link', { name: 'shop', exact: true }).click();
  await page.getByRole('heading', { name: 'Deploys' }).waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
});

test('an application: why it is said so, its instances, and its deploys with their threads', async () => {
  const page = await world.open('/releases/shop');
  await page.getByRole('heading', { name: 'production', level: 3 }).waitFor();
  const place = page
    .getByRole('listitem')
    .filter({ hasText: '2 instances report the told version' });
  expect(await place.innerText()).toMatch(/Told by \/deploys\/shop .*, deployed by ann/s);
  await place.getByText('2 instances with 1.4.1').click();
  await place.getByText(/^shop-1,/).waitFor();
  expect(await place.getByRole('link').first().getAttribute('href')).toMatch(/event=facts-\d+/);
  const deploys = page.getByRole('table', { name: 'Deploys' });
  expect(await deploys.getByRole('rowheader').allTextContents()).toEqual([
    '1.4.2',
    '1.4.2',
    '1.4.2',
    '1.4.1',
    '1.4.1',
  ]);
  await deploys
    .getByRole('row', { name: /1\.4\.1 production/ })
    .getByRole('link', { name: 'follow' })
    .click();
  await page.getByRole('heading', { name: 'Thread', level: 1 }).waitFor();
  await page.getByText('shop to production').first().waitFor();
  expect(await page.getByText('Change a').count()).toBeGreaterThan(0);
});

test('an application that nobody told of says how to report', async () => {
  const page = await world.open('/releases/none');
  const title = page.getByRole('heading', { name: 'Nobody has told of a deploy yet' });
  await title.waitFor();
  expect(await faults(page)).toEqual([]);
});
