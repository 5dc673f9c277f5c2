import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeDrafts } from '../../event/codec.ts';
import { openLmdbLog } from '../../log/lmdb/lmdb-log.ts';
import { alertsSource } from '../../rooms/alerts/facts.ts';
import { Play, start } from '../../rooms/alerts/play.suite.ts';
import type { Deploy, Deploys, Plan } from '../api/contract-deploys.ts';
import { dataDir } from '../compose/running.suite.ts';
import { type Person, type Runner, type Shop, eventually, startShop } from './deploys.suite.ts';

const lane = { app: 'shop', environment: 'staging' };

/** What an instance of the shop would report of itself. */
async function reports({ server }: Shop, version: string): Promise<void> {
  const attributes = { 'service.version': version, 'service.instance.id': 'one' };
  const event = { type: 'metric', name: 'up', service: 'shop', environment: 'staging' };
  expect((await server.send([{ ...event, attributes }])).status).toBe(200);
}

/** Deploys a version and waits until evidence bears it out. */
async function verified(shop: Shop, ada: Person, box: Runner, version: string): Promise<Deploy> {
  const asked = await ada.ask<Deploy>('POST', '/api/v1/deploys', { ...lane, version });
  expect(asked).toMatchObject({ status: 201 });
  const order = await box.lease();
  if (!order) throw new Error('nothing to do');
  await box.end(order, 'succeeded', { serves: version });
  await reports(shop, version);
  const path = `/api/v1/deploys/${order.id}`;
  const found = await eventually(
    () => ada.ask<Deploy>('GET', path),
    ({ body }) => body.verified !== null,
  );
  expect(found.body.verified).not.toBeNull();
  return found.body;
}

