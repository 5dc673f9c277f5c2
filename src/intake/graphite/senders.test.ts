import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { type OpenTail, openTail } from '../../../test/system/tail-reader.suite.ts';
import type { IntakesAnswer } from '../../server/api/contract-intakes.ts';
import { startServer } from '../../server/compose/running.suite.ts';

// Programs of others take their time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
});

/** A server with these intakes, their ports, and a tail of its readings. */
async function started() {
  const server = await startServer({ 'intakes.enabled': true });
  const intakes = (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  const tail = await openTail(`${server.url}/api/v1/tail?stream=readings`, server.token, undefined);
  return {
    tail,
    portOf: (name: string): number => intakes.find((one) => one.name === name)?.port ?? 0,
    intake: async (name: string) =>
      ((await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer).find(
        (one) => one.name === name,
      ),
  };
}

const find = (tail: OpenTail, name: string) =>
  tail.seen.map(({ event }) => event).find((event) => event.name === name);
const timeout = 30_000;
const seconds = (): number => Math.floor(Date.now() / 1000);

test('lines by TCP and UDP', async () => {
  const { tail, portOf, intake } = await started();
  const socket = connect(portOf('graphite'), '127.0.0.1');
  socket.end(`web-1.load 1.5 ${seconds()}\nbad\ndisk;host=web-1 7 -1\n`);
  const udp = createSocket('udp4');
  udp.send(`by.udp 2 ${seconds()}`, portOf('graphite'), '127.0.0.1', () => udp.close());
  await vi.waitUntil(() => ['web-1.load', 'disk', 'by.udp'].every((name) => find(tail, name)), {
    timeout,
  });
  expect(find(tail, 'disk')).toMatchObject({
    type: 'metric',
    source: '/graphite/127.0.0.1',
    host: 'web-1',
    metric: 7,
  });
  await vi.waitUntil(async () => (await intake('graphite'))?.refused === 1, { timeout });
  expect(await intake('graphite')).toMatchObject({
    accepted: 3,
    refusedBy: { TERR_INTAKE_DECODE: 1 },
  });
  tail.close();
});

const has = (command: string, ...args: string[]): boolean => {
  const found = spawnSync(command, args).error === undefined;
  // oxlint-disable-next-line no-console -- why a test is skipped
  if (!found) console.log(`${command} is not installed: it is not tried`);
  return found;
};

function run(command: string, args: readonly string[]): void {
  children.push(spawn(command, args, { stdio: 'ignore' }));
}

test.skipIf(!has('collectd', '-h'))("collectd's write_graphite", async () => {
  const { tail, portOf, intake } = await started();
  const dir = mkdtempSync(join(tmpdir(), 'territory-collectd-'));
  const config = join(dir, 'collectd.conf');
  writeFileSync(
    config,
    `BaseDir "${dir}"
PIDFile "${dir}/pid"
Hostname "web-1"
Interval 1
LoadPlugin load
LoadPlugin uptime
LoadPlugin write_graphite
<Plugin write_graphite>
  <Node "territory">
    Host "127.0.0.1"
    Port "${portOf('graphite')}"
    Protocol "tcp"
    Prefix "collectd."
  </Node>
</Plugin>
`,
  );
  run('collectd', ['-f', '-C', config]);
  await vi.waitUntil(() => find(tail, 'collectd.web-1.load.load.shortterm'), { timeout });
  const load = find(tail, 'collectd.web-1.load.load.shortterm');
  expect(load).toMatchObject({ type: 'metric', attributes: { 'metric.type': 'gauge' } });
  expect(Math.abs((load?.time ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(await intake('graphite')).toMatchObject({ refused: 0 });
  tail.close();
});

test.skipIf(!has('carbon-relay', '--help'))('the pickles of carbon-relay', async () => {
  const { tail, portOf, intake } = await started();
  const dir = mkdtempSync(join(tmpdir(), 'territory-carbon-'));
  const config = join(dir, 'carbon.conf');
  const port = await freePort();
  writeFileSync(join(dir, 'storage-schemas.conf'), '[all]\npattern = .*\nretentions = 60s:1d\n');
  writeFileSync(
    config,
    `[relay]
USER =
CONF_DIR = ${dir}/
LOG_DIR = ${dir}/
PID_DIR = ${dir}/
LOCAL_DATA_DIR = ${dir}/
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = ${port}
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = 0
RELAY_METHOD = consistent-hashing
DESTINATIONS = 127.0.0.1:${portOf('graphite-pickle')}:a
CARBON_METRIC_INTERVAL = 0
`,
  );
  run('carbon-relay', [`--config=${config}`, '--nodaemon', `--pidfile=${dir}/pid`, 'start']);
  const lines = Array.from({ length: 1_000 }, (_, i) => `a.b${i};host=web-1 ${i} ${seconds()}\n`);
  await vi.waitUntil(() => sent(port, lines.join('')), { timeout, interval: 200 });
  await vi.waitUntil(async () => (await intake('graphite-pickle'))?.accepted === 1_000, {
    timeout,
  });
  await vi.waitUntil(() => find(tail, 'a.b999'), { timeout });
  expect(find(tail, 'a.b999')).toMatchObject({ metric: 999, host: 'web-1' });
  expect(await intake('graphite-pickle')).toMatchObject({ refused: 0 });
  tail.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Whether somebody listened there and took all of it. */
function sent(port: number, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    socket.once('error', () => resolve(false)).once('finish', () => resolve(true));
    socket.resume();
  });
}
