import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Deploy } from '../../server/api/contract-deploys.ts';
import { runHere } from '../running.suite.ts';

const id = '3f2a91c0d5e6';

function deploy(more: Partial<Deploy>): string {
  const whole: Deploy = {
    id,
    kind: 'deploy',
    app: 'shop',
    environment: 'staging',
    version: 'v1',
    digest: null,
    previous: null,
    state: 'running',
    stage: 'switching',
    stages: [],
    requested: { by: 'ann', at: 1, reason: null },
    notBefore: null,
    waiting: [],
    position: null,
    eta: null,
    started: 1,
    ended: null,
    expected: null,
    runner: 'box',
    token: 7,
    heard: 1,
    reason: null,
    level: null,
    risks: [],
    approvals: [],
    acknowledgements: [],
    broken: null,
    smoke: [],
    proof: null,
    verified: null,
    logBytes: 0,
    thread: '',
    ...more,
  };
  return `event: deploy\ndata: ${JSON.stringify(whole)}\n\n`;
}

function log(offset: number, text: string, ended = false): string {
  const next = offset + text.length;
  const piece = JSON.stringify({ offset, next, text, ended });
  return `id: ${next}\nevent: log\ndata: ${piece}\n\n`;
}

/** What a stand-in server answers to one connection after the other: a real one does not break off. */
async function logsOf(answers: readonly ((response: ServerResponse) => void)[]) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const answer = answers[asked.length];
    asked.push(request.headers['last-event-id']?.toString());
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    answer?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listens on TCP
  const ran = await runHere(['logs', id, '-f'], {
    env: { TERRITORY_URL: `http://127.0.0.1:${port}` },
  });
  server.closeAllConnections();
  server.close();
  return { ran, asked };
}

test('who follows a log goes on where it was after the connection was lost, and ends with it', async () => {
  const { ran, asked } = await logsOf([
    (response) => {
      response.write(`${deploy({})}${log(0, 'one\n')}id: 8\nevent: log\ndata: {"off`);
      setImmediate(() => response.destroy());
    },
    (response) => {
      response.write(`${deploy({ state: 'succeeded', ended: 2 })}${log(4, 'two\n', true)}`);
    },
  ]);
  expect(ran).toMatchObject({ code: 0, out: 'one\ntwo\n' });
  expect(ran.err).toBe('connection lost; the deploy goes on without us\n');
  expect(asked).toEqual([undefined, '4']);
});

test('the end of what never began is known without a log', async () => {
  const { ran } = await logsOf([
    (response) => response.write(deploy({ state: 'refused', started: null, ended: 2 })),
  ]);
  expect(ran).toEqual({ code: 0, out: '', err: '' });
});
