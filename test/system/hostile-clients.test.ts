import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { IssuedToken, TokenScope } from '../../src/server/api/contract.ts';
import type { Static } from 'typebox';
import { until } from './api.suite.ts';
import { neighbour } from './neighbour.suite.ts';
import { type Server, quiet, serve } from './server.suite.ts';

const tails = [
  '--tail.stalledAfter',
  '1s',
  '--tail.clientBuffer',
  '50KB',
  '--tail.maxClients',
  '4',
];
const times = ['--tail.heartbeat', '300ms', '--intake.bodyTimeout', '2s', '--requestTimeout', '4s'];
let server: Server;
beforeAll(async () => {
  server = await serve({ flags: [...quiet, ...tails, ...times] });
});
afterAll(() => server.stop('SIGKILL'));

/** A connection whose bytes a test writes itself. */
function dial(): Socket {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

function head(method: string, path: string, headers: readonly string[] = []): string {
  const own = ['Host: localhost', `Authorization: Bearer ${server.token}`, ...headers];
  return `${method} ${path} HTTP/1.1\r\n${own.join('\r\n')}\r\n\r\n`;
}

/** All that a connection is sent until it ends. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(socket, 'close');
  return text;
}

test('a client that stops reading its tail is cut, and the others read on', async () => {
  const beside = await neighbour(server);
  const reader = await server.tail('?where=type="flood"');
  const stopped = dial();
  stopped.write(head('GET', '/api/v1/tail'));
  await once(stopped, 'readable'); // it has its tail, and never reads from it
  const batch = Array.from({ length: 500 }, (_, n) => ({
    type: 'flood',
    name: `${n} ${'x'.repeat(900)}`,
  }));
  let sent = 0;
  // As much as the kernel's buffers take, and then some.
  while ((await server.hits('tail.stalledAfter')) === 0 && sent < 200_000) {
    const answer = await server.send(batch);
    expect(answer.json.accepted).toBe(500);
    sent += 500;
  }
  expect(await server.metric('territory_tail_stalled_total')).toBe(1);
  await until(() => reader.seen.length === sent, 15, 'the other tail had all');
  reader.close();
  expect(await beside.troubles()).toEqual([]);
}, 60_000);

test('a client that sends one byte a second is answered 408 and let go', async () => {
  const beside = await neighbour(server);
  const hits = await server.hits('intake.bodyTimeout');
  const slow = dial();
  const body = JSON.stringify({ id: 'slow', type: 'a', source: '/slow' });
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`];
  slow.write(head('POST', '/api/v1/events', headers));
  let written = 0;
  const drip = setInterval(() => slow.write(body[written++] ?? ''), 1000);
  const answer = await heard(slow);
  clearInterval(drip);
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(answer).toContain('TERR_INTAKE_TIMEOUT');
  expect(await server.hits('intake.bodyTimeout')).toBe(hits + 1);
  expect(await beside.troubles()).toEqual([]);
  expect(await server.metric('territory_intake_inflight_bytes')).toBe(0);
}, 30_000);

test('headers that come one byte a second do not hold a connection for ever', async () => {
  const slow = dial();
  await once(slow, 'connect');
  const request = head('GET', '/api/v1/itself');
  let written = 0;
  const drip = setInterval(() => slow.write(request[written++] ?? ''), 500);
  const answer = await heard(slow);
  clearInterval(drip);
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
}, 30_000);

test('one tail too many is answered 503 with the setting that says so', async () => {
  const open = await Promise.all([1, 2, 3, 4].map(() => server.tail()));
  const hits = await server.hits('tail.maxClients');
  const refused = await server.request<{ code: string; detail: string }>('/api/v1/tail');
  expect([refused.status, refused.json.code]).toEqual([503, 'TERR_API_TOO_MANY_TAILS']);
  expect(refused.json.detail).toContain('tail.maxClients');
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await server.hits('tail.maxClients')).toBe(hits + 1);
  for (const tail of open) tail.close();
  await until(async () => (await server.itself()).tail.clients === 0, 10, 'the tails were gone');
});

const issue = async (name: string, scope: Static<typeof TokenScope>) => {
  const answer = await server.request<IssuedToken>('/api/v1/tokens', {
    method: 'POST',
    body: JSON.stringify({ name, scope }),
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(201);
  return answer.json;
};

test('no token, a wrong one, a revoked one: 401, counted, and nothing is taken', async () => {
  const beside = await neighbour(server);
  const revoked = await issue('revoked', { may: 'send' });
  const event = { id: 'mine', type: 'a', source: '/with-token' };
  expect((await server.send({ ...event, id: 'good' }, { token: revoked.secret })).status).toBe(200);
  await server.request(`/api/v1/tokens/${revoked.token.id}`, { method: 'DELETE' });

  const reason = 'TERR_ACCOUNTS_UNAUTHENTICATED';
  const before = await server.metric('territory_intake_refused_total', { reason });
  for (const token of ['', 'tty_wrong', `${server.token}x`, revoked.secret]) {
    const answer = await server.send(event, { token });
    expect([answer.status, answer.json.code]).toEqual([401, reason]);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="territory"');
    expect(answer.json.detail).toContain('admin.token');
  }
  expect(await server.metric('territory_intake_refused_total', { reason })).toBe(before + 4);
  await server.caughtUp();
  const kept = await server.events({ where: 'source = "/with-token"', last: '1h' });
  expect(kept.map(({ id }) => id)).toEqual(['good']);
  expect(await beside.troubles()).toEqual([]);
});

test('a token without the right is told which right it lacks', async () => {
  const reading = await issue('reading', { may: 'read' });
  const sent = await server.send({ type: 'a' }, { token: reading.secret });
  expect([sent.status, sent.json.code]).toEqual([403, 'TERR_ACCOUNTS_FORBIDDEN']);
  expect(sent.json.detail).toContain('send');

  const narrow = await issue('narrow', { may: 'send', sources: ['/ci/*'], types: ['build*'] });
  const events = [
    { type: 'build.done', source: '/ci/7' },
    { type: 'build.done', source: '/prod' },
    { type: 'deploy', source: '/ci/7' },
  ];
  const answer = await server.send(events, { token: narrow.secret });
  expect(answer.status).toBe(207);
  expect(answer.json).toMatchObject({
    accepted: 1,
    errors: [
      { index: 1, code: 'TERR_INTAKE_FORBIDDEN', message: expect.stringContaining('"/prod"') },
      { index: 2, code: 'TERR_INTAKE_FORBIDDEN', message: expect.stringContaining('"deploy"') },
    ],
  });
  const reason = 'TERR_INTAKE_FORBIDDEN';
  expect(await server.metric('territory_intake_refused_total', { reason })).toBe(2);

  const headers = { authorization: `Bearer ${narrow.secret}` };
  const asked = await server.request<{ code: string }>('/api/v1/itself', { headers });
  expect([asked.status, asked.json.code]).toEqual([403, 'TERR_ACCOUNTS_FORBIDDEN']);
});

test('a tail ends when the token behind it is revoked', async () => {
  const reading = await issue('shortly', { may: 'read' });
  const tail = await server.tail('', { token: reading.secret });
  await server.send({ type: 'a', name: 'seen' });
  await until(() => tail.seen.length === 1, 5, 'the event was seen');
  await server.request(`/api/v1/tokens/${reading.token.id}`, { method: 'DELETE' });
  await tail.ended;
  expect((await server.itself()).tail.clients).toBe(0);
});
