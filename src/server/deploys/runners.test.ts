import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Order } from '../api/contract-deploys.ts';
import type { Deploy, Deploys, Lease } from '../api/contract-deploys.ts';
import { json } from '../compose/running.suite.ts';
import { type Person, type Runner, eventually, startShop } from './deploys.suite.ts';

const lane = { app: 'shop', environment: 'staging' };

async function leased(ada: Person, box: Runner, version = 'v1'): Promise<Order> {
  await ada.ask('POST', '/api/v1/deploys', { ...lane, version });
  const order = await box.lease();
  if (!order) throw new Error('nothing to do');
  return order;
}

test('200 deploys that 20 people ask for at once: none is lost, and never two in one lane', async () => {
  const { person, runner } = await startShop();
  const environments = Array.from({ length: 8 }, (_, i) => `place-${i}`);
  const names = Array.from({ length: 20 }, (_, i) => `person-${i}`);
  const people = await Promise.all(names.map((name) => person(name)));
  const boxes = await Promise.all(
    Array.from({ length: 6 }, (_, i) => runner(`box-${i}`, ...environments)),
  );
  const running = new Map<string, string>();
  const done: string[] = [];
  const together: string[] = [];
  const work = async (box: Runner): Promise<void> => {
    while (done.length < 200) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as a runner does
      const order = await box.lease();
      if (!order) continue;
      const other = running.get(order.environment);
      if (other !== undefined) together.push(`${other} and ${order.id} in ${order.environment}`);
      running.set(order.environment, order.id);
      // oxlint-disable-next-line no-await-in-loop -- in between others get their turn
      await box.progress(order, { log: { offset: 0, text: `${order.id}\n` } });
      running.delete(order.environment);
      // oxlint-disable-next-line no-await-in-loop -- the last word
      await box.end(order, 'succeeded', { serves: order.version });
      done.push(order.id);
    }
  };
  // Those that still wait for work at the end are cut off when the server stops.
  for (const box of boxes) void work(box).catch(() => undefined);
  const asked = await Promise.all(
    people.flatMap((one, i) =>
      Array.from({ length: 10 }, async (_, k) => {
        const environment = environments[(i + k) % environments.length];
        const wanted = { app: 'shop', version: k % 2 ? 'v1' : 'v2', environment };
        const { status, body } = await one.ask<Deploy>('POST', '/api/v1/deploys', wanted);
        return status === 201 ? body.id : `refused: ${JSON.stringify(body)}`;
      }),
    ),
  );
  await eventually(
    async () => done.length,
    (number) => number >= 200,
    100_000,
  );
  expect(together).toEqual([]);
  expect(done.toSorted()).toEqual(asked.toSorted());
  const [someone] = people;
  const known = await someone?.ask<Deploys>('GET', '/api/v1/deploys?limit=500');
  expect(new Set(known?.body.deploys.map(({ state }) => state))).toEqual(new Set(['succeeded']));
  expect(known?.body.deploys).toHaveLength(200);
}, 120_000);

test('a server that comes back knows what runs, and the runner goes on with its token', async () => {
  const shop = await startShop();
  const order = await leased(await shop.person('ada'), await shop.runner('box', 'staging'));
  const box = await shop.runner('box', 'staging');
  await box.progress(order, { log: { offset: 0, text: 'one\ntwo\n' } });
  const { person, runner } = await shop.restart();
  const again = await runner('box', 'staging');
  // What it had said already, and more.
  const told = await eventually(
    () => again.progress(order, { log: { offset: 4, text: 'two\nthree\n' } }),
    ({ status }) => status !== 503,
  );
  expect(told).toMatchObject({ status: 200, body: { logNext: 14 } });
  expect(
    (await again.end(order, 'failed', { stage: 'checking-new', reason: 'no answer' })).status,
  ).toBe(200);
  const ada = await person('ada');
  const { body } = await ada.ask<Deploy>('GET', `/api/v1/deploys/${order.id}`);
  expect(body).toMatchObject({ state: 'failed', reason: 'no answer', runner: 'box' });
  const piece = await ada.ask('GET', `/api/v1/deploys/${order.id}/log`);
  expect(piece.body).toMatchObject({ text: 'one\ntwo\nthree\n', ended: true });
  await ada.ask('POST', '/api/v1/deploys', { ...lane, version: 'v2' });
  expect(await again.lease()).toMatchObject({ version: 'v2' });
});

test('a runner that falls silent loses its lease, its lane is free, and it is heard no more', async () => {
  const { person, runner } = await startShop(['v1', 'v2'], {
    flags: { 'deploys.lostAfter': '1s' },
  });
  const ada = await person('ada');
  const box = await runner('box', 'staging');
  const order = await leased(ada, box);
  const path = `/api/v1/deploys/${order.id}`;
  const lost = await eventually(
    () => ada.ask<Deploy>('GET', path),
    ({ body }) => body.state !== 'running',
  );
  expect(lost.body).toMatchObject({ state: 'lost' });
  expect(lost.body.reason).toContain('its runner box was not heard for 1 s');
  const other = await runner('other', 'staging');
  const next = await leased(ada, other, 'v2');
  expect(next.token).toBeGreaterThan(order.token);
  const late = await box.progress(order, { log: { offset: 0, text: 'late\n' } });
  expect(late).toMatchObject({ status: 409, body: { code: 'TERR_DEPLOYS_FENCED' } });
  expect(await box.end(order, 'succeeded')).toMatchObject({ status: 409 });
  // Not with the token of the other either.
  expect(await box.end({ ...order, token: next.token }, 'succeeded')).toMatchObject({
    status: 409,
  });
  expect((await ada.ask('GET', `${path}/log`)).body).toMatchObject({ text: '', ended: true });
  expect(await other.end(next, 'succeeded')).toMatchObject({ status: 200 });
});