test('one goes back to what was verified there, and the lane is locked then', async () => {
  const shop = await startShop();
  const ada = await shop.person('ada');
  const cy = await shop.person('cy');
  const box = await shop.runner('box', 'staging');
  const nothing = await ada.ask('POST', '/api/v1/deploys/rollback', lane);
  expect(nothing).toMatchObject({ status: 409, body: { code: 'TERR_DEPLOYS_TARGET' } });
  await verified(shop, ada, box, 'v1');
  await ada.ask('POST', '/api/v1/deploys', { ...lane, version: 'v2' });
  const second = await box.lease();
  expect(second).toMatchObject({ version: 'v2', previous: { version: 'v1' } });
  if (second) await box.end(second, 'succeeded', { serves: 'v2' });
  // A freeze is in nobody's way back.
  const bea = await shop.person('bea', 'gatekeeper');
  await bea.ask('POST', '/api/v1/releases/freezes', { environment: 'staging', reason: 'the sale' });
  const never = { ...lane, to: 'v3' };
  expect(await cy.ask('POST', '/api/v1/deploys/rollback', never)).toMatchObject({ status: 409 });
  const plan = await ada.ask<Plan>('POST', '/api/v1/deploys/plan', { ...lane, version: 'v2' });
  expect(plan.body).toMatchObject({ may: 'refused', rollbackTo: 'v1', previous: 'v2' });
  const back = await ada.ask<Deploy>('POST', '/api/v1/deploys/rollback', lane);
  expect(back).toMatchObject({ status: 201, body: { kind: 'rollback', version: 'v1' } });
  const order = await box.lease();
  expect(order).toMatchObject({ kind: 'rollback', version: 'v1', previous: { version: 'v2' } });
  if (!order) return;
  const ended = await box.end(order, 'succeeded', { serves: 'v1' });
  expect(ended.body.reason).toMatch(/^shop@staging is locked until .* \(territory unlock /);
  const { body } = await cy.ask<{ locks: unknown[] }>('GET', '/api/v1/releases/locks');
  expect(body.locks).toMatchObject([
    { by: 'ada', reason: expect.stringContaining('rolled back from v2 to v1') as string },
  ]);
  const where = await cy.ask('GET', '/api/v1/releases/where?app=shop');
  expect(where.body).toMatchObject({ lanes: [{ version: 'v1', now: { state: 'rolledback' } }] });
}, 40_000);

/** A data directory in which an alert is open, from a minute from now on. */
async function withRed(): Promise<string> {
  const data = dataDir();
  mkdirSync(data, { recursive: true });
  const log = await openLmdbLog({ dir: join(data, 'log'), role: 'writer', now: Date.now });
  const play = new Play();
  const at = (Date.now() + 60_000 - start) / 1_000;
  const about = { service: 'shop', environment: 'staging', title: 'the shop is down' };
  play.decide(at, 'critical', { key: { service: 'shop' }, ...about });
  const { facts } = encodeDrafts(play.facts, alertsSource);
  if (facts) await log.append('facts', facts);
  await log.close();
  return data;
}

test('what is red is told while it is watched; what was rolled back locks the lane', async () => {
  const shop = await startShop(['v1', 'v2'], { data: await withRed() });
  const ada = await shop.person('ada', 'gatekeeper');
  const box = await shop.runner('box', 'staging');
  const wanted = { ...lane, version: 'v1' };
  const refused = await eventually(
    () => ada.ask('POST', '/api/v1/deploys/plan', wanted),
    ({ body }) => JSON.stringify(body).includes('is red in staging'),
  );
  expect(refused.body).toMatchObject({ may: 'refused' });
  const breakGlass = 'it is what repairs it';
  const asked = await ada.ask<Deploy>('POST', '/api/v1/deploys', { ...wanted, breakGlass });
  expect(asked.body.broken).toEqual({ by: 'ada', reason: breakGlass, rules: ['check'] });
  const order = await box.lease();
  if (!order) throw new Error('nothing to do');
  const started = Date.now();
  const stage = { state: 'running', started, ended: null, text: null } as const;
  const checking = { ...stage, stage: 'checking-new' as const };
  expect(await box.progress(order, { stages: [checking] })).toMatchObject({ body: { bad: null } });
  const watching = { ...stage, stage: 'watching' as const };
  const told = await box.progress(order, { stages: [watching] });
  expect(told.body.bad).toBe('the shop is down');
  const ended = await box.end(order, 'rolled-back', { stage: 'watching', reason: 'red' });
  expect(ended.body).toMatchObject({ state: 'rolled-back' });
  expect(ended.body.reason).toMatch(/^red; shop@staging is locked until /);
  const cy = await shop.person('cy');
  const again = await cy.ask('POST', '/api/v1/deploys', wanted);
  expect(again).toMatchObject({
    status: 409,
    body: { gates: [{ rule: 'lock', by: 'ada' }, { rule: 'check' }] },
  });
}, 40_000);

const promotes = `promote: {order: [staging, production], auto: [staging, production]}\n`;

test('what goes out by itself is asked for when it is there, and goes on when it is verified', async () => {
  const shop = await startShop(['v1'], { more: promotes });
  const bea = await shop.person('bea', 'gatekeeper');
  const published = { type: 'dev.cdevents.artifact.published.0.3.0', service: 'shop' };
  const attributes = { 'service.version': 'v1' };
  const id = 'pkg:generic/shop@v1';
  const data = { context: {}, subject: { id, content: {} } };
  await shop.server.send([{ ...published, subject: id, attributes, data }]);
  const box = await shop.runner('box', 'staging', 'production');
  const order = await box.lease();
  expect(order).toMatchObject({ environment: 'staging', version: 'v1', by: 'promotion' });
  if (!order) return;
  await box.end(order, 'succeeded', { serves: 'v1' });
  await reports(shop, 'v1');
  const next = await box.lease();
  expect(next).toMatchObject({ environment: 'production', version: 'v1', by: 'promotion' });
  const all = await bea.ask<Deploys>('GET', '/api/v1/deploys');
  expect(all.body.deploys.map(({ environment }) => environment)).toEqual(['production', 'staging']);
}, 40_000);
