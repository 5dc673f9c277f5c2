import type { SocketProtocol } from '../sockets/protocol.ts';
import { Interval } from './interval.ts';
import { Messages } from './messages.ts';
import type { SignedGauges } from './series.ts';
import { MessageStream } from './stream.ts';

/** The longest that a timer can be set to, ms: some 24 days. */
const never = 2 ** 31 - 1;

/** StatsD and DogStatsD: docs/protocols/statsd.md. */
export const statsd: SocketProtocol = {
  name: 'statsd',
  title: 'StatsD, DogStatsD',
  port: 8125,
  transports: ['udp', 'tcp'],
  open: (context) => {
    // As the schema of `intakes.statsd` has checked them.
    const settings = context.settings as unknown as Settings;
    const { now, take, sampled, every } = context;
    const { maxKeys, signedGauges } = settings;
    const interval = new Interval({ maxKeys, signedGauges, now, take });
    every(settings.flushInterval, () => interval.flush());
    // What is called once more when the listener closes; flushing in slices would be too late then.
    every(never, () => interval.finish());
    const datagrams = new Messages(interval);
    return {
      datagrams: {
        datagram: (bytes) => {
          const others = datagrams.readAll(bytes);
          const samples = datagrams.takeSamples();
          if (samples > 0) sampled(samples);
          return others;
        },
      },
      connection: () => new MessageStream(new Messages(interval), sampled),
    };
  },
};

interface Settings {
  /** ms */
  readonly flushInterval: number;
  readonly maxKeys: number;
  readonly signedGauges: SignedGauges;
}
