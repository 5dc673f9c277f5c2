import { type Server, createServer } from 'node:http';
import { type AddressInfo, type Server as TcpServer, createServer as tcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Unknown, Unreached } from './failed.ts';
import { send } from './http.ts';
import { outboundOf } from './outbound.ts';
import { poolsOf } from './pools.ts';
import { World } from './world.ts';

const open: (Server | TcpServer)[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
});

async function listening<T extends Server | TcpServer>(server: T): Promise<string> {
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;
const worldAt = (base: string, signal = never): World =>
  new World(
    { base, outbound: outboundOf(['127.0.0.0/8', '::1']), secret: () => undefined },
    signal,
  );
const get = { method: 'GET', path: '/', follow: false } as const;

test('connections are kept, by HEAD too', async () => {
  let connections = 0;
  const server = createServer((_, answer) => answer.end('ok'));
  server.on('connection', () => connections++);
  const world = worldAt(await listening(server));
  for (const method of ['GET', 'HEAD', 'GET', 'POST', 'HEAD', 'GET'])
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect((await send(world, { ...get, method })).status).toBe(200);
  // The next request may be there before the connection is free.
  expect(connections).toBeLessThanOrEqual(2);
});

test('a request that is stopped ends at once, and keeps nobody from the next', async () => {
  const server = createServer((request, answer) =>
    request.url === '/hang' ? undefined : answer.end('ok'),
  );
  const base = await listening(server);
  const stop = new AbortController();
  const world = worldAt(base, stop.signal);
  const hanging = [...Array(100).keys()].map(async () => send(world, { ...get, path: '/hang' }));
  const all = Promise.allSettled(hanging);
  stop.abort();
  for (const one of await all)
    expect(one.status === 'rejected' && (one.reason as Error).name).toBe('AbortError');
  world.signal = never;
  expect((await send(world, get)).body).toBe('ok');
});

test.each([
  ['nobody listens', 'http://127.0.0.1:1', Unreached, /can not be reached: connect ECONNREFUSED/],
  ['no such name', 'http://no-such-host.invalid', Unreached, /can not be reached: getaddrinfo/],
  ['not public', 'http://10.0.0.1', Unknown, /not public/],
  ['no HTTP', 'ftp://127.0.0.1', Unknown, /no address of HTTP/],
])('%s: %s', async (_, base, type, why) => {
  const error: unknown = await send(worldAt(base), get).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(type);
  expect((error as Error).message).toMatch(why);
});

test('a connection that breaks in mid-answer is nobody who answered', async () => {
  const base = await listening(
    tcpServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc');
    }),
  );
  await expect(send(worldAt(base), get)).rejects.toBeInstanceOf(Unreached);
});

test('an answer without end is let go of', async () => {
  let closed: () => void = () => {};
  const isClosed = new Promise<void>((done) => (closed = done));
  const server = createServer((_, answer) => {
    const more = (): void => void (answer.write(Buffer.alloc(65_536)) ? setImmediate(more) : 0);
    answer
      .on('drain', more)
      .on('close', closed)
      .on('error', () => {});
    more();
  });
  const base = await listening(server);
  await expect(send(worldAt(base), get)).rejects.toThrow(/answers with more than 4194304 bytes/);
  await isClosed;
});

test('what is under way is broken when the connections are closed', async () => {
  const base = await listening(createServer(() => {}));
  const world = worldAt(base);
  const going = send(world, get).catch((error: unknown) => error);
  await poolsOf(world.outbound).close();
  expect(await going).toBeInstanceOf(Unreached);
});
