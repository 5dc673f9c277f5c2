import type { SocketProtocol } from '../sockets/protocol.ts';
import { LineStream, linesIn } from './lines.ts';
import { PickleStream } from './pickles.ts';

/** Graphite's lines: docs/protocols/graphite.md. */
export const graphite: SocketProtocol = {
  name: 'graphite',
  title: 'Graphite',
  port: 2003,
  transports: ['tcp', 'udp'],
  open: () => ({
    datagrams: { datagram: (bytes) => linesIn(bytes) },
    connection: () => new LineStream(),
  }),
};

/** Graphite's pickles, as carbon's relays send them: docs/protocols/graphite.md. */
export const graphitePickle: SocketProtocol = {
  name: 'graphite-pickle',
  title: 'Graphite (pickle)',
  port: 2004,
  transports: ['tcp'],
  settings: { group: 'graphite', port: 'picklePort' },
  open: () => ({ connection: () => new PickleStream() }),
};
