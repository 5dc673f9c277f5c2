import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { follow, messagesIn } from './follow.ts';

async function all(chunks: readonly Uint8Array[]) {
  const found = [];
  for await (const one of messagesIn(chunks)) found.push(one);
  return found;
}

const stream =
  ': a comment\n\nid: f1.r2\ndata: {"subject":"köln"}\n\nevent: skipped\ndata: {"n":3}\n\ndata: a\ndata: b\n\ndata: cut off';

test('messages of a stream, wherever it is cut', async () => {
  const bytes = new TextEncoder().encode(stream);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, i) => bytes.slice(at[i], end));
      expect(await all(chunks)).toEqual([
        {},
        { id: 'f1.r2', data: '{"subject":"köln"}' },
        { name: 'skipped', data: '{"n":3}' },
        { data: 'a\nb' },
      ]);
    }),
    { numRuns: 50 },
  );
});

test('after a lost connection it goes on where it was', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const n = asked.push(request.headers['last-event-id'] as string | undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`id: f${n}\ndata: {"subject":"case-${n}"}\n\n`);
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
