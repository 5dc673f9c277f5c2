import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compress } from 'snappyjs';
import { afterEach, expect, test, vi } from 'vitest';
import { openTail } from '../../../../test/system/tail-reader.suite.ts';
import type { IntakesAnswer } from '../../../server/api/contract-intakes.ts';
import { startServer } from '../../../server/compose/running.suite.ts';
import { field, message, sample, series1, v2 } from './encode.suite.ts';

// Programs of others take their time to start on a busy machine.
vi.setConfig({ testTimeout: 90_000 });
const timeout = 60_000;

const children: ChildProcess[] = [];
const targets: Server[] = [];
afterEach(async () => {
  for (const target of targets.splice(0)) target.close().closeAllConnections();
  for (const child of children.splice(0)) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
});

const has = (command: string): boolean => {
  const found = spawnSync(command, ['--version']).error === undefined;
  // oxlint-disable-next-line no-console -- why a test is skipped
  if (!found) console.log(`${command} is not installed: its test is skipped`);
  return found;
};

async function started() {
  const server = await startServer();
  const tail = await openTail(`${server.url}/api/v1/tail?stream=readings`, server.token, undefined);
  return {
    server,
    named: (name: string) => tail.seen.map(({ event }) => event).filter((one) => one.name === name),
    close: () => tail.close(),
  };
}

/** What is scraped by those who then send it on; it can go away. */
async function target(): Promise<{ readonly port: number; readonly stop: () => void }> {
  const server = createServer((_, res) => {
    res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
    res.end('# TYPE shop_orders_total counter\nshop_orders_total{city="Köln"} 3\nshop_idle 0\n');
  });
  targets.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  return { port, stop: () => server.close().closeAllConnections() };
}

function run(command: string, args: readonly string[]): void {
  children.push(spawn(command, args, { stdio: 'ignore' }));
}

function scrapeConfig(port: number): string {
  return `global: {scrape_interval: 1s}
scrape_configs:
- {job_name: shop, static_configs: [{targets: ['127.0.0.1:${port}'], labels: {env: prod}}]}
`;
}

const order = {
  type: 'metric',
  service: 'shop',
  environment: 'prod',
  metric: 3,
  attributes: { city: 'Köln', job: 'shop', 'metric.type': 'cumulative' },
};

test.runIf(has('prometheus'))('Prometheus sends readings, and says when they end', async () => {
  const { server, named, close } = await started();
  const { port, stop } = await target();
  const dir = mkdtempSync(join(tmpdir(), 'prometheus-'));
  writeFileSync(join(dir, 'token'), server.token);
  const config = `${scrapeConfig(port)}remote_write:
- url: ${server.url}/api/v1/write
  authorization: {credentials_file: ${join(dir, 'token')}}
  queue_config: {batch_send_deadline: 200ms}
`;
  writeFileSync(join(dir, 'prometheus.yml'), config);
  run('prometheus', [
    '--enable-feature=agent',
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.agent.path=${join(dir, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
  ]);
  await vi.waitUntil(() => named('shop_orders_total').length > 1, { timeout });
  expect(named('shop_orders_total')[0]).toMatchObject(order);
  expect(named('shop_idle')[0]?.metric).toBe(0);
  expect(named('up')[0]?.metric).toBe(1);
  stop();
  await vi.waitUntil(() => named('shop_idle').some(({ state }) => state === 'expired'), {
    timeout,
  });
  const last = named('shop_idle').find(({ state }) => state === 'expired');
  expect(last).toMatchObject({ service: 'shop' });
  expect(last).not.toHaveProperty('metric');
  close();
});

test.runIf(has('vmagent'))('vmagent sends readings', async () => {
  const { server, named, close } = await started();
  const { port } = await target();
  const dir = mkdtempSync(join(tmpdir(), 'vmagent-'));
  writeFileSync(join(dir, 'scrape.yml'), scrapeConfig(port));
  run('vmagent', [
    `-promscrape.config=${join(dir, 'scrape.yml')}`,
    `-remoteWrite.url=${server.url}/api/v1/write`,
    `-remoteWrite.bearerToken=${server.token}`,
    `-remoteWrite.tmpDataPath=${join(dir, 'data')}`,
    '-remoteWrite.flushInterval=200ms',
    '-httpListenAddr=127.0.0.1:0',
  ]);
  await vi.waitUntil(() => named('shop_orders_total').length > 0, { timeout });
  expect(named('shop_orders_total')[0]).toMatchObject(order);
  close();
});

test('a request that is sent again is stored once, and bad ones are told', async () => {
  const { server, close } = await started();
  const now = Date.now();
  const post = (body: Buffer, headers: Record<string, string> = {}) =>
    server.ask('/api/v1/write', {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        ...headers,
      },
      body: new Uint8Array(compress(new Uint8Array(body))),
    });
  const good = series1({ __name__: 'a' }, field(2, sample(1, now)));
  const old = series1({ __name__: 'old' }, field(2, sample(1, 1_000)));
  expect((await post(good)).status).toBe(204);
  const again = await post(message(good, old));
  expect(again.status).toBe(400);
  expect(await again.text()).toMatch(/^1 refused, 1 taken:\nold: 1970-01-01T00:00:01.000Z is more/);
  expect((await post(good, { authorization: 'Bearer no' })).status).toBe(401);
  expect((await post(good, { 'content-encoding': 'zstd' })).status).toBe(415);
  const second = message(
    ...['', '__name__', 'b'].map((text) => field(4, text)),
    field(5, message(field(1, Buffer.from([1, 2])), field(2, sample(1, now)))),
  );
  const written = await post(second, v2);
  expect(written.status).toBe(204);
  expect(written.headers.get('x-prometheus-remote-write-samples-written')).toBe('1');
  const intakes = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  const found = intakes.find(({ name }) => name === 'prometheus-remote-write');
  expect(found).toMatchObject({ accepted: 2, duplicates: 1, refusedBy: { TERR_EVENT_TIME: 1 } });
  close();
});
