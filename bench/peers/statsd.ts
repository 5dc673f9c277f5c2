import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Program } from '../load/server.ts';

/** The statsd of npm. Its flush is put off, so that its counters hold all that it took. */
export const npmStatsd: Program = {
  command: process.execPath,
  args: (port, dir) => {
    const config = join(dir, 'config.js');
    const settings = {
      address: '127.0.0.1',
      port,
      mgmt_address: '127.0.0.1',
      mgmt_port: port,
      flushInterval: 3_600_000,
      backends: [],
    };
    writeFileSync(config, JSON.stringify(settings));
    return [new URL('../node_modules/statsd/stats.js', import.meta.url).pathname, config];
  },
  ready: async (port) => (await managed(port, 'health')).startsWith('health'),
};

/** What it counted under names of ours, all together. */
export async function countedBy(port: number): Promise<number> {
  const counters = await managed(port, 'counters');
  const ours = counters.matchAll(/'bench\.c\d+': (\d+)/g);
  return [...ours].reduce((sum, [, count]) => sum + Number(count), 0);
}

function managed(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(`${command}\n`));
    socket
      .on('data', (part) => (said += String(part)))
      .once('end', () => resolve(said))
      .once('error', reject);
  });
}
