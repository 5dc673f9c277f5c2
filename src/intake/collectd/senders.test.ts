import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openTail } from '../../../test/system/tail-reader.suite.ts';
import type { IntakesAnswer } from '../../server/api/contract-intakes.ts';
import { type Flags, startServer } from '../../server/compose/running.suite.ts';

vi.setConfig({ testTimeout: 60_000 });
const timeout = 40_000;

/** Debian: collectd-core. */
const hasCollectd = spawnSync('collectd', ['-h']).error === undefined;
// oxlint-disable-next-line no-console -- why tests are skipped
if (!hasCollectd) console.log('collectd is not installed: it is not tried');

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
});

/** collectd with its network plugin, sending to `port`. */
function runCollectd(port: number, security: string): void {
  const dir = mkdtempSync(join(tmpdir(), 'territory-collectd-'));
  const config = join(dir, 'collectd.conf');
  writeFileSync(
    config,
    `BaseDir "${dir}"
PIDFile "${dir}/pid"
Hostname "web-1"
Interval 1
LoadPlugin load
LoadPlugin interface
LoadPlugin threshold
LoadPlugin network
<Plugin network>
  MaxPacketSize 1452
  <Server "127.0.0.1" "${port}">
    ${security}
  </Server>
</Plugin>
<Plugin threshold>
  <Plugin load>
    <Type load>
      WarningMax -1
      Persist true
    </Type>
  </Plugin>
</Plugin>
`,
  );
  children.push(spawn('collectd', ['-f', '-C', config], { stdio: 'ignore' }));
}

const authFile = join(mkdtempSync(join(tmpdir(), 'territory-auth-')), 'auth');
writeFileSync(authFile, 'ada: s3cret\n');

async function started(flags: Flags) {
  const server = await startServer({ 'intakes.enabled': true, ...flags });
  const intake = async () =>
    ((await (await server.ask('/api/v1/intakes')).json()) as IntakesAnswer).find(
      ({ name }) => name === 'collectd',
    );
  const tail = await openTail(`${server.url}/api/v1/tail?stream=readings`, server.token, undefined);
  const find = (name: string, type = 'metric') =>
    tail.seen.map(({ event }) => event).find((event) => event.name === name && event.type === type);
  return { intake, find, tail, port: (await intake())?.port ?? 0 };
}

const as = (level: string, password = 's3cret') =>
  `SecurityLevel "${level}"\n Username "ada"\n Password "${password}"`;

test.skipIf(!hasCollectd).each<readonly [level: string, security: string, flags: Flags]>([
  ['none', '', {}],
  ['sign', as('Sign'), { 'intakes.collectd.authFile': authFile }],
  ['encrypt', as('Encrypt'), { 'intakes.collectd.authFile': authFile }],
])("collectd's network plugin, SecurityLevel %s", async (level, security, flags) => {
  const { intake, find, tail, port } = await started({
    ...flags,
    'intakes.collectd.securityLevel': level,
  });
  runCollectd(port, security);
  await vi.waitUntil(
    () => find('load.shortterm') && find('interface.if_octets.rx') && find('load', 'event'),
    { timeout },
  );
  expect(find('load.shortterm')).toMatchObject({
    source: '/collectd/127.0.0.1',
    host: 'web-1',
    ttl: 2,
    attributes: { 'metric.type': 'gauge' },
  });
  expect(Math.abs((find('load.shortterm')?.time ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(find('interface.if_octets.rx')).toMatchObject({
    attributes: { 'metric.type': 'delta', plugin_instance: expect.any(String) },
  });
  expect(find('load', 'event')).toMatchObject({
    state: 'warning',
    data: expect.stringContaining('threshold'),
    attributes: { severity: 'warning' },
  });
  expect(await intake()).toMatchObject({ refused: 0, state: 'listening' });
  tail.close();
});

test.skipIf(!hasCollectd)('a collectd with another password is turned away', async () => {
  const { intake, tail, port } = await started({
    'intakes.collectd.authFile': authFile,
    'intakes.collectd.securityLevel': 'encrypt',
  });
  runCollectd(port, as('Encrypt', 'guessed'));
  await vi.waitUntil(async () => ((await intake())?.refused ?? 0) > 0, { timeout });
  expect(await intake()).toMatchObject({ accepted: 0 });
  expect(Object.keys((await intake())?.refusedBy ?? {})).toEqual(['TERR_INTAKE_SIGNATURE']);
  tail.close();
});
