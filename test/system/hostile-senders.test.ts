import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type Socket, connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Latest } from '../../src/server/api/contract.ts';
import type { IntakesAnswer } from '../../src/server/api/contract-intakes.ts';
import { until } from './api.suite.ts';
import { neighbour } from './neighbour.suite.ts';
import { type Server, anonymousBytes, quiet, serve } from './server.suite.ts';

/**
 * Who sends to the protocols with ports of their own, or on the server's, and means no good or does
 * no good: it costs that sender, and nobody beside it.
 */
const limits = ['--intakes.statsd.maxKeys', '10000', '--intakes.gelf.maxMessage', '100KB'];
let server: Server;
let ports: ReadonlyMap<string, number>;

async function intakes(): Promise<IntakesAnswer> {
  return (await server.request<IntakesAnswer>('/api/v1/intakes')).json;
}

async function refusedBy(name: string, code: string): Promise<number> {
  const found = (await intakes()).find((one) => one.name === name);
  return found?.refusedBy[`TERR_INTAKE_${code}`] ?? 0;
}

beforeAll(async () => {
  server = await serve({ flags: [...quiet, ...limits, '--rules.enabled', 'false'] });
  ports = new Map((await intakes()).map(({ name, port }) => [name, port ?? 0]));
}, 120_000);
afterAll(() => server.stop('SIGKILL'));

function dial(name: string): Socket {
  const socket = connect(ports.get(name) ?? 0, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

const good = readFileSync(join(import.meta.dirname, '../vectors/wire/riemann-tcp-npm.bin'));

/** A client of Riemann that sends one event every 20 ms and waits for each to be acknowledged. */
function riemannNeighbour(): () => Promise<{ sent: number; slowestMs: number }> {
  const socket = dial('riemann');
  let over = false;
  let sent = 0;
  let slowestMs = 0;
  const done = (async () => {
    while (!over) {
      const at = performance.now();
      socket.write(good);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.subarray(4)).toEqual(Buffer.from([0x10, 1]));
      slowestMs = Math.max(slowestMs, performance.now() - at);
      sent++;
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((later) => setTimeout(later, 20));
    }
  })();
  return async () => {
    over = true;
    await done;
    return { sent, slowestMs };
  };
}

/** Runs the trouble beside good senders, and tells what these noticed of it. */
async function beside(trouble: () => Promise<void>): Promise<string[]> {
  const [http, riemann] = [await neighbour(server), riemannNeighbour()];
  await trouble();
  await new Promise((later) => setTimeout(later, 300));
  const noticed = await http.troubles();
  const { sent, slowestMs } = await riemann();
  if (sent < 4 || slowestMs > 3_000)
    noticed.push(`of Riemann ${sent} were acknowledged, the slowest after ${slowestMs} ms`);
  const memory = anonymousBytes(server.pid);
  if (memory > 1_500_000_000) noticed.push(`the server holds ${memory} bytes`);
  return noticed;
}

async function datagrams(name: string, all: Iterable<Buffer | string>): Promise<void> {
  const socket = createSocket('udp4');
  let sent = 0;
  for (const one of all) {
    socket.send(one, ports.get(name) ?? 0, '127.0.0.1');
    // The others of this process get their turn, and so does who takes them.
    // oxlint-disable-next-line no-await-in-loop
    if (++sent % 20 === 0) await new Promise((later) => setTimeout(later, 1));
  }
  await new Promise((later) => setTimeout(later, 200));
  socket.close();
}

test('connections that begin a message and never end it', async () => {
  const noticed = await beside(async () => {
    const half = Array.from({ length: 80 }, () => dial('riemann'));
    for (const socket of half) socket.write(Buffer.from([0, 0, 1, 0, 0x32, 0x10]));
    const lines = Array.from({ length: 80 }, () => dial('graphite'));
    for (const socket of lines) socket.write('servers.web-1.load');
    await until(async () => {
      const all = await intakes();
      return ['riemann', 'graphite'].every(
        (name) => (all.find((one) => one.name === name)?.connections ?? 0) >= 80,
      );
    }, 20);
    await new Promise((later) => setTimeout(later, 500));
  });
  expect(noticed).toEqual([]);
}, 60_000);

test('a length that lies, and a line that does not end', async () => {
  const before = await refusedBy('riemann', 'FRAME');
  const noticed = await beside(async () => {
    const liar = dial('riemann');
    liar.write(Buffer.from([0x7f, 0xff, 0xff, 0xff, 1, 2, 3]));
    const endless = dial('graphite');
    const flood = setInterval(() => endless.write('x'.repeat(100_000)), 5);
    await once(liar, 'close');
    await until(async () => (await refusedBy('graphite', 'FRAME')) > 0, 20);
    clearInterval(flood);
  });
  expect(noticed).toEqual([]);
  await until(async () => (await refusedBy('riemann', 'FRAME')) > before, 20);
}, 60_000);

test('random bytes as datagrams', async () => {
  let seed = 11;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  const noise = Array.from({ length: 3_000 }, () =>
    Buffer.from(Array.from({ length: 1 + (random() % 400) }, () => random() % 256)),
  );
  const noticed = await beside(async () => {
    for (const name of ['statsd', 'collectd', 'gelf', 'syslog', 'riemann', 'graphite'])
      // oxlint-disable-next-line no-await-in-loop -- one protocol after the other
      await datagrams(name, noise);
  });
  expect(noticed).toEqual([]);
  for (const name of ['statsd', 'collectd', 'gelf', 'riemann'])
    // oxlint-disable-next-line no-await-in-loop
    await until(async () => (await refusedBy(name, 'DECODE')) > 0, 20, `${name} refused some`);
}, 120_000);

test('bombs: what is small and unpacks to much', async () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000));
  const post = (path: string, headers: Record<string, string>, body: Buffer) =>
    server.request(path, { method: 'POST', headers, body });
  const small = gzipSync(Buffer.alloc(40_000_000));
  const noticed = await beside(async () => {
    await datagrams(
      'gelf',
      Array.from({ length: 200 }, () => small),
    );
    const otlp = { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' };
    expect((await post('/v1/metrics', otlp, bomb)).status).toBe(413);
    // Snappy's block format begins with the length that it unpacks to: here 4 GiB.
    const lie = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x61]);
    const snappy = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
    const answer = await post('/api/v1/write', snappy, lie);
    expect([400, 413]).toContain(answer.status);
  });
  expect(noticed).toEqual([]);
}, 120_000);

