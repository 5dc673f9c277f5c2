import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { type Sender, type SenderOptions, openSender } from './client.ts';

/** What a server is to answer: a status, and a body. */
type Script = (lines: readonly string[], token: string) => { status: number; body?: object };

interface Stand {
  readonly url: string;
  /** Every event that was answered 200 or 207, in order. */
  readonly taken: Record<string, unknown>[];
  script: Script;
  requests: number;
  readonly server: Server;
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Stands in for a server that is in trouble; the real one is in test/system/client.test.ts. */
async function stand(script: Script = () => ({ status: 200 })): Promise<Stand> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => (text += piece.toString()));
    request.on('end', () => {
      one.requests += 1;
      const lines = text.split('\n');
      const { status, body = {} } = one.script(lines, request.headers.authorization ?? '');
      if (status < 300)
        one.taken.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const one: Stand = { url: `http://127.0.0.1:${port}`, taken: [], script, requests: 0, server };
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return one;
}

function open(url: string, options: Partial<SenderOptions> = {}): Sender {
  const sender = openSender({ url, token: 't', source: 'test/client', flushMs: 10, ...options });
  closing.push(async () => sender.close(0));
  return sender;
}

test('events go out together, with what all of them have, an id and a time', async () => {
  const one = await stand();
  const sender = open(one.url, { service: 'shop', attributes: { 'service.version': '1' } });
  sender.send({ type: 'order.placed', metric: 42.5, attributes: { country: 'EE' } });
  sender.send({ type: 'order.placed', id: 'mine', service: 'other', time: 5 });
  await sender.flush();
  expect(one.requests).toBe(1);
  expect(one.taken).toEqual([
    {
      type: 'order.placed',
      metric: 42.5,
      source: 'test/client',
      service: 'shop',
      attributes: { 'service.version': '1', country: 'EE' },
      id: expect.any(String) as string,
      time: expect.any(Number) as number,
    },
    expect.objectContaining({ id: 'mine', service: 'other', time: 5 }),
  ]);
  expect(sender.stats()).toEqual({
    pending: 0,
    sent: 2,
    dropped: 0,
    refused: 0,
    lastError: undefined,
  });
});

test('while the server can not take them they wait, and go out again as they were', async () => {
  const seen: string[][] = [];
  const one = await stand((lines) => {
    seen.push([...lines]);
    return { status: seen.length < 3 ? 503 : 200, body: { detail: 'the disk is full' } };
  });
  const sender = open(one.url);
  sender.send({ type: 'a' });
  await vi.waitFor(() => expect(sender.stats().lastError).toBe('HTTP 503: the disk is full'));
  expect(sender.stats()).toMatchObject({ pending: 1, sent: 0 });
  await sender.flush();
  expect(seen[2]).toEqual(seen[0]);
  expect(sender.stats()).toMatchObject({ sent: 1, dropped: 0, lastError: undefined });
});

test('a server that is away is no error of the program; what is too much gives way, the oldest first', async () => {
  const one = await stand();
  const away = one.url;
  one.server.closeAllConnections();
  await new Promise((resolve) => one.server.close(resolve));
  const sender = open(away, { maxPending: 100, timeoutMs: 500 });
  for (let n = 0; n < 1_000; n += 1) sender.send({ type: 'reading', metric: n });
  await vi.waitFor(() => expect(sender.stats().lastError).toMatch(/ECONNREFUSED/));
  const { pending, dropped } = sender.stats();
  expect(pending).toBeLessThanOrEqual(100);
  expect(pending + dropped).toBe(1_000);
  const begun = performance.now();
  await sender.close(200);
  expect(performance.now() - begun).toBeLessThan(5_000);
  sender.send({ type: 'too late' });
  expect(sender.stats()).toMatchObject({ pending: 0, sent: 0, dropped: 1_001 });
});

test('what the server refuses is counted with its reason and not sent again', async () => {
  const one = await stand((lines) =>
    lines.length === 1
      ? { status: 400, body: { title: 'wrong' } }
      : { status: 207, body: { refused: 1, errors: [{ message: 'metric must be a number' }] } },
  );
  const sender = open(one.url);
  sender.send({ type: 'a' });
  sender.send({ type: 'b' });
  await sender.flush();
  expect(sender.stats()).toMatchObject({
    sent: 1,
    refused: 1,
    lastError: 'metric must be a number',
  });
  sender.send({ type: 'c' });
  await sender.flush();
  expect(sender.stats()).toMatchObject({ sent: 1, refused: 2, lastError: 'HTTP 400: wrong' });
  expect(one.requests).toBe(2);
});

test('a request that is too large goes in halves', async () => {
  const one = await stand((lines) => ({ status: lines.length > 3 ? 413 : 200 }));
  const sender = open(one.url);
  for (let n = 0; n < 10; n += 1) sender.send({ type: 'a', metric: n });
  await sender.flush();
  expect(one.taken.map(({ metric }) => metric)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('what can not be an event is refused here', async () => {
  const one = await stand();
  const sender = open(one.url);
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  sender.send({ type: 'a', data: circle });
  sender.send({ type: 'a', data: 'x'.repeat(2_000_000) });
  await sender.flush();
  expect(one.requests).toBe(0);
  expect(sender.stats()).toMatchObject({ refused: 2, lastError: 'an event is larger than 1 MiB' });
});

test('a token that was replaced in its file is read anew', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  closing.push(async () => rmSync(folder, { recursive: true }));
  const file = join(folder, 'token');
  writeFileSync(file, 'old\n');
  const one = await stand((_, token) => ({ status: token === 'Bearer new' ? 200 : 401 }));
  const sender = openSender({ url: one.url, tokenFile: file, source: 's', flushMs: 10 });
  closing.push(async () => sender.close(0));
  sender.send({ type: 'a' });
  await vi.waitFor(() => expect(sender.stats().lastError).toMatch(/HTTP 401/));
  writeFileSync(file, 'new\n');
  await sender.flush();
  expect(sender.stats()).toMatchObject({ sent: 1, refused: 0 });
  expect(() => openSender({ url: one.url, source: 's' })).toThrow(/token or a tokenFile/);
});
