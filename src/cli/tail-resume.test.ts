import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { runHere } from './running.suite.ts';

const event = (offset: number): string =>
  `id: f0.r${offset}\ndata: {"type":"log","time":1,"offset":${offset}}\n\n`;

/** What a stand-in server answers to one connection after the other: a real one does not break off. */
async function tailOf(answers: readonly ((response: ServerResponse) => void)[], limit: number) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const answer = answers[asked.length];
    asked.push(request.headers['last-event-id']?.toString());
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    answer?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listens on TCP
  const ran = await runHere(['tail', '--json', '--limit', String(limit)], {
    env: { TERRITORY_URL: `http://127.0.0.1:${port}` },
  });
  server.closeAllConnections();
  server.close();
  return { ran, asked };
}

test('a tail goes on behind the last whole event after the connection is lost', async () => {
  const { ran, asked } = await tailOf(
    [
      (response) => {
        response.write(`retry: 10\nid: f0.r0\n\n${event(1)}${event(2)}id: f0.r3\ndata: {"ty`);
        setImmediate(() => response.destroy());
      },
      (response) => response.end('event: trimmed\ndata: {"stream":"readings","from":3,"to":5}\n\n'),
      (response) => response.write(event(5)),
    ],
    3,
  );
  expect(ran.code).toBe(0);
  expect(
    ran.out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([{ offset: 1 }, { offset: 2 }, { offset: 5 }]);
  expect(asked).toEqual([undefined, 'f0.r2', 'f0.r2']);
  expect(ran.err).toContain('connection lost');
  expect(ran.err).toContain('readings 3 to 4 have left the log');
});
