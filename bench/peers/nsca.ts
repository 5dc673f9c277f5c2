import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../load/server.ts';

const outputOf = (dir: string): string => join(dir, 'commands');

/** Debian's nsca as one process: it appends commands to a file that a Nagios would read from a pipe. */
export const nscaDaemon: Program = {
  command: 'nsca',
  args: (port, dir) => {
    const config = join(dir, 'nsca.cfg');
    const { username } = userInfo();
    const settings = [
      `server_port=${port}`,
      'server_address=127.0.0.1',
      `nsca_user=${username}`,
      `nsca_group=${username}`,
      `pid_file=${join(dir, 'pid')}`,
      'debug=0',
      `command_file=${outputOf(dir)}`,
      `alternate_dump_file=${outputOf(dir)}`,
      'append_to_file=1',
      'aggregate_writes=1',
      'max_packet_age=30',
      'decryption_method=0',
    ];
    writeFileSync(outputOf(dir), '');
    writeFileSync(config, `${settings.join('\n')}\n`);
    return ['-c', config, '--single', '-f'];
  },
  ready: (port) =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    }),
};

/** Results that it has written so far. */
export function writtenBy(dir: string): number {
  return readFileSync(outputOf(dir), 'latin1').split('\n').length - 1;
}
