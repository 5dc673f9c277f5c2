import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program } from '../load/server.ts';

const isReady = async (port: number): Promise<boolean> =>
  (await fetch(`http://127.0.0.1:${port}/-/ready`)).ok;

/** Prometheus that takes remote-write. It writes its log ahead without waiting for the disk. */
export const prometheus: Program = {
  command: 'prometheus',
  args: (port, dir) => {
    const config = join(dir, 'prometheus.yml');
    writeFileSync(config, 'global: {}\n');
    return [
      '--web.enable-remote-write-receiver',
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
  },
  ready: isReady,
};

/** VictoriaMetrics, which answers when it has samples in memory. */
export const victoriaMetrics: Program = {
  command: 'victoria-metrics',
  args: (port, dir) => [`-storageDataPath=${dir}`, `-httpListenAddr=127.0.0.1:${port}`],
  ready: async (port) => (await fetch(`http://127.0.0.1:${port}/health`)).ok,
};

/** What a program counts of itself under a name, all together. */
export async function countedBy(port: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
