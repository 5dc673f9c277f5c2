import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type Program, start } from '../load/server.ts';

const program: Program = {
  command: 'nats-server',
  args: (port, dir) => ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', dir],
  ready: async (port) => {
    const nc = await connect({ port });
    await nc.close();
    return true;
  },
};

/** NATS JetStream, one server, file storage: what `measure` finds for one publish with its ack. */
export async function jetStream(
  bytes: Buffer,
  measure: (append: () => Promise<unknown>) => Promise<number>,
): Promise<number> {
  const server = await start(program);
  const nc = await connect({ port: server.port });
  await (await jetstreamManager(nc)).streams.add({ name: 'bench', subjects: ['bench'] });
  const js = jetstream(nc);
  const rate = await measure(() => js.publish('bench', bytes));
  await nc.close();
  await server.stop();
  return rate;
}
