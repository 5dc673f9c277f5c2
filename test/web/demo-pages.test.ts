import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { EventsAnswer } from '../../src/server/api/contract.ts';
import type { Architecture, Demo } from '../../src/server/api/contract-demo.ts';
import { defaultConfig } from '../../src/server/config/load.ts';
import { faults, overflow, World } from './world.ts';

/**
 * The Newsroom's page and the tour, before a real server to which this test tells what the demo tells.
 * The whole demo is walked in demo-story.test.ts.
 */
// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 180_000 });
const world = new World();
const company = join(import.meta.dirname, '../../examples/newsroom/territory/map');

type Said = Readonly<Record<string, unknown>>;
const fact = (happening: string, data: Said, id?: string): Said => ({
  type: `dev.cdeventsx.territory-demo.${happening}.0.1.0`,
  source: 'newsroom',
  subject: 'demo',
  ...(id !== undefined && { id }),
  data,
});
const told = (kind: string, text: string, more: Said = {}, id?: string): Said =>
  fact('told', { kind, text, who: 'Mia', ...more }, id);
const started = fact('started', {
  seed: 7,
  speed: 2,
  site: 'http://127.0.0.1:9/',
  tools: [{ what: 'front', found: 'HAProxy 2.6.12' }],
});

const counts: Readonly<Record<Architecture['name'], Said>> = {
  'one-program': { done: 31, lost: 9, twice: 0, restarts: 1, sees: [] },
  threads: { imported: 40, waiting: 3, done: 30, lost: 7, twice: 0, restarts: 2, sees: ['depth'] },
  processes: {
    imported: 40,
    waiting: 4,
    inProgress: 2,
    done: 33,
    dead: 1,
    lost: 0,
    twice: 0,
    restarts: 1,
  },
};
const isNumber = ([, value]: readonly [string, unknown]): boolean => typeof value === 'number';
const architectures = (): Said[] =>
  Object.entries(counts).flatMap(([service, data]) => [
    { type: 'newsroom.architecture', name: 'newsroom.architecture', service, data },
    ...Object.entries(data)
      .filter(isNumber)
      .map(([of, metric]) => ({
        type: 'metric',
        name: `newsroom.items.${of.toLowerCase()}`,
        service,
        metric,
        attributes: { architecture: service },
      })),
  ]);

let beating: ReturnType<typeof setInterval> | undefined;
/** A demo that says nothing for a minute counts as gone. */
const beat = (): Promise<unknown> => world.send(...architectures());

const slow = `import { events, rule } from 'territory/rules';

rule('slow', () =>
  events
    .where('name = "latency"')
    .by('service')
    .level({ critical: 'metric > 160', clear: 'metric < 120' })
    .changed('state', { from: 'ok' })
    .suspects({ before: '30m' })
    .alert({ title: '{service} answers in {metric:round} ms' }),
);
`;
const checks = `environments:
  production: {base: "http://127.0.0.1:9"}
plugins:
  disk: {command: [/bin/echo, "DISK OK - free space: / 3326 MB"], environment: production}
defaults: {every: 5s, boot-grace: 0s}
`;

beforeAll(async () => {
  cpSync(company, join(world.dir, 'data/map'), { recursive: true });
  for (const [file, text] of [
    ['rules/slow.ts', slow],
    ['checks/checks.yaml', checks],
  ] as const) {
    const path = join(world.dir, 'data', file);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }
  await world.start({ demo: { ...defaultConfig().demo, enabled: true } });
}, 180_000);
afterAll(async () => {
  clearInterval(beating);
  await world.stop();
});

const bar = (page: Page) => page.getByRole('complementary', { name: 'Guided tour' });
const places = (page: Page) => page.getByRole('navigation', { name: 'Pages' });
const chaos = (page: Page, title: string) =>
  page.getByRole('list', { name: 'What can be broken' }).getByRole('listitem', { name: title });

/** Opens a page in a browser that was in the tour before. */
async function after(path: string, place: string, look: { width?: number; dark?: boolean } = {}) {
  const page = await world.open('/stream', look);
  await page.evaluate(`localStorage.setItem('territory.tour', '${place}')`);
  await page.goto(path);
  return page;
}

test('where no demo lives, nothing offers one, and its page says how to start it', async () => {
  const page = await world.open('/demo', { width: 360 });
  await page.getByRole('heading', { name: 'No demo lives here' }).waitFor();
  await page.getByText('territory demo', { exact: true }).waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await places(page).getByRole('link', { name: 'Map' }).waitFor();
  expect(await places(page).getByRole('link', { name: 'Newsroom' }).count()).toBe(0);
  expect(await bar(page).count()).toBe(0);
});

