import { expect, test } from 'vitest';
import type {
  Deploy,
  Deploys,
  Environment,
  Environments,
  Plan,
  Queue,
} from '../api/contract-deploys.ts';
import { eventually, startShop } from './deploys.suite.ts';

const shop = { app: 'shop', environment: 'staging' };

interface Problem {
  readonly code: string;
  readonly deploy?: string;
  readonly gates?: readonly { readonly rule: string; readonly reason: string }[];
}

test('a deploy is asked for, carried out by a runner, and is over', async () => {
  const { person, runner } = await startShop();
  const ada = await person('ada');
  const box = await runner('box', 'staging');
  const waits = box.lease();
  const asked = await ada.ask<Deploy>('POST', '/api/v1/deploys', { ...shop, version: 'v1' });
  expect(asked).toMatchObject({ status: 201, body: { ...shop, version: 'v1', kind: 'deploy' } });
  const order = await waits;
  expect(order).toMatchObject({ id: asked.body.id, ...shop, version: 'v1', by: 'ada' });
  if (!order) return;
  expect(order.digest).toMatch(/^sha256:/);
  expect(order.limits).toEqual({ total: 1_800, silence: 180 });
  const started = Date.now();
  const stages = [
    { stage: 'fetching', state: 'done', started, ended: started + 5, text: null },
    { stage: 'starting-new', state: 'running', started: started + 5, ended: null, text: null },
  ] as const;
  const log = { offset: 0, text: 'fetched\nstarting\n' };
  const smoke = [{ scenario: 'a visitor pays', state: 'passed', seconds: 1, text: null }] as const;
  const heard = await box.progress(order, { stages: [...stages], smoke: [...smoke], log });
  expect(heard).toMatchObject({ status: 200, body: { logNext: 17, cancel: null, bad: null } });
  const path = `/api/v1/deploys/${order.id}`;
  expect((await ada.ask<Deploy>('GET', path)).body).toMatchObject({
    state: 'running',
    stage: 'starting-new',
    runner: 'box',
    token: order.token,
    logBytes: 17,
    stages,
    smoke,
  });
  expect((await box.end(order, 'succeeded', { serves: 'v1' })).status).toBe(200);
  // The same said again is answered as the first time.
  expect((await box.end(order, 'succeeded', { serves: 'v1' })).status).toBe(200);
  const { body } = await ada.ask<Deploys>('GET', '/api/v1/deploys?app=shop');
  expect(body.deploys).toMatchObject([{ id: order.id, state: 'succeeded', position: null }]);
  const where = await ada.ask('GET', '/api/v1/releases/where?app=shop');
  expect(where.body).toMatchObject({ lanes: [{ version: 'v1', now: { actor: 'ada' } }] });
  const piece = await ada.ask('GET', `${path}/log?offset=8`);
  expect(piece.body).toEqual({ offset: 8, next: 17, text: 'starting\n', ended: true });
});

test('a refusal names the gates, and is on the log', async () => {
  const { person, server } = await startShop();
  const ada = await person('ada');
  const asked = await ada.ask<Problem>('POST', '/api/v1/deploys', { ...shop, version: 'v9' });
  expect(asked).toMatchObject({
    status: 409,
    body: { code: 'TERR_DEPLOYS_REFUSED', gates: [{ rule: 'artefact', word: 'refuses' }] },
  });
  const refused = await ada.ask<Deploy>('GET', `/api/v1/deploys/${asked.body.deploy}`);
  expect(refused.body).toMatchObject({ state: 'refused', waiting: [{ rule: 'artefact' }] });
  const freeze = { environment: 'staging', reason: 'the sale' };
  const bea = await person('bea', 'gatekeeper');
  expect((await bea.ask('POST', '/api/v1/releases/freezes', freeze)).status).toBe(201);
  const again = await ada.ask<Problem>('POST', '/api/v1/deploys', { ...shop, version: 'v1' });
  expect(again.body.gates).toMatchObject([
    { rule: 'freeze', reason: 'staging is frozen: the sale' },
  ]);
  const itself = await server.askJson('/api/v1/itself');
  expect(JSON.stringify(itself)).toContain('deploys that wait');
});

