import { Redis } from 'ioredis';
import { type Program, start } from '../load/server.ts';

const program: Program = {
  command: 'redis-server',
  args: (port, dir) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
  ],
  ready: async (port) => {
    const redis = new Redis(port, { lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    await redis.connect();
    redis.disconnect();
    return true;
  },
};

/** A Redis stream with an fsync before every answer: what `measure` finds for one XADD. */
export async function redisStream(
  bytes: Buffer,
  measure: (append: () => Promise<unknown>) => Promise<number>,
): Promise<number> {
  const server = await start(program);
  const redis = new Redis(server.port);
  const rate = await measure(() => redis.xadd('bench', '*', 'd', bytes));
  redis.disconnect();
  await server.stop();
  return rate;
}
