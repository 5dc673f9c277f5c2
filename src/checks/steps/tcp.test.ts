import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextSteps } from './context.ts';
import { whereOf } from './connection.ts';
import { running, trying } from './steps.suite.ts';
import { tcpSteps } from './tcp.ts';

const tried = trying([...contextSteps, ...tcpSteps]);
const closing: (() => void)[] = [];

/** A server that does this with each connection. Gives its port. */
async function listening(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const one of sockets) one.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const ports = { ssh: 0, silent: 0, short: 0, rude: 0, loud: 0, closed: 0 };
beforeAll(async () => {
  ports.ssh = await listening((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
  ports.silent = await listening(() => undefined);
  ports.short = await listening((socket) => socket.write('login: '));
  ports.rude = await listening((socket) => socket.end());
  ports.loud = await listening((socket) => socket.write(Buffer.alloc(1_000_000, 'a')));
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  ports.closed = (server.address() as AddressInfo).port;
  server.close();
});
afterAll(() => {
  for (const close of closing) close();
});

describe.concurrent('TCP', () => {
  test('open and closed', async () => {
    const { ssh, closed } = ports;
    expect(await tried([`Then port ${ssh} of "127.0.0.1" should be open`])).toBe('passed');
    expect(await tried([`Then port ${closed} of "127.0.0.1" should be closed`])).toBe('passed');
    expect(await tried([`Then port ${ssh} of "127.0.0.1" should be closed`])).toBe(
      `failed: expected a closed port; 127.0.0.1:${ssh} takes connections`,
    );
    expect(await tried([`Then port ${closed} of "127.0.0.1" should be open`])).toBe(
      `failed: 127.0.0.1:${closed} can not be reached: the connection is refused`,
    );
  });

  test('a name of several addresses, none of which takes a connection', async () => {
    const { closed } = ports;
    expect(await tried([`Then port ${closed} of "localhost" should be closed`])).toBe('passed');
    expect(await tried([`Then port ${closed} of "localhost" should be open`])).toBe(
      `failed: localhost:${closed} can not be reached: the connection is refused`,
    );
  });

  test('a name that is not there is not closed', async () => {
    const step = 'Then port 25 of "no-such-name.invalid" should be closed';
    expect(await tried([step])).toMatch(/^failed: no-such-name\.invalid:25 can not be reached: /);
  });

  test('within a time, which is measured', async () => {
    const run = running([...contextSteps, ...tcpSteps]);
    const good = await run([`Then port ${ports.ssh} of "127.0.0.1" should open within 20 s`]);
    expect(good.state).toBe('passed');
    expect(good.performance).toMatchObject([{ label: 'connect', unit: 's', critical: 20 }]);
    expect(await tried([`Then port ${ports.ssh} of "127.0.0.1" should open within 0 ms`])).toMatch(
      /^failed: expected it open within 0 s; it took 0\.\d{3} s$/,
    );
  });

  test.each([
    ['ssh', String.raw`/^SSH-2\.0-/`, /^passed$/],
    ['ssh', '/^SSH-1/', /^failed: expected a banner matching \/\^SSH-1\/; .* says "SSH-2\.0-Open/],
    ['short', '/^login:/', /^passed$/],
    ['loud', '/^a+$/', /^passed$/],
    ['rude', '/./', /^failed: 127\.0\.0\.1:\d+ closes without a word$/],
    ['loud', '/(a+)+$/', /^passed$/],
  ] as const)('the banner of %s matches %s', async (who, expression, expected) => {
    const port = ports[who];
    expect(
      await tried([`Then the banner of port ${port} of "127.0.0.1" should match ${expression}`]),
    ).toMatch(expected);
  });

  test('who says nothing fails by the timeout', async () => {
    const step = `Then the banner of port ${ports.silent} of "127.0.0.1" should match /./`;
    expect(await tried(['Given the timeout is 100 ms', step])).toBe(
      'failed: it did not end within 0.1 s',
    );
  });

  test('what is not allowed is unknown, by address and by name', async () => {
    const given = { allowed: [] };
    for (const host of ['127.0.0.1', 'localhost', '::1', '::ffff:127.0.0.1'])
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await tried([`Then port 22 of "${host}" should be closed`], given)).toMatch(
        /^unknown: \S+ port 22 is not public, and is not allowed here$/,
      );
  });
});

test.each([
  ['a', { host: 'a', port: 25 }],
  ['a:80', { host: 'a', port: 80 }],
  ['::1', { host: '::1', port: 25 }],
  ['[::1]:80', { host: '::1', port: 80 }],
])('where is "%s"', (text, expected) => {
  expect(whereOf(text, 25)).toEqual(expected);
});

test.each(['https://a', 'a:b', 'a:0', 'a:65536', ''])('"%s" is no host', (text) => {
  expect(() => whereOf(text, 25)).toThrow('is no host with a port');
});
