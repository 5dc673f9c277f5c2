import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Counter, Histogram, Registry } from 'prom-client';
import { afterEach, expect, test, vi } from 'vitest';
import { openTail } from '../../../../test/system/tail-reader.suite.ts';
import type { IntakesAnswer, SendersAnswer } from '../../../server/api/contract-intakes.ts';
import { dataDir, startServer } from '../../../server/compose/running.suite.ts';
import type { TargetSettings } from './target.ts';

// Programs of others take their time to start on a busy machine.
vi.setConfig({ testTimeout: 90_000 });
const timeout = 60_000;

const children: ChildProcess[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
  for (const child of children.splice(0)) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
});

async function scraping(
  targets: readonly TargetSettings[],
  flags: Readonly<Record<string, string | number>> = {},
) {
  const server = await startServer({ 'intakes.scrape.targets': JSON.stringify(targets), ...flags });
  const tail = await openTail(`${server.url}/api/v1/tail?stream=readings`, server.token, undefined);
  return {
    server,
    named: (name: string) => tail.seen.map(({ event }) => event).filter((one) => one.name === name),
    close: () => tail.close(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  server.close();
  await once(server, 'close');
  return port;
}

test.each([
  ['the text format', Registry.PROMETHEUS_CONTENT_TYPE],
  ['OpenMetrics', Registry.OPENMETRICS_CONTENT_TYPE],
])('prom-client in %s, until it is down', async (_, contentType) => {
  const registry = new Registry();
  registry.setContentType(contentType as never); // its two types are told apart by this text
  const registers = [registry];
  const orders = new Counter({ name: 'orders', help: 'o', labelNames: ['city'], registers });
  orders.inc({ city: 'Köln "\\\n' }, 3);
  new Histogram({ name: 'wait_seconds', help: 'w', registers }).observe(0.2);
  const target = createServer((__, res) => {
    void registry.metrics().then((text) => {
      res.setHeader('content-type', registry.contentType);
      res.end(text);
    });
  }).listen(0, '127.0.0.1');
  servers.push(target);
  await once(target, 'listening');
  const { port } = target.address() as AddressInfo; // listening on TCP
  const url = `http://127.0.0.1:${port}/metrics`;
  const { named, close, server } = await scraping([{ url, service: 'shop', interval: '300ms' }]);
  const name = contentType === Registry.OPENMETRICS_CONTENT_TYPE ? 'orders_total' : 'orders';
  await vi.waitUntil(() => named(name).length > 0, { timeout });
  expect(named(name)[0]).toMatchObject({
    source: '/scrape',
    service: 'shop',
    metric: 3,
    ttl: 1,
    attributes: {
      city: 'Köln "\\\n',
      instance: `127.0.0.1:${port}`,
      'metric.type': 'cumulative',
    },
  });
  expect(named('wait_seconds_sum')[0]).toMatchObject({ metric: 0.2, attributes: { unit: 's' } });
  target.close().closeAllConnections();
  await vi.waitUntil(() => named('up').some(({ metric }) => metric === 0), { timeout });
  expect(named(name).at(-1)).toMatchObject({ state: 'expired' });
  const { senders } = (await (
    await server.ask('/api/v1/senders?intake=scrape')
  ).json()) as SendersAnswer;
  expect(senders).toMatchObject([{ sender: url }]);
  close();
});

test('Territory itself', async () => {
  const port = await freePort();
  const data = dataDir();
  const url = `http://127.0.0.1:${port}/metrics`;
  const tokenFile = join(data, 'admin.token');
  const { named, close, server } = await scraping([{ url, tokenFile, interval: '500ms' }], {
    port,
    data,
  });
  await vi.waitUntil(() => named('up').some(({ metric }) => metric === 1), { timeout });
  const samples = named('scrape_samples_scraped').at(-1)?.metric ?? 0;
  expect(samples).toBeGreaterThan(20);
  const intakes = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  const found = intakes.find(({ name }) => name === 'scrape');
  expect(found?.refusedBy ?? {}).not.toHaveProperty('TERR_INTAKE_DECODE');
  close();
});

const exporter = 'prometheus-node-exporter';
const installed = spawnSync(exporter, ['--version']).error === undefined;
// oxlint-disable-next-line no-console -- why a test is skipped
if (!installed) console.log(`${exporter} is not installed: its test is skipped`);

test.runIf(installed)('the node exporter', async () => {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  children.push(spawn(exporter, [`--web.listen-address=${address}`], { stdio: 'ignore' }));
  const url = `http://${address}/metrics`;
  const { named, close, server } = await scraping([{ url, host: 'web-1', interval: '1s' }]);
  await vi.waitUntil(() => named('up').some(({ metric }) => metric === 1), { timeout });
  expect(named('node_load1')[0]).toMatchObject({
    host: 'web-1',
    attributes: { instance: address, 'metric.type': 'gauge' },
  });
  expect(named('node_cpu_seconds_total')[0]?.attributes).toMatchObject({
    mode: expect.any(String),
    unit: 's',
    'metric.type': 'cumulative',
  });
  const intakes = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  const found = intakes.find(({ name }) => name === 'scrape');
  expect(found?.accepted).toBeGreaterThan(100);
  expect(found?.refusedBy ?? {}).not.toHaveProperty('TERR_INTAKE_DECODE');
  close();
});
