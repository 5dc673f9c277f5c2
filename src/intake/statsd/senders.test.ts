import { createSocket } from 'node:dgram';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientOptions, StatsD } from 'hot-shots';
import { expect, test, vi } from 'vitest';
import { openTail } from '../../../test/system/tail-reader.suite.ts';
import type { IntakesAnswer } from '../../server/api/contract-intakes.ts';
import { type Server, startServer } from '../../server/compose/running.suite.ts';

// Each starts a server of its own, on a busy machine too.
vi.setConfig({ testTimeout: 60_000 });

const socket = join(mkdtempSync(join(tmpdir(), 'territory-statsd-')), 'statsd.sock');

const ways: readonly (readonly [string, (port: number) => ClientOptions])[] = [
  ['UDP', (port) => ({ protocol: 'udp', port })],
  ['TCP', (port) => ({ protocol: 'tcp', port })],
  ['a unix socket', () => ({ protocol: 'stream', stream: connect(socket) })],
];

const intakeOf = async (server: Server) =>
  ((await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer).find(
    ({ name }) => name === 'statsd',
  );

test.each(ways)('hot-shots by %s', async (_, optionsOf) => {
  const server = await startServer({
    'intakes.enabled': true,
    'intakes.statsd.flushInterval': '100ms',
    'intakes.statsd.socket': socket,
  });
  const intake = () => intakeOf(server);
  const tail = await openTail(`${server.url}/api/v1/tail?stream=readings`, server.token, undefined);
  const seen = () => tail.seen.map(({ event }) => event);
  const sum = (name: string): number =>
    seen().reduce((total, event) => total + (event.name === name ? (event.metric ?? 0) : 0), 0);

  const client = new StatsD({
    ...optionsOf((await intake())?.port ?? 0),
    host: '127.0.0.1',
    globalTags: { env: 'prod', service: 'shop' },
    includeDataDogTags: false,
  });
  for (let i = 0; i < 100; i++) client.increment('orders', 2, 1, ['region:eu']);
  for (const ms of [10, 20, 30]) client.timing('checkout', ms);
  client.gauge('queue', -1);
  client.set('users', 'ada');
  client.event('Deploy\nof shop', 'text | with a bar\nand a line', { alert_type: 'warning' });
  client.check('db.up', client.CHECKS.CRITICAL, { hostname: 'db-1' }, { region: 'eu' });

  await vi.waitUntil(
    () =>
      sum('orders') === 200 &&
      sum('checkout.count') === 3 &&
      ['queue', 'users', 'db.up', 'Deploy\nof shop'].every((name) =>
        seen().some((event) => event.name === name),
      ),
    { timeout: 20_000 },
  );
  await new Promise<void>((resolve) => {
    client.close(() => resolve());
  });
  const find = (name: string) => seen().find((event) => event.name === name);
  expect(find('orders')).toMatchObject({
    type: 'metric',
    source: '/statsd',
    service: 'shop',
    environment: 'prod',
    attributes: { region: 'eu', 'metric.type': 'delta' },
  });
  expect(find('queue')).toMatchObject({ metric: -1 });
  expect(find('db.up')).toMatchObject({ type: 'check', state: 'critical', host: 'db-1' });
  expect(find('Deploy\nof shop')).toMatchObject({
    type: 'event',
    state: 'warning',
    data: 'text | with a bar\nand a line',
  });
  tail.close();
  await vi.waitUntil(async () => ((await intake())?.accepted ?? 0) >= 107, { timeout: 20_000 });
  expect(await intake()).toMatchObject({ refused: 0, state: 'listening' });
});

test('what was gathered is on the log when the server has stopped', async () => {
  const flags = { 'intakes.enabled': true, 'intakes.statsd.flushInterval': '1h' };
  const server = await startServer(flags);
  const port = (await intakeOf(server))?.port ?? 0;
  const sender = createSocket('udp4');
  const names = Array.from({ length: 500 }, (_, i) => `gathered.n${i}:2|c`);
  for (let i = 0; i < names.length; i += 20)
    sender.send(names.slice(i, i + 20).join('\n'), port, '127.0.0.1');
  await vi.waitUntil(async () => (await intakeOf(server))?.accepted === 500, { timeout: 20_000 });
  sender.close();
  await server.close();

  const again = await startServer({ ...flags, data: server.data });
  const where = encodeURIComponent('name =~ "gathered.%"');
  const url = `${again.url}/api/v1/tail?stream=readings&from=start&where=${where}`;
  const tail = await openTail(url, again.token, undefined);
  await vi.waitUntil(() => tail.seen.length === 500, { timeout: 20_000 });
  expect(tail.seen.every(({ event }) => event.metric === 2)).toBe(true);
  tail.close();
});