test('the tour opens by itself once, moves nobody before it is asked to, and is remembered', async () => {
  // A browser may be there before the company is.
  const page = await world.open('/map');
  await world.send(started);
  await beat();
  beating = setInterval(() => void beat().catch(() => {}), 5_000);
  const welcome = bar(page).getByRole('heading', { name: 'Welcome to the Newsroom' });
  await welcome.waitFor();
  expect(new URL(page.url()).pathname).toBe('/map');
  const focused = (): Promise<unknown> => page.evaluate('document.activeElement?.textContent');
  await expect.poll(focused).toBe('Welcome to the Newsroom');
  expect(await faults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await bar(page).waitFor({ state: 'detached' });
  await page.reload();
  await places(page).getByRole('button', { name: 'Guided tour' }).waitFor();
  expect(await bar(page).count()).toBe(0);

  await places(page).getByRole('button', { name: 'Guided tour' }).click();
  await welcome.waitFor();
  await page.keyboard.press('ArrowRight');
  await bar(page).getByRole('heading', { name: 'A site and its visitors' }).waitFor();
  await page.getByRole('heading', { name: 'Stream', level: 1 }).waitFor();
  await page.reload();
  await bar(page).getByRole('heading', { name: 'A site and its visitors' }).waitFor();
  // Keys belong to a field that somebody types in.
  await page.getByRole('combobox', { name: 'Filter' }).fill('service = "shop"');
  await page.keyboard.press('ArrowRight');
  expect(await bar(page).getByRole('button', { name: /^1\. / }).getAttribute('aria-current')).toBe(
    'step',
  );
});

/** What lies over what the tour points at, in its four corners and its middle. */
const over = `(() => {
  const frame = document.querySelector('[data-spotlight]').getBoundingClientRect();
  const bar = document.querySelector('[data-tour-bar]').getBoundingClientRect();
  const points = [[8, 8], [frame.width - 8, 8], [8, frame.height - 8],
    [frame.width - 8, frame.height - 8], [frame.width / 2, frame.height / 2]];
  const hits = points.map(([x, y]) => document.elementFromPoint(frame.left + x, frame.top + y));
  return {
    inBar: hits.filter((hit) => hit?.closest('[data-tour-bar]')).length,
    inPage: hits.filter((hit) => hit?.closest('#content')).length,
    apart: frame.bottom <= bar.top + 0.5,
    high: frame.height,
  };
})()`;

/** A release is slow and an alert opens; another one is over. */
async function trouble(): Promise<void> {
  const place = { service: 'site', environment: 'production' };
  const latency = (service: string, metric: number) =>
    world.send({ ...place, service, type: 'metric', name: 'latency', metric });
  await world.ruleRuns('slow');
  await world.send({
    ...place,
    type: 'dev.cdevents.service.deployed.0.3.0',
    attributes: { 'service.version': '1.3.0' },
  });
  await latency('encoder', 400);
  await world.alertId('slow');
  await latency('encoder', 10);
  await latency('site', 600);
  await vi.waitFor(async () => {
    const { tour } = await world.ask<Demo>('GET', '/api/v1/demo', undefined);
    const texts = tour.map(({ happened }) => happened?.text ?? '');
    expect(texts).toEqual(
      expect.arrayContaining(['Over: encoder answers in 10 ms', 'site answers in 600 ms']),
    );
  }, 30_000);
}

/** A step as it stands: its title, how what it points at is seen, and what is wrong with the page. */
async function stepAsSeen(page: Page, at: number) {
  const step = bar(page).getByRole('button', { name: new RegExp(`^${at}\\. `) });
  await expect.poll(() => step.getAttribute('aria-current')).toBe('step');
  const title = await bar(page).getByRole('heading').textContent();
  await page.locator('[data-spotlight]').waitFor();
  const shown = await page.evaluate<unknown>(over);
  const wide = await overflow(page);
  const wrong = [...(await faults(page)), ...(wide === 0 ? [] : [`${wide} px too wide`])];
  return { title, shown, wrong };
}

test('ten steps by one key; at 360 px none of them covers what it points at', async () => {
  await trouble();
  const page = await after('/map', 'open 0', { width: 360, dark: true });
  await bar(page).getByRole('heading', { name: 'Welcome to the Newsroom' }).waitFor();
  const steps: Awaited<ReturnType<typeof stepAsSeen>>[] = [];
  for (let at = 1; at <= 10; at++) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    await page.keyboard.press('ArrowRight');
    // oxlint-disable-next-line no-await-in-loop -- as above
    steps.push(await stepAsSeen(page, at));
  }
  expect(new Set(steps.map(({ title }) => title)).size).toBe(10);
  expect(steps.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
  for (const { shown } of steps) expect(shown).toMatchObject({ inBar: 0, inPage: 5, apart: true });
  await page.getByRole('heading', { name: 'Newsroom', level: 1 }).waitFor();
  await bar(page).getByRole('button', { name: 'Done' }).click();
  await bar(page).waitFor({ state: 'detached' });
  // A drawer over the page ends above the tour.
  await page.evaluate(`localStorage.setItem('territory.tour', 'open 1')`);
  await page.goto('/stream');
  await bar(page).waitFor();
  await page.getByRole('row').nth(2).click();
  const drawer = page.getByRole('complementary').filter({ hasText: 'Raw event' });
  await drawer.waitFor();
  const [above, below] = [await drawer.boundingBox(), await bar(page).boundingBox()];
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual((below?.y ?? 0) + 1);
});

test('a step points at what just happened, and tells what happens ahead of it', async () => {
  const page = await after('/releases', 'open 3');
  await bar(page).getByRole('heading', { name: 'A commit becomes a release' }).waitFor();
  await bar(page).getByText('Nothing of this has happened yet.').waitFor();
  await world.send(
    told('merged', 'Merge pull request #12', { link: '/releases/site' }, 'merge-12'),
  );
  const link = bar(page).getByRole('link', { name: 'Merge pull request #12' });
  await link.waitFor();
  expect(await link.getAttribute('href')).toBe('/releases/site');
  await link.click();
  await page.getByRole('heading', { name: 'site', level: 1 }).waitFor();
  await world.send(told('rolled-back', 'site went back to 1.2.0', {}, 'back-1'));
  const ahead = bar(page).getByRole('button', { name: /^8\. .*site went back to 1\.2\.0$/ });
  await ahead.waitFor();
  expect(await faults(page)).toEqual([]);
  await ahead.click();
  await bar(page).getByRole('heading', { name: 'Rolled back, and recovered' }).waitFor();
  // What was told without a page of its own leads to its event.
  expect(new URL(page.url()).searchParams.get('where')).toBe(
    'source = "newsroom" and id = "back-1"',
  );
});

test('the story is what was told, the newest first, each with its event', async () => {
  await world.send(told('committed', 'search: one query', {}, 'commit-1'));
  await world.send(told('support', '“I can not find the harbour”', { who: 'Noor' }, 'support-1'));
  const page = await after('/demo', 'closed 0', { width: 360 });
  const story = page.getByRole('list', { name: 'Story' }).getByRole('listitem');
  await story.filter({ hasText: 'search: one query' }).getByText('Commit').waitFor();
  expect(await story.first().textContent()).toContain('I can not find the harbour');
  await page.getByText('seed 7, speed 2').waitFor();
  await page.getByText('HAProxy 2.6.12').waitFor();
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await story
    .first()
    .getByRole('link', { name: /its event/ })
    .click();
  await page.getByRole('heading', { name: 'Stream', level: 1 }).waitFor();
  expect(new URL(page.url()).searchParams.get('where')).toContain('id = "support-1"');
});

/** The facts of chaos that were asked for, as they stand on the log. */
async function asked(): Promise<readonly unknown[]> {
  const where = 'type = "dev.cdeventsx.territory-demo.chaosasked.0.1.0"';
  const query = { where, last: '1h', order: 'oldest' };
  const { events } = await world.ask<EventsAnswer>('POST', '/api/v1/query', query);
  return events.map(({ data, subject }) => ({ data, subject }));
}

test('chaos is asked for as an event, and stands as the demo tells of it', async () => {
  const page = await after('/demo', 'closed 0', { dark: true });
  const slow = chaos(page, 'Slow feed');
  await slow.getByRole('button', { name: 'Slow the feeds down' }).click();
  await slow.getByText('asked', { exact: true }).waitFor();
  await vi.waitFor(
    async () =>
      expect(await asked()).toMatchObject([
        { subject: 'chaos/slow-feed', data: { kind: 'slow-feed', on: true } },
      ]),
    20_000,
  );
  await world.send(fact('chaosbegan', { kind: 'slow-feed', said: 'each answer takes 8 s' }));
  await slow.getByText('running', { exact: true }).waitFor();
  await slow.getByText('each answer takes 8 s').waitFor();
  await expect.poll(() => faults(page)).toEqual([]);
  await slow.getByRole('button', { name: 'Let them answer' }).click();
  await slow.getByText('its end is asked for').waitFor();
  expect(await slow.getByRole('button', { name: 'Let them answer' }).isDisabled()).toBe(true);
  await world.send(fact('chaosended', { kind: 'slow-feed', said: 'they answer at once' }));
  await slow.getByText('over', { exact: true }).waitFor();
  await slow.getByRole('button', { name: 'Slow the feeds down' }).waitFor();

  // What happens once can not be ended, and what could not be done says why.
  const poison = chaos(page, 'Poison job');
  await poison.getByRole('button', { name: 'Send a poison job' }).click();
  await poison.getByText('asked', { exact: true }).waitFor();
  expect(await poison.getByRole('button').isDisabled()).toBe(true);
  await world.send(fact('chaosfailed', { kind: 'poison-job', said: 'the feeds do not answer' }));
  await poison.getByText('could not be done').waitFor();
  await poison.getByText('the feeds do not answer').waitFor();
  await page
    .getByRole('list', { name: 'Story' })
    .getByText(/each answer takes 8 s/)
    .waitFor();
});

test('who may only look sees why nothing can be broken', async () => {
  const viewer = { name: 'vera', password: 'nothing to break here' };
  await world.ask('POST', '/api/v1/users', { ...viewer, role: 'viewer' });
  const page = await world.stranger();
  await page.goto('/demo');
  await page.getByLabel('Name').fill(viewer.name);
  await page.getByLabel('Password').fill(viewer.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const button = chaos(page, 'Full disk').getByRole('button');
  await button.waitFor();
  expect(await button.isDisabled()).toBe(true);
  expect(await button.getAttribute('title')).toMatch(/may look only/);
});

test('three architectures: what they told, drawn to one scale; what nobody can tell is no 0', async () => {
  await world.historyHas('name = "newsroom.items.lost"', 3);
  const page = await after('/demo', 'closed 0', { width: 768 });
  const one = (title: string) =>
    page.getByRole('list', { name: 'Architectures' }).getByRole('listitem', { name: title });
  const big = one('One big program');
  await big.getByText('31 done; of how many, nobody can tell').waitFor();
  await big.getByText('9 clips, for good').waitFor();
  await big.getByText('new clips only').waitFor();
  expect(await big.getByRole('term').filter({ hasText: 'waiting' }).count()).toBe(1);
  expect(await big.getByRole('definition').allTextContents()).toEqual(['–', '–', '9', '0', '1']);
  const processes = one('Processes with a persistent queue');
  await processes.getByText('33 done of 40 clips').waitFor();
  expect(await processes.getByRole('definition').allTextContents()).toEqual([
    '4',
    '2',
    '1',
    '0',
    '0',
    '1',
  ]);
  await processes.getByText('nothing', { exact: true }).waitFor();
  await processes.getByText('everything', { exact: true }).waitFor();
  await one('Threads with a queue in memory').getByText('depth', { exact: true }).waitFor();
  const charts = page.getByRole('figure', { name: /taken in, done and lost over time/ });
  await expect.poll(() => charts.count()).toBe(3);
  expect(await faults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  // Each number leads to the event that it is from.
  await processes.getByRole('link', { name: /^told .*, its event$/ }).click();
  await page.getByRole('row').filter({ hasText: 'newsroom.architecture' }).first().waitFor();
});

test('a page that loses the server says how old it is; a company that stopped is said to have', async () => {
  const page = await after('/demo', 'open 10');
  await bar(page).waitFor();
  await page.route('**/api/v1/demo', (route) => route.abort());
  await page.getByText('Stale.').waitFor({ timeout: 60_000 });
  await page.unroute('**/api/v1/demo');
  await page.getByText('Stale.').waitFor({ state: 'detached' });
  clearInterval(beating);
  await world.send(fact('stopped', {}));
  await page.getByText('The company does not live now.').waitFor();
  await bar(page).waitFor({ state: 'detached' });
  await places(page).getByRole('link', { name: 'Newsroom' }).waitFor({ state: 'detached' });
  const button = chaos(page, 'Killed encoder').getByRole('button');
  expect(await button.isDisabled()).toBe(true);
  await page.getByText('search: one query').waitFor();
  await expect.poll(() => faults(page)).toEqual([]);
});
