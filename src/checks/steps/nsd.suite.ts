import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The program of NSD, a name server; undefined: it is not installed. */
export const nsdProgram = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'nsd'))
  .find((path) => existsSync(path));
if (nsdProgram === undefined)
  process.stderr.write('NSD is not installed (Debian: nsd): tests of DNS are skipped\n');

/** A port of UDP that nobody has. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((done) => socket.close(done));
  return port;
}

/**
 * Starts a name server of these zones, by their names; `undefined` is one that is not there, which is
 * SERVFAIL. Gives how to stop it.
 */
export async function startNsd(
  address: string,
  port: number,
  zones: Readonly<Record<string, string | undefined>>,
): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'territory-nsd-'));
  const place = (name: string): string => join(folder, name);
  const server = [
    `ip-address: ${address}@${port}`,
    'username: ""',
    'chroot: ""',
    `zonesdir: "${folder}"`,
    'database: ""',
    ...['pidfile', 'xfrdfile', 'zonelistfile', 'cookie-secret-file'].map(
      (name) => `${name}: "${place(name)}"`,
    ),
    `xfrdir: "${folder}"`,
    'server-count: 1',
    'verbosity: 0',
  ];
  const all = Object.entries(zones).flatMap(([name, text]) => {
    if (text !== undefined) writeFileSync(place(`${name}.zone`), text);
    return ['zone:', `  name: "${name}"`, `  zonefile: "${name}.zone"`];
  });
  const lines = ['server:', ...server.map((line) => `  ${line}`)];
  const control = ['remote-control:', '  control-enable: no'];
  writeFileSync(place('nsd.conf'), [...lines, ...control, ...all, ''].join('\n'));
  const child = spawn(nsdProgram ?? '', ['-d', '-c', place('nsd.conf')], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`${address}:${port}`]);
  const until = performance.now() + 20_000;
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- until it answers
      await resolver.resolveSoa(Object.keys(zones)[0] ?? '');
      break;
    } catch (error) {
      if (performance.now() > until) throw error;
      // oxlint-disable-next-line no-await-in-loop -- until it answers
      await pause(50);
    }
  }
  return async () => {
    child.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
}
