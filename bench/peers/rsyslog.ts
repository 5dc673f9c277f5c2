import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Program } from '../load/server.ts';

/** Where it writes what it took, under its directory. */
export const written = 'out.log';

/** Debian's rsyslog: by UDP and TCP into a file, as people collect logs with it. */
export const rsyslog: Program = {
  command: 'rsyslogd',
  args: (port, dir) => {
    const config = join(dir, 'rsyslog.conf');
    writeFileSync(
      config,
      `global(workDirectory="${dir}")
module(load="imtcp")
module(load="imudp")
input(type="imtcp" port="${port}" address="127.0.0.1")
input(type="imudp" port="${port}" address="127.0.0.1")
action(type="omfile" file="${join(dir, written)}")
`,
    );
    return ['-n', '-f', config, '-i', join(dir, 'pid')];
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