test('a million tags: the newcomers are refused, who is known goes on', async () => {
  const query = encodeURIComponent('name = "known"');
  const readSince = async (time: number): Promise<boolean> => {
    const { json } = await server.request<Latest>(`/api/v1/latest?where=${query}`);
    return json.entries.some(({ event }) => event.time >= time && event.metric === 1);
  };
  await datagrams('statsd', ['known:1|c']);
  await until(() => readSince(0), 20, 'the first of it was read');
  let flooded = 0;
  const noticed = await beside(async () => {
    const many = Array.from({ length: 20_000 }, (_, packet) =>
      Array.from({ length: 50 }, (_unused, n) => `new:1|c|#id:${packet * 50 + n}`).join('\n'),
    );
    await datagrams('statsd', many);
    flooded = Date.now();
    await datagrams('statsd', ['known:1|c']);
  });
  expect(noticed).toEqual([]);
  await until(async () => (await refusedBy('statsd', 'KEYS')) > 100_000, 30);
  await until(() => readSince(flooded), 20, 'who was known went on');
}, 180_000);

test('who never fetches its answers is read no further', async () => {
  const noticed = await beside(async () => {
    const deaf = dial('riemann');
    deaf.pause();
    const many = Buffer.concat(Array.from({ length: 2_000 }, () => good));
    for (let i = 0; i < 400 && deaf.writableLength < 20_000_000; i++) {
      deaf.write(many);
      // oxlint-disable-next-line no-await-in-loop -- until nobody reads on
      await new Promise((later) => setTimeout(later, 5));
    }
    // Its answers fill the kernel's buffers and ours; then nobody reads on, and it waits.
    expect(deaf.writableLength).toBeGreaterThan(1_000_000);
    deaf.destroy();
  });
  expect(noticed).toEqual([]);
}, 120_000);
