import type { Decoded, Refused } from '../decoded.ts';
import { Pieces } from '../pieces.ts';
import type { ListenerContext, Peer, SocketProtocol, StreamDecoder } from '../sockets/protocol.ts';
import { Chunks, isChunk } from './chunks.ts';
import { decodeGelf } from './message.ts';
import { tooLong, unpackGelf } from './unpack.ts';

/** Between two looks for messages whose chunks did not arrive, ms. */
const expiryMs = 1_000;

/** GELF 1.1 by UDP and TCP: `docs/protocols/gelf.md`. */
export const gelf: SocketProtocol = {
  name: 'gelf',
  title: 'GELF (Graylog)',
  port: 12201,
  transports: ['udp', 'tcp'],
  open: (context) => {
    const most = numberOf(context, 'maxMessage', 1024 * 1024);
    const chunks = new Chunks(numberOf(context, 'maxChunked', 1_000), most);
    context.every(expiryMs, () => {
      const expired = [...chunks.expire(context.now())];
      if (expired.length > 0) context.take(expired);
    });
    return {
      datagrams: { datagram: (bytes, peer) => datagram(bytes, peer, { context, chunks, most }) },
      connection: (peer) => connection(hostOf(peer, context), most, context),
    };
  },
};

function numberOf({ settings }: ListenerContext, name: string, otherwise: number): number {
  const value = settings[name];
  return typeof value === 'number' ? value : otherwise;
}

interface Place {
  readonly context: ListenerContext;
  readonly chunks: Chunks;
  readonly most: number;
}

function* datagram(
  bytes: Buffer,
  peer: Peer,
  { context, chunks, most }: Place,
): Generator<Decoded> {
  const now = context.now();
  let whole: Buffer | { readonly refused: Refused } | undefined = bytes;
  if (isChunk(bytes)) {
    yield* chunks.makeRoom(bytes, peer.address);
    whole = chunks.add(bytes, peer.address, now);
  }
  if (whole === undefined) return;
  const message = Buffer.isBuffer(whole) ? unpackGelf(whole, most) : whole;
  yield Buffer.isBuffer(message) ? decodeGelf(message, hostOf(peer, context), now) : message;
}

/** By TCP messages are plain, and end with a NUL. */
function connection(host: string, most: number, { now }: ListenerContext): StreamDecoder {
  const pieces = new Pieces();
  let passing = false;
  function* message(last: Buffer): Generator<Decoded> {
    if (pieces.length + last.length > most) {
      pieces.clear();
      yield tooLong(most);
      return;
    }
    const whole = pieces.take(last);
    if (!isBlank(whole)) yield decodeGelf(whole, host, now());
  }
  return {
    *data(chunk): Generator<Decoded> {
      let at = 0;
      for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, at)) {
        if (!passing) yield* message(chunk.subarray(at, end));
        passing = false;
        at = end + 1;
      }
      if (passing) return;
      const rest = chunk.subarray(at);
      if (pieces.length + rest.length <= most) {
        pieces.add(rest);
        return;
      }
      passing = true;
      pieces.clear();
      yield tooLong(most);
    },
    *end(): Generator<Decoded> {
      if (!passing) yield* message(Buffer.alloc(0));
    },
  };
}

/** Nothing, or the newline that some put behind the NUL. */
function isBlank(bytes: Buffer): boolean {
  return bytes.length < 3 && bytes.every((byte) => byte === 0x0a || byte === 0x0d);
}

function hostOf({ address }: Peer, { host }: ListenerContext): string {
  const here = address === 'local' || address === '::1' || address.startsWith('127.');
  return here ? host : address;
}