test('a lease that is kept by its runner is not lost', async () => {
  const { person, runner } = await startShop(['v1', 'v2'], {
    flags: { 'deploys.lostAfter': '2s' },
  });
  const box = await runner('box', 'staging');
  const order = await leased(await person('ada'), box);
  for (let i = 0; i < 9; i++) {
    // oxlint-disable-next-line no-await-in-loop -- a word every third of a second
    await sleep(300);
    // oxlint-disable-next-line no-await-in-loop -- a word every third of a second
    expect(await box.progress(order)).toMatchObject({ status: 200 });
  }
});

test('an order of which its runner never speaks after a restart is given again, once', async () => {
  const flags = { 'deploys.lostAfter': '8s' };
  const shop = await startShop(['v1', 'v2'], { flags });
  const order = await leased(await shop.person('ada'), await shop.runner('box', 'staging'));
  const { runner } = await shop.restart();
  const box = await runner('box', 'staging');
  const again = await eventually(
    () => box.lease().catch(() => undefined),
    (found) => found !== undefined,
  );
  expect(again).toEqual(order);
  expect(await box.end(order, 'succeeded')).toMatchObject({ status: 200 });
});

test('who waits for work is let go when the server stops', async () => {
  const { server, runner } = await startShop();
  const box = await runner('box', 'staging');
  const waits = box.lease();
  const begin = Date.now();
  await eventually(
    async () => server.askJson('/api/v1/itself'),
    (itself) =>
      JSON.stringify(itself).includes(
        '"name":"runners that wait for work","setting":null,"bound":"at most","limit":500,"now":1',
      ),
  );
  await server.close();
  expect(await waits).toBeUndefined();
  expect(Date.now() - begin).toBeLessThan(15_000);
});

test('only a runner carries deploys out, and a runner does nothing else', async () => {
  const { person, server } = await startShop();
  const box = await person('box', 'runner');
  const lease = { environments: ['staging'] };
  for (const may of ['member', 'gatekeeper', 'admin', 'read', 'send']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const one = await person(`a-${may}`, may);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await one.ask<Lease>('POST', '/api/v1/runners/box/lease', lease)).toMatchObject({
      status: 403,
    });
  }
  const reader = await person('a-read', 'read');
  const wanted = { ...lane, version: 'v1' };
  for (const one of [box, reader])
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await one.ask('POST', '/api/v1/deploys', wanted)).toMatchObject({ status: 403 });
  expect(await box.ask('GET', '/api/v1/deploys')).toMatchObject({ status: 200 });
  const member = await person('a-member', 'member');
  const broken = { ...wanted, breakGlass: 'because I say so' };
  expect(await member.ask('POST', '/api/v1/deploys', broken)).toMatchObject({ status: 403 });
  const unknown = await member.ask('GET', '/api/v1/deploys/none');
  expect(unknown).toMatchObject({ status: 404, body: { code: 'TERR_DEPLOYS_UNKNOWN' } });
  const document = (await server.askJson('/openapi.json')) as { paths?: object };
  for (const path of [
    '/api/v1/deploys',
    '/api/v1/deploys/plan',
    '/api/v1/deploys/rollback',
    '/api/v1/deploys/{id}/follow',
    '/api/v1/deploys/queue',
    '/api/v1/deploys/environments/{name}',
    '/api/v1/runners/{name}/lease',
  ])
    expect(Object.keys(document.paths ?? {})).toContain(path);
});

test('a token that is for some environments is for no other', async () => {
  const { person, runner, server } = await startShop();
  const issued = await server.askJson(
    '/api/v1/tokens',
    json('POST', { name: 'web-1', scope: { may: 'runner', environments: ['production'] } }),
  );
  const headers = {
    authorization: `Bearer ${String(issued['secret'])}`,
    'content-type': 'application/json',
  };
  const as = async (path: string, body: object) =>
    server.askJson(path, { method: 'POST', body: JSON.stringify(body), headers });
  const refused = { status: 403, code: 'TERR_ACCOUNTS_FORBIDDEN' };
  expect(
    await as('/api/v1/runners/web-1/lease', { environments: ['production', 'staging'] }),
  ).toMatchObject({ ...refused, detail: expect.stringContaining('not for staging') });
  const order = await leased(await person('ada'), await runner('box', 'staging'));
  const word = { token: order.token, log: { offset: 0, text: 'x\n' } };
  expect(await as(`/api/v1/deploys/${order.id}/progress`, word)).toMatchObject(refused);
  const end = { token: order.token, result: 'succeeded', serves: 'v1' };
  expect(await as(`/api/v1/deploys/${order.id}/end`, end)).toMatchObject(refused);
});