test('windows that a release brings along hold, and are broken through with a reason', async () => {
  // There is no such day but every four years.
  const more = 'windows: [{allow: "0 0 29 2 * for 1m"}]\n';
  const { person } = await startShop(['v1'], { more });
  const [ada, bea] = [await person('ada'), await person('bea', 'gatekeeper')];
  const wanted = { ...shop, version: 'v1' };
  const refused = await ada.ask<Problem>('POST', '/api/v1/deploys', wanted);
  expect(refused.body.gates).toMatchObject([{ rule: 'window' }]);
  const breakGlass = 'the shop is down';
  const asked = await bea.ask<Deploy>('POST', '/api/v1/deploys', { ...wanted, breakGlass });
  expect(asked).toMatchObject({
    status: 201,
    body: { broken: { by: 'bea', reason: breakGlass, rules: ['window'] } },
  });
});

test('what waits goes as soon as what held it is gone', async () => {
  const { person, runner } = await startShop();
  const [ada, bea] = [await person('ada'), await person('bea', 'gatekeeper')];
  const box = await runner('box', 'staging');
  const freeze = { environment: 'staging', reason: 'the sale' };
  const frozen = await bea.ask<{ id: string }>('POST', '/api/v1/releases/freezes', freeze);
  const wanted = { ...shop, version: 'v1', wait: true };
  const asked = await ada.ask<Deploy>('POST', '/api/v1/deploys', wanted);
  expect(asked).toMatchObject({ status: 201, body: { state: 'waiting' } });
  expect(asked.body.waiting).toMatchObject([{ rule: 'freeze', word: 'waits' }, { rule: 'lane' }]);
  const waits = box.lease();
  await bea.ask('DELETE', `/api/v1/releases/freezes/${frozen.body.id}`);
  expect(await waits).toMatchObject({ version: 'v1' });
});

test('a gate that ends by itself lets go at that moment', async () => {
  const { person, runner } = await startShop();
  const bea = await person('bea', 'gatekeeper');
  const box = await runner('box', 'staging');
  const until = Date.now() + 1_200;
  await bea.ask('POST', '/api/v1/releases/freezes', {
    environment: 'staging',
    reason: 'a moment',
    until,
  });
  const cy = await person('cy');
  await cy.ask('POST', '/api/v1/deploys', { ...shop, version: 'v1', wait: true });
  expect(await box.lease()).toMatchObject({ version: 'v1' });
  expect(Date.now()).toBeGreaterThanOrEqual(until);
});

test('approvals come from gatekeepers other than the one who asks', async () => {
  const { person, runner } = await startShop();
  const [ada, bea] = [await person('ada', 'gatekeeper'), await person('bea', 'gatekeeper')];
  const cy = await person('cy');
  const policy = await ada.ask<Environment>('PATCH', '/api/v1/deploys/environments/staging', {
    approvals: 1,
  });
  expect(policy).toMatchObject({ status: 200, body: { approvals: 1, declared: true } });
  expect((await cy.ask('PATCH', '/api/v1/deploys/environments/staging', {})).status).toBe(403);
  const asked = await ada.ask<Deploy>('POST', '/api/v1/deploys', { ...shop, version: 'v1' });
  const path = `/api/v1/deploys/${asked.body.id}/approve`;
  expect(await ada.ask('POST', path, {})).toMatchObject({ status: 403 });
  expect(await cy.ask('POST', path, {})).toMatchObject({ status: 403 });
  expect(await bea.ask('POST', path, {})).toMatchObject({
    status: 200,
    body: { state: 'queued', approvals: [{ by: 'bea' }] },
  });
  const box = await runner('box', 'staging');
  expect(await box.lease()).toMatchObject({ id: asked.body.id });
  expect((await cy.ask('DELETE', '/api/v1/deploys/environments/staging')).status).toBe(403);
  expect((await bea.ask('DELETE', '/api/v1/deploys/environments/staging')).status).toBe(204);
  const all = await cy.ask<Environments>('GET', '/api/v1/deploys/environments');
  expect(all.body.environments).toMatchObject([{ name: 'staging', declared: false, approvals: 0 }]);
});

