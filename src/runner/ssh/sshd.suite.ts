import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SshPlace } from './connection.ts';

const sshd = '/usr/sbin/sshd';

/** Why tests with a real sshd can not run here; empty: they can. */
export const noSshd = [sshd, '/usr/bin/ssh', '/usr/bin/ssh-keygen'].every((path) =>
  existsSync(path),
)
  ? ''
  : 'openssh-server is not installed';

/** A real sshd of this user, behind a wire that can be cut. */
export interface Sshd {
  /** By the wire; another command there, and other options, where they are given. */
  readonly place: (command: readonly string[], options?: SshPlace['options']) => SshPlace;
  /** Drops all connections; what comes meanwhile is dropped too until `mend`. */
  readonly cut: () => void;
  readonly mend: () => void;
  /** Connections that there are. */
  readonly count: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts it in a folder, with keys of its own for both sides. */
export async function startSshd(folder: string): Promise<Sshd> {
  for (const key of ['host', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)]);
  writeFileSync(join(folder, 'authorized'), readFileSync(join(folder, 'user.pub')));
  // As root it wants a place to be jailed in, which the package makes at its start.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const { daemon, port } = await startDaemon(folder);
  const sockets = new Set<Socket>();
  let whole = true;
  const wire = createServer((socket) => {
    if (!whole) return socket.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [end, other] of [
      [socket, far],
      [far, socket],
    ] as const) {
      sockets.add(end);
      end
        .on('error', () => undefined)
        .once('close', () => {
          sockets.delete(end);
          other.destroy();
        });
    }
    socket.pipe(far).pipe(socket);
  });
  wire.listen(0, '127.0.0.1');
  await once(wire, 'listening');
  const wirePort = (wire.address() as AddressInfo).port;
  const known = readFileSync(join(folder, 'host.pub'), 'utf8');
  writeFileSync(join(folder, 'known'), `[127.0.0.1]:${wirePort} ${known}`);
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    place: (command, options = {}) => ({
      target: `${userInfo().username}@127.0.0.1`,
      options: {
        port: wirePort,
        identity: join(folder, 'user'),
        config: '/dev/null',
        command,
        ...options,
        set: {
          UserKnownHostsFile: join(folder, 'known'),
          StrictHostKeyChecking: 'yes',
          ...options.set,
        },
      },
    }),
    cut,
    mend: () => (whole = true),
    count: () => sockets.size,
    stop: async () => {
      cut();
      wire.close();
      const gone = daemon.exitCode === null ? once(daemon, 'exit') : undefined;
      daemon.kill('SIGTERM');
      await gone;
    },
  };
}

/** On a free port, which another may take before it does: then on the next one. */
async function startDaemon(folder: string): Promise<{ daemon: ChildProcess; port: number }> {
  for (let i = 0; ; i++) {
    const port = await freePort();
    const settings = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized')}`,
      'PidFile none',
      'UsePAM no',
      // The folder is a temporary one, in a folder where everybody may write.
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'MaxStartups 100',
    ];
    writeFileSync(join(folder, 'config'), `${settings.join('\n')}\n`);
    const daemon = spawn(sshd, ['-D', '-e', '-f', join(folder, 'config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    daemon.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
    while (daemon.exitCode === null && !words.includes('Server listening on')) await delay(20);
    if (daemon.exitCode === null) return { daemon, port };
    if (i === 3) throw new Error(`sshd does not start: ${words}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
