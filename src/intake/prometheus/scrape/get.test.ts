import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { getPage } from './get.ts';
import { targetOf, type TargetSettings } from './target.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  return `http://127.0.0.1:${port}`;
}

async function get(settings: TargetSettings, signal = new AbortController().signal) {
  const target = targetOf(settings);
  if (typeof target === 'string') throw new Error(target);
  const { body, openMetrics } = await getPage(target, 1_000, signal);
  return { text: body.toString(), openMetrics };
}

const answer = (res: ServerResponse, body: string | Uint8Array, headers = {}): void =>
  void res.writeHead(200, headers).end(body);

test('asks as Prometheus does, packed or not, and reads tokens each time', async () => {
  const asked: IncomingMessage[] = [];
  const url = await serve((req, res) => {
    asked.push(req);
    answer(res, gzipSync('a 1\n'), {
      'content-encoding': 'gzip',
      'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    });
  });
  const file = join(mkdtempSync(join(tmpdir(), 'scrape-')), 'token');
  writeFileSync(file, 'one\n');
  const settings = { url, tokenFile: file, headerFiles: { 'X-Scope-OrgID': file } };
  expect(await get(settings)).toEqual({ text: 'a 1\n', openMetrics: true });
  writeFileSync(file, 'two\n');
  await get(settings);
  expect(asked.map(({ headers }) => [headers.authorization, headers['x-scope-orgid']])).toEqual([
    ['Bearer one', 'one'],
    ['Bearer two', 'two'],
  ]);
  expect(asked[0]?.headers).toMatchObject({
    'accept-encoding': 'gzip',
    accept: expect.stringMatching(/^application\/openmetrics-text;version=1\.0\.0,.*text\/plain/),
    'x-prometheus-scrape-timeout-seconds': '10',
  });
});

test('follows redirects, and takes no secrets to another place', async () => {
  const seen: (string | undefined)[] = [];
  const there = await serve((req, res) => {
    seen.push(req.headers.authorization);
    answer(res, 'a 1\n');
  });
  const here = await serve((req, res) => {
    seen.push(req.headers.authorization);
    res.writeHead(307, { location: req.url === '/' ? '/on' : `${there}/metrics` }).end();
  });
  const file = join(mkdtempSync(join(tmpdir(), 'scrape-')), 'token');
  writeFileSync(file, 'secret');
  expect((await get({ url: here, tokenFile: file })).text).toBe('a 1\n');
  expect(seen).toEqual(['Bearer secret', 'Bearer secret', undefined]);
});

test.each<readonly [string, RequestListener, string]>([
  ['a status', (_, res) => res.writeHead(503).end(), 'it answered with status 503'],
  ['a loop', (_, res) => res.writeHead(302, { location: '/' }).end(), 'on more than 5 times'],
  [
    'a redirect elsewhere',
    (_, res) => res.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    'an address of file:',
  ],
  [
    'a web page',
    (_, res) => answer(res, '<html>', { 'content-type': 'text/html' }),
    'no page of metrics',
  ],
  ['another packing', (_, res) => answer(res, 'x', { 'content-encoding': 'br' }), 'packed as br'],
  [
    'a bomb',
    (_, res) => answer(res, gzipSync(Buffer.alloc(1 << 20)), { 'content-encoding': 'gzip' }),
    'more than 1000 bytes',
  ],
  ['too much', (_, res) => answer(res, 'x'.repeat(2_000)), 'more than 1000 bytes'],
  [
    'damaged gzip',
    (_, res) => answer(res, 'not packed', { 'content-encoding': 'gzip' }),
    'incorrect header',
  ],
  [
    'an early end',
    (_, res) => {
      res.writeHead(200, { 'content-length': 100 });
      res.write('a 1\n', () => res.destroy());
    },
    'aborted',
  ],
  ['no answer', () => undefined, 'it did not answer within 0.2 s'],
  ['half an answer', (_, res) => void res.writeHead(200).write('a '), 'within 0.2 s'],
])('%s is no page', async (_, listener, why) => {
  const url = await serve(listener);
  await expect(get({ url, timeout: why.includes('0.2 s') ? '200ms' : '10s' })).rejects.toThrow(why);
});

test('nobody there, no such file, and the end of it all', async () => {
  await expect(get({ url: 'http://127.0.0.1:1/' })).rejects.toThrow('ECONNREFUSED');
  const url = await serve(() => undefined);
  await expect(get({ url, tokenFile: '/nowhere' })).rejects.toThrow('ENOENT');
  const ending = new AbortController();
  const got = get({ url }, ending.signal);
  ending.abort(new Error('it ends'));
  await expect(got).rejects.toThrow('it ends');
});
