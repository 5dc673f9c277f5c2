import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { follow } from './follow.ts';

test('after a lost connection it goes on where it was', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const n = asked.push(request.headers['last-event-id'] as string | undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`id: f${n}\ndata: {"subject":"case-${n}"}\n\nevent: skipped\ndata: {"n":3}\n\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ending = new AbortController();
  const heard: (string | undefined)[] = [];
  const territory = { url: `http://127.0.0.1:${port}`, token: 't', sendTokenFile: '' } as never;
  await follow({ territory, signal: ending.signal }, 'type = "x"', ({ subject }) => {
    if (heard.push(subject) === 2) ending.abort();
  });
  expect(heard).toEqual(['case-1', 'case-2']);
  expect(asked.slice(0, 2)).toEqual([undefined, 'f1']);
});
