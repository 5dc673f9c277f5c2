import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import type { IntakeView, IntakesAnswer, SendersAnswer } from '../api/contract-intakes.ts';
import { type Flags, type Server, dataDir, startServer } from '../compose/running.suite.ts';

vi.setConfig({ testTimeout: 60_000 });

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

const start = (flags: Flags = {}): Promise<Server> =>
  startServer({ 'intakes.enabled': true, 'intakes.statsd.flushInterval': '200ms', ...flags });

async function intake(server: Server, name: string): Promise<IntakeView> {
  const all = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

async function sendUdp(port: number, ...texts: readonly string[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const text of texts)
    // oxlint-disable-next-line no-await-in-loop -- in this order
    await new Promise((done) => socket.send(text, port, '127.0.0.1', done));
  socket.close();
}

async function connected(to: { port: number; host: string } | { path: string }): Promise<Socket> {
  const socket = connect(to);
  open.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

const tcp = (port: number) => connected({ port, host: '127.0.0.1' });

test('one port for datagrams and connections; what comes is durable, and counted by sender', async () => {
  const server = await start();
  const { port, state } = await intake(server, 'statsd');
  expect(state).toBe('listening');
  if (port === null) throw new Error('it has no port');
  await sendUdp(port, 'orders:1|c', 'orders:2|c', 'no such thing password=hunter22');
  const socket = await tcp(port);
  socket.end('orders:4|c\n');
  await vi.waitFor(async () => expect((await intake(server, 'statsd')).accepted).toBe(3), 20_000);
  const { senders } = (await (
    await server.ask('/api/v1/senders?intake=statsd')
  ).json()) as SendersAnswer;
  expect(senders).toMatchObject([{ sender: '127.0.0.1', accepted: 3, refused: 1 }]);
  expect(senders[0]?.problem).toMatchObject({ code: 'TERR_INTAKE_DECODE' });
  expect(JSON.stringify(senders)).not.toContain('hunter22');
  const stat = async () =>
    (await server.askJson('/api/v1/itself')) as { streams?: { next: number }[] };
  await vi.waitFor(
    async () => expect((await stat()).streams?.[1]?.next).toBeGreaterThan(1),
    20_000,
  );
});

test('a network that may not send is turned away, and counted', async () => {
  const server = await start({ 'intakes.allow': '["10.0.0.0/8"]' });
  const { port } = await intake(server, 'statsd');
  await sendUdp(port ?? 0, 'orders:1|c');
  const socket = await tcp(port ?? 0);
  await once(socket, 'close');
  await vi.waitFor(async () => {
    const { refusedBy, accepted } = await intake(server, 'statsd');
    expect([refusedBy, accepted]).toEqual([{ TERR_INTAKE_NETWORK: 2 }, 0]);
  }, 20_000);
});

test('who opens too many connections loses the newest; the others go on', async () => {
  const server = await start({ 'intakes.maxPerAddress': 2 });
  const { port } = await intake(server, 'statsd');
  const [first, second] = [await tcp(port ?? 0), await tcp(port ?? 0)];
  const third = await tcp(port ?? 0);
  await once(third, 'close');
  first.write('orders:1|c\n');
  second.write('orders:');
  await vi.waitFor(async () => {
    const { refusedBy, accepted, connections } = await intake(server, 'statsd');
    expect([refusedBy, accepted, connections]).toEqual([{ TERR_INTAKE_CONNECTIONS: 1 }, 1, 2]);
  }, 20_000);
  second.end('1|c\n');
  await once(second, 'close');
  await vi.waitFor(async () => expect((await intake(server, 'statsd')).accepted).toBe(2), 20_000);
});

test('a unix socket beside the port; one that a crash left behind gives way', async () => {
  const path = join(dataDir(), '../statsd.sock');
  const crashed = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ]);
  await once(crashed, 'exit');
  expect(statSync(path).isSocket()).toBe(true);
  const server = await start({ 'intakes.statsd.socket': path });
  expect(await intake(server, 'statsd')).toMatchObject({ path, state: 'listening' });
  const socket = await connected({ path });
  socket.end('orders:1|c\n');
  await vi.waitFor(async () => expect((await intake(server, 'statsd')).accepted).toBe(1), 20_000);
  const senders = (await (
    await server.ask('/api/v1/senders?intake=statsd')
  ).json()) as SendersAnswer;
  expect(senders.senders[0]?.sender).toBe('local');
});

test('a port that was chosen and can not be had ends the start with a clear error', async () => {
  const taken = createSocket('udp4');
  await new Promise<void>((done) => void taken.bind(0, '127.0.0.1', done));
  const { port } = taken.address();
  await expect(start({ 'intakes.statsd.port': port })).rejects.toThrow(
    new RegExp(`statsd: 127.0.0.1 port ${port}: something else listens there`),
  );
  taken.close();
});

test('what was taken before a stop is in the log after it', async () => {
  const data = dataDir();
  const server = await start({ data, 'intakes.statsd.flushInterval': '1h' });
  const { port } = await intake(server, 'statsd');
  await sendUdp(port ?? 0, ...Array.from({ length: 20 }, (_, i) => `orders.${i}:1|c`));
  await vi.waitFor(async () => expect((await intake(server, 'statsd')).accepted).toBe(20), 20_000);
  await server.close();
  const again = await startServer({ data });
  const { streams } = (await again.askJson('/api/v1/itself')) as { streams?: { next: number }[] };
  expect(streams?.[1]?.next).toBeGreaterThan(20);
  const { senders } = (await (await again.ask('/api/v1/senders')).json()) as SendersAnswer;
  expect(senders).toMatchObject([{ intake: 'statsd', sender: '127.0.0.1', accepted: 20 }]);
});

test('a thread that dies is started again, on the ports that it had', async () => {
  const workers: Worker[] = [];
  const note = (worker: Worker): void => void workers.push(worker);
  process.on('worker', note);
  const server = await start();
  process.off('worker', note);
  const { port } = await intake(server, 'statsd');
  // The listeners come first: nothing else is started before they are open.
  await workers[0]?.terminate();
  await vi.waitFor(
    async () => {
      await sendUdp(port ?? 0, 'orders:1|c');
      expect((await intake(server, 'statsd')).accepted).toBeGreaterThan(0);
    },
    { timeout: 30_000, interval: 200 },
  );
  expect((await intake(server, 'statsd')).port).toBe(port);
  expect(server.said()).not.toContain('uncaught');
});
