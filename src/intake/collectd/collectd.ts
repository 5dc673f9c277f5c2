import type { ListenerContext, SocketProtocol } from '../sockets/protocol.ts';
import { intakeErrors } from '../errors.ts';
import { Counters } from './counters.ts';
import { DataSources } from './data-sources.ts';
import { type Guard, levels, PacketReader } from './packet.ts';
import { Readings } from './readings.ts';
import { AuthFile } from './users.ts';

/** The AuthFile is looked at so often, ms. */
const refreshEvery = 5_000;

/** collectd's binary protocol, as its network plugin sends it: docs/protocols/collectd.md. */
export const collectd: SocketProtocol = {
  name: 'collectd',
  title: 'collectd',
  port: 25826,
  transports: ['udp'],
  open: (context) => {
    // As the schema of `intakes.collectd` has checked them.
    const settings = context.settings as unknown as Settings;
    const counters = new Counters(settings.maxSeries, context.now);
    const readings = new Readings(DataSources.read(settings.typesDb), counters);
    const reader = new PacketReader(readings, guardOf(settings, context));
    return { datagrams: { datagram: (bytes) => reader.read(bytes) } };
  },
};

interface Settings {
  readonly securityLevel: keyof typeof levels;
  readonly authFile?: string;
  readonly typesDb: readonly string[];
  readonly maxSeries: number;
}

function guardOf({ securityLevel, authFile }: Settings, context: ListenerContext): Guard {
  const level = levels[securityLevel];
  if (authFile === undefined) {
    if (level === levels.none) return { level, users: () => undefined };
    const message = `intakes.collectd.securityLevel is ${securityLevel}: name the users in intakes.collectd.authFile`;
    throw intakeErrors('SOURCE', message);
  }
  const file = new AuthFile(authFile);
  context.every(refreshEvery, () => file.refresh());
  return { level, users: () => file.users };
}
