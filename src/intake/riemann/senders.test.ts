import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { openTail } from '../../../test/system/tail-reader.suite.ts';
import type { IntakesAnswer } from '../../server/api/contract-intakes.ts';
import { type Flags, startServer } from '../../server/compose/running.suite.ts';

vi.setConfig({ testTimeout: 60_000 });
const run = promisify(execFile);

/** Debian: riemann-c-client. */
const hasClient = spawnSync('riemann-client', ['--version']).error === undefined;
// oxlint-disable-next-line no-console -- why tests are skipped
if (!hasClient) console.log('riemann-client is not installed: it is not tried');

async function started(flags: Flags = {}) {
  const server = await startServer({ 'intakes.enabled': true, ...flags });
  const intakes = async () => (await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer;
  const intake = async (name: string) => (await intakes()).find((one) => one.name === name);
  const portOf = async (name: string) => String((await intake(name))?.port ?? 0);
  return { server, intake, portOf };
}

test.skipIf(!hasClient)('riemann-client sends by TCP and UDP, and asks', async () => {
  const { intake, portOf } = await started();
  const port = await portOf('riemann');
  const event = ['-S', 'cpu', '-h', 'web1', '-s', 'ok', '-d', '0.25', '-t', 'eu', '-a', 'dc=par'];
  await run('riemann-client', ['send', '-T', ...event, '127.0.0.1', port]);
  expect(await intake('riemann')).toMatchObject({ accepted: 1, refused: 0 });
  await run('riemann-client', ['send', '-U', '-S', 'disk', '-i', '7', '127.0.0.1', port]);
  await vi.waitFor(async () => expect((await intake('riemann'))?.accepted).toBe(2), 20_000);

  const ask = async (query: string): Promise<string> =>
    (await run('riemann-client', ['query', '-j', query, '127.0.0.1', port])).stdout;
  await vi.waitFor(async () => expect(await ask('service = "cpu"')).toContain('"web1"'), 20_000);
  const [found, ...more] = JSON.parse(await ask('service = "cpu" and tagged "eu"')) as object[];
  expect(found).toMatchObject({
    host: 'web1',
    service: 'cpu',
    state: 'ok',
    metric_d: 0.25,
  });
  expect(more).toEqual([]);
  expect(JSON.parse(await ask('service = "none"'))).toEqual([]);
  await expect(ask('service = ')).rejects.toThrow('Command failed');
});

test.skipIf(!hasClient)('over TLS, when the server has a certificate', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'territory-tls-'));
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject];
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const { intake, portOf } = await started({ 'tls.cert': cert, 'tls.key': key });
  const tls = ['-G', '-o', `cafile=${cert}`, '-o', `certfile=${cert}`, '-o', `keyfile=${key}`];
  const port = await portOf('riemann-tls');
  await run('riemann-client', ['send', ...tls, '-S', 'cpu', '-i', '1', 'localhost', port]);
  await vi.waitFor(async () => expect((await intake('riemann-tls'))?.accepted).toBe(1), 20_000);
  vi.unstubAllEnvs();
});

/** Debian: collectd-core, whose plugin needs the library that comes with riemann-c-client. */
const plugin = '/usr/lib/collectd/write_riemann.so';
const hasPlugin =
  existsSync(plugin) && hasClient && !spawnSync('ldd', [plugin]).stdout.includes('not found');
// oxlint-disable-next-line no-console -- why tests are skipped
if (!hasPlugin) console.log('write_riemann of collectd is not installed: it is not tried');

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
});

test.skipIf(!hasPlugin)("collectd's write_riemann, in batches by TCP", async () => {
  const { server, intake, portOf } = await started();
  const dir = mkdtempSync(join(tmpdir(), 'territory-collectd-'));
  const config = join(dir, 'collectd.conf');
  writeFileSync(
    config,
    `BaseDir "${dir}"
PIDFile "${dir}/pid"
Hostname "web-1"
Interval 1
LoadPlugin load
LoadPlugin memory
LoadPlugin write_riemann
<Plugin write_riemann>
  <Node "territory">
    Host "127.0.0.1"
    Port "${await portOf('riemann')}"
    Protocol TCP
    Batch true
    BatchFlushTimeout 1
  </Node>
  Tag "collectd"
</Plugin>
`,
  );
  const tail = await openTail(`${server.url}/api/v1/tail?stream=readings`, server.token, undefined);
  children.push(spawn('collectd', ['-f', '-C', config], { stdio: 'ignore' }));
  const find = () =>
    tail.seen.map(({ event }) => event).find(({ name }) => name === 'load/load/shortterm');
  await vi.waitUntil(find, { timeout: 40_000 });
  expect(find()).toMatchObject({
    type: 'metric',
    source: '/riemann/127.0.0.1',
    host: 'web-1',
    ttl: 2,
    tags: ['collectd'],
    attributes: { plugin: 'load', ds_name: 'shortterm', ds_type: 'gauge' },
  });
  expect(await intake('riemann')).toMatchObject({ refused: 0 });
  tail.close();
});
