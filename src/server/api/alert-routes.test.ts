import { expect, test } from 'vitest';
import { Play } from '../../rooms/alerts/play.suite.ts';
import { alertsSource } from '../../rooms/alerts/facts.ts';
import { withAlerts } from '../compose/alerts.suite.ts';
import { type Server, json, startServer } from '../compose/running.suite.ts';

type Row = { readonly id: string } & Readonly<Record<string, unknown>>;

async function serve() {
  const server = await startServer({ data: await withAlerts() });
  const list = async (query = ''): Promise<Row[]> =>
    ((await server.askJson(`/api/v1/alerts${query}`)) as unknown as { alerts: Row[] }).alerts;
  const named = async (service: string): Promise<Row> => {
    const [found] = await list(`?state=all&where=service%20%3D%20%22${service}%22`);
    if (!found) throw new Error(`no alert of ${service}`);
    return found;
  };
  return { ...server, list, named };
}

async function tokenOf(server: Server, may: string): Promise<Record<string, string>> {
  const wanted = json('POST', { name: may, scope: { may } });
  const { secret } = await server.askJson('/api/v1/tokens', wanted);
  return { authorization: `Bearer ${String(secret)}` };
}

test('alerts of before the start are listed, the worst first, and selected by their labels', async () => {
  const { list, askJson } = await serve();
  const services = async (query: string) => (await list(query)).map(({ service }) => service);
  expect(await services('')).toEqual(['shop', 'search']);
  expect(await services('?state=resolved')).toEqual(['mail']);
  expect(await services('?state=all')).toEqual(['shop', 'search', 'mail']);
  expect(await services('?where=severity%20%3D%20"warning"')).toEqual(['search']);
  expect(await services('?limit=1')).toEqual(['shop']);
  expect(await askJson('/api/v1/alerts?limit=1')).toMatchObject({
    matched: 2,
    open: { critical: 1, warning: 1, unknown: 0, acknowledged: 0 },
  });
  expect(await askJson('/api/v1/alerts?where=service%20%3D')).toMatchObject({
    status: 400,
    code: 'TERR_WHERE_SYNTAX',
  });
  expect(await askJson('/api/v1/alerts/nope')).toMatchObject({
    status: 404,
    code: 'TERR_ROOM_UNKNOWN',
  });
});

test('one is acknowledged by who acts, seen as such, and resolved by hand', async () => {
  const server = await serve();
  const { id } = await server.named('shop');
  const path = `/api/v1/alerts/${id}`;
  const viewer = await tokenOf(server, 'viewer');
  const refused = await server.ask(`${path}/acknowledge`, {
    ...json('POST', {}),
    headers: { ...viewer, 'content-type': 'application/json' },
  });
  expect(refused.status).toBe(403);
  const taken = await server.askJson(`${path}/acknowledge`, json('POST', { note: 'on it' }));
  expect(taken).toMatchObject({ id, acknowledged: { by: 'admin', note: 'on it' } });
  const again = await server.askJson(`${path}/acknowledge`, json('POST', {}));
  expect(again).toMatchObject({ status: 409, code: 'TERR_ROOM_STATE' });
  expect(await server.askJson(`${path}/unacknowledge`, json('POST', {}))).not.toHaveProperty(
    'acknowledged',
  );
  expect(await server.askJson(`${path}/resolve`, json('POST', {}))).toMatchObject({
    state: 'resolved',
    resolvedBy: 'admin',
  });
});

test('a request that is sent again with its key is carried out once', async () => {
  const server = await serve();
  const body = { where: 'service = "shop"', reason: 'moving', ends: Date.now() + 60_000 };
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'k1' };
  const keyed = { ...json('POST', body), headers };
  const [first, second] = [
    await server.askJson('/api/v1/silences', keyed),
    await server.askJson('/api/v1/silences', keyed),
  ];
  expect(second).toEqual(first);
  expect(first).toMatchObject({ status: 201, by: 'admin', state: 'active', matches: 1 });
  expect((await server.askJson('/api/v1/silences'))['silences']).toHaveLength(1);
  expect(await server.named('shop')).toMatchObject({ silencedBy: [first['id']] });
  const ended = await server.askJson(`/api/v1/silences/${String(first['id'])}/end`, {
    method: 'POST',
  });
  expect(ended).toMatchObject({ state: 'ended', ended: { by: 'admin' } });
  expect(await server.named('shop')).toMatchObject({ silencedBy: [] });
  const wrong = await server.askJson('/api/v1/silences', json('POST', { ...body, ends: 5 }));
  expect(wrong).toMatchObject({ status: 400, code: 'TERR_ROOM_INVALID', field: 'ends' });
});

test('without routes browsers are told by the facts, which the tail brings', async () => {
  const server = await serve();
  const { signal, abort } = stopper();
  const where = 'type =~ "dev.cdeventsx.territory-notification.queued.%" and label.to = "browser"';
  const path = `/api/v1/tail?stream=facts&from=start&where=${encodeURIComponent(where)}`;
  const response = await server.ask(path, { signal });
  const told = await firstMessage(response);
  expect(told).toMatchObject({
    subject: expect.stringMatching(/^notification\//),
    data: { kind: 'alerts' },
  });
  abort();
  const { id } = await server.named('shop');
  const { notifications } = await server.askJson(`/api/v1/notifications?alert=${id}`);
  expect(notifications).toMatchObject([{ to: 'browser', title: '[2 open] r' }]);
});

test('nobody who may only send can make an alert, or have a command run', async () => {
  const server = await serve();
  const forged = new Play();
  forged.decide(0, 'critical', { key: { service: 'forged' } });
  const as = (source: string) => forged.facts.map((fact) => ({ ...fact, source }));
  expect((await server.send(as(alertsSource))).status).toBe(400);
  expect((await server.send(as('/somebody'))).status).toBe(200);
  const { id } = await server.named('shop');
  // The next fact of the room comes after the forged one: it has been read by then.
  await server.askJson(`/api/v1/alerts/${id}/acknowledge`, json('POST', {}));
  expect((await server.list()).map(({ service }) => service)).not.toContain('forged');
});

function stopper() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

async function firstMessage(response: Response): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of response.body ?? []) {
    text += Buffer.from(part as Uint8Array).toString();
    const data = /^data: (\{.*\})$/m.exec(text)?.[1];
    if (data !== undefined) return JSON.parse(data) as Record<string, unknown>;
  }
  throw new Error(`the tail ended: ${text}`);
}
