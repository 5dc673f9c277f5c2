import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readMessages } from '../../client/sse.ts';
import { defaultConfig } from '../config/load.ts';
import { addressOf, checkExposure, isLoopback } from './exposure.ts';
import { dataDir, json, startServer } from './running.suite.ts';

const reading = (metric: number) => ({ type: 'metric', name: 'x', metric });

/** The events of a tail until there are `count`. */
async function tailed(body: ReadableStream<Uint8Array> | null, count: number) {
  const found: Record<string, unknown>[] = [];
  if (body === null) return found;
  const stream = body as unknown as AsyncIterable<Uint8Array>; // as in Node
  for await (const message of readMessages(stream, { id: '', retry: undefined })) {
    if (message.event !== 'message') continue;
    found.push(JSON.parse(message.data));
    if (found.length >= count) break;
  }
  return found;
}

test('an event that was sent is durable, on an open tail, and there after a restart', async () => {
  const first = await startServer();
  const tail = await first.ask('/api/v1/tail?where=name%20%3D%20%22x%22');
  const seen = tailed(tail.body, 2);
  const sent = await first.send([reading(1), reading(2)]);
  expect(await sent.json()).toMatchObject({ accepted: 2, refused: 0 });
  expect((await seen).map((event) => event['metric'])).toEqual([1, 2]);
  await first.close();

  const second = await startServer({ data: first.data });
  expect(second.token).toBe(first.token);
  const again = await second.ask('/api/v1/tail?from=start&where=name%20%3D%20%22x%22');
  expect((await tailed(again.body, 2)).map((event) => event['metric'])).toEqual([1, 2]);
});

test('the printed link signs the admin in, once, with a cookie that scripts cannot read', async () => {
  const { adminLink = '', url } = await startServer();
  expect(adminLink.startsWith(`${url}/sign-in#token=tln_`)).toBe(true);
  const code = adminLink.split('=')[1];
  const signedIn = await fetch(`${url}/api/v1/session`, json('POST', { token: code }));
  const { csrf, ...session } = (await signedIn.json()) as Record<string, string>;
  expect(session).toEqual({ name: 'admin', role: 'admin' });
  const cookie = signedIn.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
  expect(cookie).not.toMatch(/Secure/);
  const headers = { cookie: cookie.split(';')[0] ?? '', 'content-type': 'application/json' };
  expect((await fetch(`${url}/api/v1/session`, { headers })).status).toBe(200);

  const newToken = { method: 'POST', body: JSON.stringify({ name: 'ci', scope: { may: 'send' } }) };
  const forged = await fetch(`${url}/api/v1/tokens`, { ...newToken, headers });
  expect(await forged.json()).toMatchObject({ status: 403, code: 'TERR_ACCOUNTS_CSRF' });
  const own = { ...headers, 'x-csrf-token': csrf ?? '' };
  expect((await fetch(`${url}/api/v1/tokens`, { ...newToken, headers: own })).status).toBe(201);
  const query = { method: 'POST', body: '{}', headers };
  expect((await fetch(`${url}/api/v1/query`, query)).status).toBe(503);

  const again = await fetch(`${url}/api/v1/session`, json('POST', { token: code }));
  expect(again.status).toBe(401);
  const out = await fetch(`${url}/api/v1/session`, { method: 'DELETE', headers: own });
  expect(out.status).toBe(204);
  expect((await fetch(`${url}/api/v1/session`, { headers })).status).toBe(401);
});

test('two servers on one directory: the second one says so and leaves the first alone', async () => {
  const { data, ask } = await startServer();
  await expect(startServer({ data })).rejects.toMatchObject({ code: 'TERR_LOG_LOCKED' });
  expect((await ask('/api/v1/itself')).status).toBe(200);
});

test('a port that is taken is named, and the directory is free again', async () => {
  const { url } = await startServer();
  const data = dataDir();
  const port = Number(new URL(url).port);
  await expect(startServer({ data, port })).rejects.toMatchObject({
    code: 'TERR_START_LISTEN',
    details: { field: 'port' },
  });
  await startServer({ data });
});

test('a data directory that cannot be made is named', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'territory-')), 'file');
  writeFileSync(file, '');
  await expect(startServer({ data: join(file, 'data') })).rejects.toMatchObject({
    code: 'TERR_START_DATA',
  });
});

test('a certificate that cannot be read stops the start', async () => {
  const tls = { 'tls.cert': '/no.pem', 'tls.key': '/no.key' };
  await expect(startServer(tls)).rejects.toMatchObject({ code: 'TERR_START_TLS' });
});

