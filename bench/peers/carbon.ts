import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Program } from '../load/server.ts';

/** Graphite's carbon-cache as Debian has it: it answers for what it holds in memory. */
export const carbonCache: Program = {
  command: 'carbon-cache',
  args: (port, dir) => {
    const config = join(dir, 'carbon.conf');
    const places = ['CONF_DIR', 'LOG_DIR', 'PID_DIR', 'LOCAL_DATA_DIR', 'STORAGE_DIR'];
    const settings = [
      '[cache]',
      'USER =',
      ...places.map((name) => `${name} = ${dir}/`),
      'LINE_RECEIVER_INTERFACE = 127.0.0.1',
      `LINE_RECEIVER_PORT = ${port}`,
      'PICKLE_RECEIVER_PORT = 0',
      'CACHE_QUERY_INTERFACE = 127.0.0.1',
      'CACHE_QUERY_PORT = 0',
      'MAX_CACHE_SIZE = inf',
      'LOG_LISTENER_CONNECTIONS = False',
    ];
    writeFileSync(config, `${settings.join('\n')}\n`);
    writeFileSync(join(dir, 'storage-schemas.conf'), '[all]\npattern = .*\nretentions = 10s:1h\n');
    return [`--config=${config}`, '--nodaemon', `--pidfile=${dir}/pid`, 'start'];
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
