import type { Decoded } from '../decoded.ts';
import type { ListenerContext, Peer, SocketProtocol, StreamDecoder } from '../sockets/protocol.ts';
import { type DecodeSyslog, syslogDecoder } from './decode.ts';
import { type Frame, SyslogFrames } from './frames.ts';

/** Syslog by UDP (RFC 5426) and TCP (RFC 6587): `docs/protocols/syslog.md`. */
export const syslog: SocketProtocol = {
  name: 'syslog',
  title: 'Syslog',
  port: 5140,
  transports: ['udp', 'tcp'],
  open: (context) => {
    const { decode, most } = settingsOf(context);
    return {
      datagrams: {
        datagram: (bytes, peer) => {
          const cut = bytes.length > most;
          const frame = { bytes: cut ? bytes.subarray(0, most) : bytes, cut };
          return [decodeFrame(decode, frame, hostOf(peer, context))];
        },
      },
      connection: connectionOf(context, decode, most),
    };
  },
};

/** Syslog by TLS, RFC 5425: the same stream inside. */
export const syslogTls: SocketProtocol = {
  name: 'syslog-tls',
  title: 'Syslog with TLS',
  port: 6514,
  transports: ['tcp'],
  settings: { group: 'syslog', port: 'tlsPort' },
  tls: true,
  open: (context) => {
    const { decode, most } = settingsOf(context);
    return { connection: connectionOf(context, decode, most) };
  },
};

function settingsOf(context: ListenerContext): { decode: DecodeSyslog; most: number } {
  const { zone, maxMessage } = context.settings;
  const most = typeof maxMessage === 'number' ? maxMessage : 65_536;
  const place = { zone: typeof zone === 'string' ? zone : undefined, now: context.now };
  try {
    return { decode: syslogDecoder(place), most };
  } catch (cause) {
    const message = `intakes.syslog.zone: ${String(zone)} is no time zone; write one like Europe/Berlin`;
    throw new Error(message, { cause });
  }
}

function connectionOf(
  context: ListenerContext,
  decode: DecodeSyslog,
  most: number,
): (peer: Peer) => StreamDecoder {
  return (peer) => {
    const frames = new SyslogFrames(most);
    const host = hostOf(peer, context);
    return {
      *data(chunk): Generator<Decoded> {
        for (const frame of frames.add(chunk)) yield decodeFrame(decode, frame, host);
      },
      *end(): Generator<Decoded> {
        const frame = frames.end();
        if (frame !== undefined) yield decodeFrame(decode, frame, host);
      },
    };
  };
}

function decodeFrame(decode: DecodeSyslog, { bytes, cut }: Frame, host: string): Decoded {
  return decode(bytes, host, cut);
}

/** RFC 5424, 6.2.4: without a name of its own, a sender is known by its address. */
function hostOf({ address }: Peer, { host }: ListenerContext): string {
  const here = address === 'local' || address === '::1' || address.startsWith('127.');
  return here ? host : address;
}
