import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { facts, sha, story } from '../../src/rooms/thread/thread.suite.ts';
import type { Thread } from '../../src/server/api/contract-thread.ts';
import { faults, overflow, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
const ago = Date.now() - 3_600_000;
const sent = facts(story)
  .filter(({ type }) => !type.includes('alert'))
  .map((fact, at) => ({
    ...fact,
    time: ago + at * 60_000,
    stream: undefined,
    offset: undefined,
    received: undefined,
  }));
const tag = (repository: string) => ({
  type: 'dev.cdeventsx.territory-tag.created.0.1.0',
  id: `tag/${repository}`,
  attributes: { 'vcs.repository.url.full': `https://github.com/acme/${repository}` },
  data: { tag: 'v1.2', title: `Of ${repository}` },
});

beforeAll(async () => {
  await world.start();
  await world.send(...sent.toReversed(), tag('apples'), tag('beer'));
  await world.historyHas('type =~ "dev.cdevents%"', sent.length + 2);
}, 180_000);
afterAll(() => world.stop());

test('the drawer of an event shows its thread, which leads to the other events and a page', async () => {
  const response = await fetch(`${world.url}/api/v1/thread?of=9000000001`, {
    headers: { authorization: `Bearer ${world.token}` },
  });
  const { things } = (await response.json()) as Thread; // the server's own schema made it
  const made = things.find(({ kind }) => kind === 'artifact')?.first?.offset;
  const page = await world.open(`/stream?stream=facts&event=facts-${made}`);
  const thread = page.getByRole('region', { name: 'Thread' });
  await thread.getByText('INC-42').first().waitFor();
  await thread.locator('[aria-current="true"]').getByText('artefact').waitFor();
  expect(await faults(page)).toEqual([]);
  await thread.getByRole('link', { name: 'produced', exact: true }).click();
  await page.getByText('events from history').first().waitFor();
  await page
    .getByRole('region', { name: 'Thread' })
    .getByRole('link', { name: 'As a page' })
    .click();
  await page.getByRole('heading', { name: 'Thread', level: 1 }).waitFor();
});

test.each([
  ['light and wide', {}],
  ['dark and narrow', { dark: true, width: 360 }],
])('by keyboard a commit is followed to the incident, %s', async (_, look) => {
  const page = await world.open('/thread', look);
  await page.getByRole('heading', { name: /^Follow a change/ }).waitFor();
  await page.getByRole('searchbox', { name: 'What to follow' }).focus();
  await page.keyboard.type(sha('b').slice(0, 8));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `commit ${sha('b')}` }).waitFor();
  await page.getByText('shop to production').waitFor();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  expect(await faults(page)).toEqual([]);
  await page.getByRole('link', { name: 'INC-42' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'incident INC-42' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: `commit ${sha('b')}` }).waitFor();
});

test('what is not clear is chosen, and what nobody named is said', async () => {
  const page = await world.open('/thread?of=v1.2');
  await page.getByText('This may mean 2 things').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('link', { name: 'github.com/acme/beer@v1.2' }).click();
  await page.getByText('No other fact hangs together with it so far').waitFor();
  await page.goto('/thread?of=INC-421');
  await page.getByText('Did you mean incident/INC-42?').waitFor();
  expect(await faults(page)).toEqual([]);
});
