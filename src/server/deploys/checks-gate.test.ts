import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runHere } from '../../cli/running.suite.ts';
import type { CheckVerdict } from '../api/contract-checks.ts';
import type { Deploy, GateWord, Plan } from '../api/contract-deploys.ts';
import { dataDir } from '../compose/running.suite.ts';
import { type Runner, type Shop, eventually, startShop } from './deploys.suite.ts';

/** What the shop in staging answers. */
async function site() {
  const answers = { status: 200 };
  const web = createServer((_, response) => {
    response.statusCode = answers.status;
    response.end('The shop');
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    web.closeAllConnections();
    web.close();
  });
  return { answers, base: `http://127.0.0.1:${(web.address() as AddressInfo).port}` };
}

const feature = `@app(shop)
Feature: The shop
  @gate @every(1s)
  Scenario: the home page
    Given I am benchmarking
    When I visit "/"
    Then I should get a 200 status code
    And the elapsed time should be less than 20 seconds
`;

/** A server with a check that runs each second in staging, and production behind it. */
async function shopWithGate(base: string): Promise<Shop> {
  const data = dataDir();
  const folder = join(data, 'checks');
  mkdirSync(folder, { recursive: true });
  const defaults = 'defaults: {attempts: 2, successes: 1, retry: 1s, boot-grace: 0s}\n';
  writeFileSync(
    join(folder, 'checks.yaml'),
    `environments:\n  staging: {base: "${base}"}\n${defaults}`,
  );
  writeFileSync(join(folder, 'shop.feature'), feature);
  return startShop(['v1', 'v2'], { data, flags: { 'checks.enabled': true } });
}

/** Deploys a version to staging until evidence bears it out; `onSwitch` when it begins to serve. */
async function bring(
  shop: Shop,
  box: Runner,
  { version, onSwitch }: { readonly version: string; readonly onSwitch?: () => void },
): Promise<void> {
  const lane = { app: 'shop', environment: 'staging' };
  const ada = await shop.person('ada');
  expect(await ada.ask('POST', '/api/v1/deploys', { ...lane, version })).toMatchObject({
    status: 201,
  });
  const order = await box.lease();
  if (!order) throw new Error('nothing to do');
  expect(order.version).toBe(version);
  onSwitch?.();
  await box.end(order, 'succeeded', { serves: version });
  const attributes = { 'service.version': version, 'service.instance.id': 'one' };
  const event = { type: 'metric', name: 'up', service: 'shop', environment: 'staging' };
  await shop.server.send([{ ...event, attributes }]);
  const found = await eventually(
    () => ada.ask<Deploy>('GET', `/api/v1/deploys/${order.id}`),
    ({ body }) => body.verified !== null,
  );
  expect(found.body.verified).not.toBeNull();
}

test('production asks the checks of staging, and a bad release is in nobody’s way back', async () => {
  const { answers, base } = await site();
  const shop = await shopWithGate(base);
  const ada = await shop.person('ada');
  const bea = await shop.person('bea', 'gatekeeper');
  const box = await shop.runner('box', 'staging');
  const policy = '/api/v1/deploys/environments/production';
  const set = await bea.ask('PATCH', policy, { after: 'staging', checks: '@gate' });
  expect(set).toMatchObject({ status: 200, body: { after: 'staging', checks: '@gate' } });
  const env = { TERRITORY_URL: shop.server.url, TERRITORY_TOKEN: shop.server.token };
  const ask = (version: string, ...more: readonly string[]) =>
    runHere(['release', 'verdict', 'shop', version, '--in', 'staging', ...more], { env });
  const plan = (version: string) =>
    ada.ask<Plan>('POST', '/api/v1/deploys/plan', {
      app: 'shop',
      environment: 'production',
      version,
    });
  const checkOf = ({ body }: { readonly body: Plan }): GateWord | undefined =>
    body.gates.find(({ rule }) => rule === 'check');
  const says = async (version: string, word: GateWord['word']): Promise<string> => {
    const found = await eventually(
      () => plan(version),
      (one) => checkOf(one)?.word === word,
    );
    expect(checkOf(found)).toMatchObject({ word });
    return checkOf(found)?.reason ?? '';
  };

  await bring(shop, box, { version: 'v1' });
  expect(await says('v1', 'passes')).toBe('the home page passed with v1 in staging');

  const asked = await ask('v1', '--wait', '20');
  expect(asked).toMatchObject({ code: 0, err: '' });
  expect(asked.out).toMatch(/^pass, by runs since .*: the home page passed with v1 in staging\n/);
  expect(asked.out).toMatch(/elapsed +the home page +0\.\d+ s +20 s/);

  await bring(shop, box, { version: 'v2', onSwitch: () => (answers.status = 500) });
  expect(await says('v2', 'refuses')).toMatch(
    /^1 of 1 check failed with v2 in staging: the home page: /,
  );
  const verdict = await ada.ask<CheckVerdict>(
    'GET',
    '/api/v1/checks/verdict?application=shop&environment=staging&version=v2',
  );
  expect(verdict.body).toMatchObject({ verdict: 'fail', isRecorded: false });
  expect(verdict.body.missing[0]).toContain('failed with v2 in staging');

  // What was kept of v1 counts, though every run is red now.
  expect(await says('v1', 'passes')).toContain(
    'the home page passed with v1 in staging (as it was ',
  );
  expect(await ask('v2')).toMatchObject({ code: 2 });
  expect(await ask('v9')).toMatchObject({ code: 4 });
  expect(await ask('v1', '--tag', '@nothing')).toMatchObject({ code: 2 });
  const kept = await eventually(
    () =>
      ada.ask<CheckVerdict>(
        'GET',
        '/api/v1/checks/verdict?application=shop&environment=staging&version=v1',
      ),
    ({ body }) => body.budgets.length > 0,
  );
  expect(kept.body).toMatchObject({
    verdict: 'pass',
    isRecorded: true,
    budgets: [{ label: 'elapsed', unit: 's', critical: 20 }],
  });
  // And in staging, where v2 made the alert, the way back is open.
  const lane = { app: 'shop', environment: 'staging' };
  await eventually(
    () => ada.ask<Plan>('POST', '/api/v1/deploys/plan', { ...lane, version: 'v2' }),
    (one) => checkOf(one)?.word === 'refuses',
  );
  const back = await ada.ask<Deploy>('POST', '/api/v1/deploys/rollback', lane);
  expect(back).toMatchObject({ status: 201, body: { kind: 'rollback', version: 'v1' } });
  expect(await box.lease()).toMatchObject({ kind: 'rollback', version: 'v1' });

  // A tag that selects nothing is no open gate.
  await bea.ask('PATCH', policy, { checks: '@smoke' });
  expect(await says('v1', 'refuses')).toBe(
    'nothing checks v1: no check has @smoke of shop in staging',
  );
}, 60_000);
