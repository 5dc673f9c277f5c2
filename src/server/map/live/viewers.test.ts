import { EventEmitter } from 'node:events';
import { createServer, get } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Viewers, viewerLimits } from './viewers.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A server that lets pages follow, and one way to do so. */
async function following(limits = viewerLimits) {
  const viewers = new Viewers(limits);
  viewers.greet(() => '{"revision":7}');
  const allowed = { yes: true };
  const server = createServer((request, response) => {
    const last = request.headers['last-event-id'];
    const after = last === undefined ? undefined : Number(last);
    viewers.serve(response, { headers: {}, after, stillAllowed: () => allowed.yes });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  open.push(() => {
    viewers.close();
    server.closeAllConnections();
    server.close();
  });
  const follow = (headers: Record<string, string> = {}) => {
    const heard = new EventEmitter();
    let text = '';
    const request = get({ port, headers }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        heard.emit('more');
      });
      response.on('end', () => {
        text += '<end>';
        heard.emit('more');
      });
    });
    request.on('error', () => undefined);
    return async (wanted: string): Promise<string> => {
      while (!text.includes(wanted)) await EventEmitter.once(heard, 'more');
      return text;
    };
  };
  return { viewers, follow, allowed };
}

test('a page is greeted with the revision, and told what changes', async () => {
  const { viewers, follow } = await following();
  const hears = follow();
  await hears('event: map\ndata: {"revision":7}');
  viewers.send('health', 8, '{"changes":1}');
  const text = await hears('"changes":1');
  expect(text).toContain('id: 8\nevent: health\ndata: {"changes":1}\n\n');
  expect(viewers.count).toBe(1);
});

test('who comes back is told what came since, and nothing twice', async () => {
  const { viewers, follow } = await following();
  for (const revision of [8, 9, 10]) viewers.send('health', revision, `{"r":${revision}}`);
  const text = await follow({ 'last-event-id': '9' })('"r":10');
  expect(text).not.toContain('"r":9');
  expect(text).not.toContain('event: map');
});

test('who comes back after too long, or after a restart, is told to fetch the map', async () => {
  const { viewers, follow } = await following();
  await follow({ 'last-event-id': '3' })('event: map');
  viewers.send('health', 100, '{}');
  await follow({ 'last-event-id': '3' })('event: map');
  await follow({ 'last-event-id': '101' })('event: map');
  expect(viewers.count).toBe(3);
});

test('one who does not read holds nothing up, and is told to fetch the map when he does again', () => {
  const viewers = new Viewers({ ...viewerLimits, buffer: 10 });
  open.push(() => viewers.close());
  viewers.greet(() => '{"revision":9}');
  const written: string[] = [];
  const stuck = Object.assign(new EventEmitter(), {
    writableLength: 11,
    destroyed: false,
    writeHead: () => undefined,
    write: (text: string) => written.push(text),
    end: () => undefined,
  });
  // A response whose reader is slow, as no real connection is at our command.
  viewers.serve(stuck as unknown as ServerResponse, {
    headers: {},
    after: undefined,
    stillAllowed: () => true,
  });
  written.length = 0;
  viewers.send('health', 8, '{}');
  viewers.send('health', 9, '{}');
  expect(written).toEqual([]);
  expect(viewers.counters.behind).toBe(1);
  stuck.writableLength = 0;
  stuck.emit('drain');
  expect(written).toEqual(['event: map\ndata: {"revision":9}\n\n']);
});

test('one page too many is refused, and whoever may not read any more is sent away', async () => {
  const { viewers, follow, allowed } = await following({
    ...viewerLimits,
    maxViewers: 1,
    heartbeat: 20,
  });
  const hears = follow();
  await hears('event: map');
  expect(() => viewers.admit()).toThrow('1 pages follow the map');
  expect(viewers.counters.refused).toBe(1);
  await hears(': still here');
  allowed.yes = false;
  await hears('<end>');
  while (viewers.count > 0) await new Promise((go) => setImmediate(go));
  expect(() => viewers.admit()).not.toThrow();
});
