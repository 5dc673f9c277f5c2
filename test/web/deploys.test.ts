import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { buildRelease } from '../../src/release/build.ts';
import { scratchRepository } from '../../src/release/shop.suite.ts';
import type { Deploy, DeployStage, Order } from '../../src/server/api/contract-deploys.ts';
import { Runner } from '../../src/server/deploys/deploys.suite.ts';
import { Cable } from './cable.ts';
import { faults, World } from './world.ts';

// Seconds each on an idle machine; a loaded one may take its time.
vi.setConfig({ testTimeout: 120_000 });
const world = new World();
let runner: Runner;

/** One who asks by a token of their own. */
async function personNamed(name: string, may: string): Promise<Runner['ask']> {
  const { secret } = await world.ask<{ secret: string }>('POST', '/api/v1/tokens', {
    name,
    scope: { may },
  });
  return async <T>(method: string, path: string, body?: unknown) => {
    const response = await fetch(world.url + path, {
      method,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  };
}

async function build(tags: readonly string[]): Promise<void> {
  const repository = scratchRepository();
  for (const tag of tags) {
    const files = { 'territory.yaml': 'app: shop\ntype: bare\n', 'a.txt': `${tag}\n` };
    repository.commit(`For ${tag}`, files);
    repository.git('tag', tag);
    // oxlint-disable-next-line no-await-in-loop -- one behind the other, as people release
    await buildRelease({
      path: repository.path,
      tag,
      store: join(world.dir, 'data/artefacts'),
      signal: new AbortController().signal,
      again: false,
      env: process.env,
      now: Date.now,
      onOutput: () => undefined,
    });
  }
}

beforeAll(async () => {
  await world.start();
  await build(['v1', 'v2', 'v3']);
  const asRunner = await personNamed('host-1', 'runner');
  runner = new Runner(asRunner, 'host-1', ['staging', 'production']);
  await world.ask('PATCH', '/api/v1/deploys/environments/production', { approvals: 1 });
}, 180_000);
afterAll(() => world.stop());

const ask = (version: string, environment: string): Promise<Deploy> =>
  world.ask('POST', '/api/v1/deploys', { app: 'shop', version, environment });

const stage = (name: DeployStage['stage'], state: DeployStage['state']): DeployStage => ({
  stage: name,
  state,
  started: Date.now() - 1000,
  ended: state === 'running' ? null : Date.now(),
  text: null,
});

async function taken(): Promise<Order> {
  const order = await runner.lease();
  if (!order) throw new Error('there was nothing to do');
  return order;
}

const stageRow = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Stages' }).getByRole('listitem').filter({ hasText: name });

test('who deploys watches it: stages, smoke and log as they come, and how it ended', async () => {
  const { id } = await ask('v1', 'staging');
  const page = await world.open(`/deploys/${id}`);
  await page.getByRole('heading', { name: 'shop v1 to staging' }).waitFor();
  const order = await taken();
  const log = { offset: 0, text: 'fetching v1\n' };
  await runner.progress(order, { stages: [stage('fetching', 'running')], log });
  await stageRow(page, 'Fetch the artefact').getByText('now', { exact: true }).waitFor();
  await page.getByText('fetching v1').waitFor();
  await stageRow(page, 'Watch').getByText('to come').waitFor();
  const smoke = [
    { scenario: 'Somebody buys', state: 'failed', seconds: 0.2, text: 'expected 200, got 502' },
  ] as const;
  await runner.progress(order, { smoke: [...smoke] });
  await page.getByText('expected 200, got 502').waitFor();
  await runner.end(order, 'failed', { stage: 'checking-new', reason: 'Somebody buys: got 502' });
  await page.getByRole('alert').getByText('Somebody buys: got 502').waitFor();
  expect(await page.getByText('to come').count()).toBe(0);
  expect(await faults(page)).toEqual([]);
});

test('it is cancelled by a click and a word, and the runner is told', async () => {
  const { id } = await ask('v1', 'staging');
  const order = await taken();
  const page = await world.open(`/deploys/${id}`);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('textbox', { name: /^Why/ }).fill('wrong version');
  await page.getByRole('button', { name: 'Cancel the deploy' }).click();
  await expect
    .poll(async () => (await runner.progress(order)).body.cancel, { timeout: 20_000 })
    .toContain('wrong version');
  await runner.end(order, 'cancelled');
  await page.getByText('cancelled', { exact: true }).waitFor();
});

test('a page that loses the server says so, and goes on where it was', async () => {
  const { id } = await ask('v2', 'staging');
  const order = await taken();
  const cable = new Cable(Number(new URL(world.url).port));
  onTestFinished(() => cable.remove());
  const page = await world.open(`/deploys/${id}`, { port: await cable.lay() });
  await runner.progress(order, { log: { offset: 0, text: 'first line\n' } });
  await page.getByText('first line').waitFor();
  cable.cut();
  await page.getByText('Not followed any more').waitFor();
  const more = { offset: 11, text: 'second line\n' };
  await runner.progress(order, { stages: [stage('watching', 'running')], log: more });
  cable.mend();
  await page.getByText('second line').waitFor();
  await page.getByText('Not followed any more').waitFor({ state: 'detached' });
  expect(await page.locator('pre').innerText()).toBe('first line\nsecond line\n');
  await runner.end(order, 'succeeded', { serves: 'v2' });
  await page.getByText('done', { exact: true }).first().waitFor();
});

test('asking shows the gates before, and the deploy after; approving takes another person', async () => {
  const page = await world.open('/deploys/ask?app=shop&version=v2&to=production');
  await page.getByText('It would wait.').waitFor();
  const gates = page.getByRole('list', { name: 'Gates' }).getByRole('listitem');
  expect(await gates.count()).toBeGreaterThan(10);
  await gates.filter({ hasText: 'approval' }).getByText('waits', { exact: true }).waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Deploy v2 to production' }).click();
  await page.waitForURL(/\/deploys\/\w+$/);
  await page.getByRole('list', { name: 'Why it waits' }).getByText('approval').waitFor();
  const id = page.url().split('/').at(-1) ?? '';
  await page.getByRole('button', { name: 'Approve…' }).click();
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  // Nobody approves what they asked for; the server says so.
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Leave it' }).click();
  const gatekeeper = await personNamed('gwen', 'gatekeeper');
  await gatekeeper('POST', `/api/v1/deploys/${id}/approve`, { text: 'looks fine' });
  await page.getByText(/^Approved by gwen/).waitFor();
});

test('the queue has each environment, reserves in two clicks, and the calendar shows it', async () => {
  const page = await world.open('/deploys', { width: 390, dark: true });
  const production = page.getByRole('region', { name: 'production', exact: true });
  await production.getByText('shop v2').waitFor();
  await production.getByText('Reserve a time').click();
  const slots = production.getByRole('group', { name: 'Free half hours' });
  await slots.getByRole('button').last().click();
  await production.getByRole('group', { name: 'For which' }).getByRole('button').click();
  await production.getByText(`kept for shop by admin`).waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('link', { name: 'Calendar' }).click();
  await page.getByText('Reserved: shop@production').waitFor();
  await page.getByText(/^Queued: shop v2/).waitFor();
  expect(await faults(page)).toEqual([]);
});
