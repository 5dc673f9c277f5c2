import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faults, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
let token = '';

beforeAll(async () => {
  await world.start();
  const made = await world.ask<{ secret: string }>('POST', '/api/v1/tokens', {
    name: 'wall',
    scope: { may: 'read' },
  });
  token = made.secret;
}, 180_000);
afterAll(() => world.stop());

const run = (repository: string, id: number, what: string, outcome = '') => ({
  id: `${repository}-${id}-${what}`,
  source: `https://ci.example.org/${repository}`,
  type: `dev.cdevents.pipelinerun.${what}.0.3.0`,
  subject: `pipelinerun/${repository}-${id}`,
  attributes: {
    'cicd.pipeline.name': 'ci',
    'cicd.pipeline.result': outcome,
    'vcs.repository.url.full': `https://git.example.org/acme/${repository}.git`,
    'vcs.ref.head.name': 'main',
  },
});

/** A screen of 1080 lines that nobody signed in on. */
async function board(more = ''): Promise<Page> {
  const page = await world.stranger();
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`/wall/builds${more}#token=${token}`);
  return page;
}
const tile = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name });

test('where nothing was told, it says what to do and nothing is green', async () => {
  const page = await board();
  await page.getByText('No build was told of yet').waitFor();
  expect(await page.getByText('green').count()).toBe(0);
});

test('a build that turns red is at the top, large, and stays so while it is built again', async () => {
  await world.send(
    run('shop', 1, 'finished', 'success'),
    run('search', 1, 'finished', 'success'),
    run('mail', 1, 'started'),
  );
  const page = await board();
  await page.getByText('nothing is red').waitFor();
  await tile(page, 'mail').getByText('no result yet').waitFor({ state: 'attached' });
  await world.send(run('shop', 2, 'finished', 'failure'), run('shop', 3, 'started'));
  const red = page.getByRole('list', { name: 'Red builds' }).getByRole('listitem');
  await red.getByText('red for').waitFor();
  await red.getByText('building for').waitFor();
  const size = await page.evaluate<number>(
    "parseFloat(getComputedStyle(document.querySelector('.builds-red .builds-title')).fontSize)",
  );
  expect(size).toBeGreaterThanOrEqual(72);
  expect(await faults(page)).toEqual([]);
  await world.send(run('shop', 3, 'finished', 'success'));
  await page.getByText('nothing is red').waitFor();
});

/** Counts the tones that a page makes, whether or not the browser lets it be heard. */
const countTones = `
  globalThis.tones = 0;
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    globalThis.tones++;
    return make.call(this);
  };
`;

test('a siren sounds when a build turns red, where the address wishes for it', async () => {
  await world.send(run('search', 2, 'finished', 'success'));
  const [loud, quiet] = [await world.stranger(), await world.stranger()];
  for (const [page, more] of [
    [loud, '?sound=on'],
    [quiet, ''],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- two
    await page.addInitScript(countTones);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await page.goto(`/wall/builds${more}#token=${token}`);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await page.getByText('nothing is red').waitFor();
  }
  const tones = (page: Page): Promise<number> => page.evaluate<number>('tones');
  // A browser may ask for a click before it lets a page be heard; the click makes it sound once.
  await loud.mouse.click(500, 500);
  await expect.poll(() => tones(loud), { timeout: 20_000 }).toBe(4);
  await world.send(run('search', 3, 'finished', 'failure'));
  await loud.getByRole('list', { name: 'Red builds' }).waitFor();
  await expect.poll(() => tones(loud), { timeout: 20_000 }).toBe(8);
  await expect
    .poll(() => loud.getByText(/click once for sound/).count(), { timeout: 20_000 })
    .toBe(0);
  await quiet.getByRole('list', { name: 'Red builds' }).waitFor();
  expect(await tones(quiet)).toBe(0);
});

test('a token that is not valid is told of, and nothing else is shown', async () => {
  const page = await world.stranger();
  await page.goto('/wall/builds#token=tty_wrong');
  await page.getByText('The token of this wallboard is not valid').waitFor();
  expect(await page.getByText('/wall/builds#token=').count()).toBe(1);
  expect(await page.getByText('nothing is red').count()).toBe(0);
});