test('authors whose commits go out too are asked, and waited for', async () => {
  const { person, runner } = await startShop();
  const [ada, cy] = [await person('ada'), await person('cy')];
  const bea = await person('bea', 'gatekeeper');
  const policy = { acknowledgements: 'require' };
  await bea.ask('PATCH', '/api/v1/deploys/environments/staging', policy);
  const box = await runner('box', 'staging');
  await cy.ask('POST', '/api/v1/deploys', { ...shop, version: 'v1' });
  const first = await box.lease();
  if (first) await box.end(first, 'succeeded', { serves: 'v1' });
  const asked = await cy.ask<Deploy>('POST', '/api/v1/deploys', { ...shop, version: 'v2' });
  expect(asked.body).toMatchObject({
    state: 'waiting',
    previous: 'v1',
    level: 'code',
    acknowledgements: [{ author: 'Ada', commits: 1, state: 'silent' }],
  });
  const path = `/api/v1/deploys/${asked.body.id}`;
  const objected = await ada.ask<Deploy>('POST', `${path}/object`, { text: 'not before noon' });
  expect(objected.body).toMatchObject({
    waiting: [{ rule: 'acknowledgement', by: 'ada' }],
    acknowledgements: [{ author: 'Ada', state: 'objected', text: 'not before noon' }],
  });
  expect((await ada.ask('POST', `${path}/acknowledge`, {})).status).toBe(200);
  expect(await box.lease()).toMatchObject({ version: 'v2', previous: { version: 'v1' } });
});

test('whoever cancels stops what waits, and asks what runs to stop', async () => {
  const { person, runner } = await startShop();
  const ada = await person('ada');
  const box = await runner('box', 'staging');
  const ask = async (version: string) =>
    (await ada.ask<Deploy>('POST', '/api/v1/deploys', { ...shop, version })).body;
  const first = await ask('v1');
  const order = await box.lease();
  if (!order) throw new Error('nothing to do');
  const second = await ask('v2');
  const stopped = await ada.ask<Deploy>('POST', `/api/v1/deploys/${second.id}/cancel`, {});
  expect(stopped.body).toMatchObject({ state: 'cancelled', reason: 'ada cancelled it' });
  const text = { text: 'wrong one' };
  const asked = await ada.ask<Deploy>('POST', `/api/v1/deploys/${first.id}/cancel`, text);
  expect(asked.body.state).toBe('running');
  expect((await box.progress(order)).body.cancel).toBe('ada cancelled it: wrong one');
  const ended = await box.end(order, 'cancelled', { reason: 'the old version serves' });
  expect(ended.body).toMatchObject({ state: 'cancelled', reason: 'the old version serves' });
});

test('a plan says what would happen, and nothing happens', async () => {
  const { person } = await startShop();
  const ada = await person('ada');
  const plan = await ada.ask<Plan>('POST', '/api/v1/deploys/plan', { ...shop, version: 'v2' });
  expect(plan).toMatchObject({
    status: 200,
    body: { ...shop, may: 'later', position: 1, previous: null, reversible: { value: true } },
  });
  expect(plan.body.gates.map(({ rule }) => rule)).toContain('approval');
  expect((await ada.ask<Deploys>('GET', '/api/v1/deploys')).body.deploys).toEqual([]);
});

test('a reserved time holds others, and is in the queue and the calendar', async () => {
  const { person } = await startShop();
  const [ada, cy] = [await person('ada'), await person('cy')];
  const reserve = { ...shop, from: Date.now() - 1_000, minutes: 30, reason: 'a big one' };
  const made = await ada.ask<{ id: string }>('POST', '/api/v1/deploys/reservations', reserve);
  expect(made).toMatchObject({ status: 201, body: { by: 'ada', ended: false } });
  const asked = await cy.ask<Deploy>('POST', '/api/v1/deploys', { ...shop, version: 'v1' });
  expect(asked.body.waiting[0]).toMatchObject({ rule: 'reservation', by: 'ada' });
  const queue = await cy.ask<Queue>('GET', '/api/v1/deploys/queue');
  expect(queue.body.environments).toMatchObject([
    { environment: 'staging', waiting: [{ position: 1 }], reservations: [{ by: 'ada' }] },
  ]);
  const calendar = await cy.ask<{ entries: unknown[] }>('GET', '/api/v1/releases/calendar');
  expect(calendar.body.entries).toMatchObject([{ kind: 'reserved' }, { kind: 'queued' }]);
  const path = `/api/v1/deploys/reservations/${made.body.id}`;
  expect((await cy.ask('DELETE', path)).status).toBe(403);
  expect(await ada.ask('DELETE', path)).toMatchObject({ status: 200, body: { ended: true } });
  const now = () => cy.ask<Deploy>('GET', `/api/v1/deploys/${asked.body.id}`);
  const free = await eventually(now, ({ body }) => body.state === 'queued');
  expect(free.body.state).toBe('queued');
});