test('open to others without TLS: refused, unless a proxy is said to be in front', async () => {
  await expect(startServer({ host: '0.0.0.0' })).rejects.toMatchObject({
    code: 'TERR_START_PUBLIC',
  });
  const { url } = await startServer({ host: '0.0.0.0', insecure: true });
  const health = await fetch(`http://127.0.0.1:${new URL(url).port}/healthz`);
  expect(await health.json()).toMatchObject({ ok: true, parts: { history: 'off' } });
});

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
  ['example.org', false],
])('%s is loopback: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});

test('without any account nothing is open to others, also with TLS', () => {
  const config = { ...defaultConfig(), host: '0.0.0.0', tls: { cert: 'a', key: 'b' } };
  const book = { users: new Map(), tokens: new Map() } as never;
  expect(() => checkExposure(config, { book })).toThrow('no account');
});

test('addresses for people', () => {
  const config = { ...defaultConfig(), host: '::1' };
  expect(addressOf(config, 80)).toBe('http://[::1]:80');
  expect(addressOf({ ...config, publicUrl: 'https://t.example/' }, 80)).toBe('https://t.example');
});

test('a stop lets a request under way end, and refuses what comes later', async () => {
  const { url, token, close, data } = await startServer();
  const body = '{"type":"metric","metric":1}\n';
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const head = `POST /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/x-ndjson\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`;
  let answer = '';
  const ended = new Promise<void>((resolve) => socket.on('close', resolve));
  const asked = new Promise<void>((resolve) =>
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes('100 Continue')) resolve();
    }),
  );
  socket.write(head);
  await asked;
  const closing = close();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  socket.write(body);
  await ended;
  await closing;
  expect(answer).toContain('"accepted":1');
  expect(statSync(join(data, 'accounts.json')).size).toBeGreaterThan(0);
});

test('Territory sends readings about itself, and shows the same to Prometheus', async () => {
  const { ask, send } = await startServer({ 'introspection.interval': '1s' });
  await send([reading(1)]);
  const tail = await ask(
    '/api/v1/tail?from=start&where=service%20%3D%20%22territory%22%20and%20metric',
  );
  const seen = await tailed(tail.body, 40);
  const names = new Set(seen.map((event) => event['name']));
  for (const name of [
    'territory.log.events',
    'territory.memory.anonymous.bytes',
    'territory.loop.delay.p99.ms',
    'territory.tail.clients',
  ])
    expect(names).toContain(name);
  expect(seen[0]).toMatchObject({ source: '/territory', type: 'metric', ttl: 3 });
  const rates = await ask(
    '/api/v1/tail?where=name%20%3D%20%22territory.intake.accepted.per_second%22',
  );
  expect((await tailed(rates.body, 1))[0]).toMatchObject({ attributes: { protocol: 'http' } });
  const metrics = await (await ask('/metrics')).text();
  expect(metrics).toContain('territory_intake_accepted_total{protocol="http"} 1');
  expect(metrics).toMatch(/^# TYPE territory_log_append_p99_ms gauge$/m);
});

test('changes of accounts are facts on the log with their actor', async () => {
  const { ask, askJson } = await startServer();
  await askJson(
    '/api/v1/users',
    json('POST', { name: 'ada', role: 'viewer', password: 'a long password' }),
  );
  const tail = await ask('/api/v1/tail?from=start&stream=facts');
  const [created, user] = await tailed(tail.body, 2);
  expect(created?.['type']).toBe('dev.cdeventsx.territory-token.created.0.1.0');
  expect(user).toMatchObject({
    type: 'dev.cdeventsx.territory-user.created.0.1.0',
    subject: 'user/ada',
    attributes: { actor: 'admin', role: 'viewer' },
  });
});

test('the built console is served, its hashed files for ever, its paths as one page', async () => {
  const webRoot = mkdtempSync(join(tmpdir(), 'territory-web-'));
  mkdirSync(join(webRoot, 'assets'));
  writeFileSync(join(webRoot, 'index.html'), '<title>console</title>');
  writeFileSync(join(webRoot, 'assets/a-1234.js'), 'x');
  const { url } = await startServer({}, { webRoot });
  const asBrowser = { headers: { accept: 'text/html' } };
  for (const path of ['/', '/stream?where=x', '/sign-in', '/checks/production.shop.home']) {
    const page = await fetch(url + path, asBrowser);
    expect(await page.text()).toContain('console');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  }
  const asset = await fetch(`${url}/assets/a-1234.js`);
  expect(asset.headers.get('cache-control')).toContain('immutable');
  for (const path of [
    '/assets/none.js',
    '/none.png',
    '/api/v1/nothing',
    '/docs/none',
    '/healthz/x',
  ])
    expect((await fetch(url + path, asBrowser)).status).toBe(404);
});

test('secrets stay out of the server log', async () => {
  const { ask, said, url, token } = await startServer({ logLevel: 'debug' });
  await ask('/api/v1/itself');
  await fetch(`${url}/api/v1/session`, json('POST', { name: 'ada', password: 'hunter2hunter2' }));
  expect(said()).toContain('taking events');
  expect(said()).not.toContain(token.slice(4));
  expect(said()).not.toContain('hunter2');
});
