import { CodedError } from '../../errors/coded-error.ts';
import { type Decoded, isRefused, type Refused, refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import { Pieces } from '../pieces.ts';
import type { ListenerContext, Reply, SocketProtocol, StreamDecoder } from '../sockets/protocol.ts';
import { acknowledged, failed, found } from './encode.ts';
import { toDraft } from './event.ts';
import { type Message, readMessage } from './message.ts';
import { toWhere } from './query.ts';

/** Events in the answer to one question. */
const maxFound = 10_000;

function open(context: ListenerContext) {
  const { maxMessage } = context.settings;
  const limit = typeof maxMessage === 'number' ? maxMessage : 16 << 20;
  return {
    datagrams: { datagram: (bytes: Buffer) => fromDatagram(bytes) },
    connection: () => new MessageStream(limit, context),
  };
}

const same = { title: 'Riemann', open } as const;

/** Riemann's protocol, each message acknowledged when it is durable: docs/protocols/riemann.md. */
export const riemann: SocketProtocol = {
  ...same,
  name: 'riemann',
  port: 5555,
  transports: ['tcp', 'udp'],
};

/** The same over TLS. */
export const riemannTls: SocketProtocol = {
  ...same,
  name: 'riemann-tls',
  title: 'Riemann (TLS)',
  port: 5554,
  transports: ['tcp'],
  settings: { group: 'riemann', port: 'tlsPort' },
  tls: true,
};

function* fromDatagram(bytes: Buffer): Generator<Decoded> {
  let message: Message;
  try {
    message = readMessage(bytes);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    yield refused(error.code, error.message);
    return;
  }
  for (const event of message.events) yield toDraft(event);
}

/** Messages with their lengths before them (RFC 4506 style, big-endian), each answered. */
class MessageStream implements StreamDecoder {
  readonly #limit: number;
  readonly #context: ListenerContext;
  readonly #rest = new Pieces();
  /** Bytes that the message in `rest` has with its length. */
  #wanted = 4;

  constructor(limit: number, context: ListenerContext) {
    this.#limit = limit;
    this.#context = context;
  }

  *data(chunk: Buffer): Generator<Decoded | Reply> {
    if (this.#rest.length + chunk.length < this.#wanted) {
      this.#rest.add(chunk);
      return;
    }
    const bytes = this.#rest.take(chunk);
    let at = 0;
    this.#wanted = 4;
    while (bytes.length - at >= 4) {
      const length = bytes.readUInt32BE(at);
      if (length > this.#limit) throw tooLong(length, this.#limit);
      if (bytes.length - at < 4 + length) {
        this.#wanted = 4 + length;
        break;
      }
      yield* this.#message(bytes.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.#rest.add(bytes.subarray(at));
  }

  *end(): Generator<Decoded> {
    if (this.#rest.length === 0) return;
    const message = `the connection ended in the middle of a message: ${this.#rest.length} of ${this.#wanted} bytes came`;
    yield refused('TERR_INTAKE_DECODE', message);
  }

  *#message(bytes: Buffer): Generator<Decoded | Reply> {
    let message: Message;
    try {
      message = readMessage(bytes);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      // Where the next one begins is known all the same.
      yield refused(error.code, error.message);
      yield no(error.message);
      return;
    }
    let taken = message.events.length === 0;
    let wrong: Refused | undefined;
    for (const event of message.events) {
      const decoded = toDraft(event);
      if (isRefused(decoded)) wrong ??= decoded.refused;
      else taken = true;
      yield decoded;
    }
    const { query } = message;
    if (query !== undefined) yield { reply: () => this.#found(query) };
    // One answer for all: it is no only when nothing was taken, or the client would send again what was.
    else if (!taken && wrong !== undefined) yield no(wrong.message);
    else yield yes;
  }

  async #found(query: string): Promise<Buffer> {
    try {
      return found(await this.#context.latest(toWhere(query), maxFound));
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      return failed(error.message);
    }
  }
}

const yes: Reply = {
  reply: (failure) => (failure === undefined ? acknowledged : failed(failure.message)),
};

function no(message: string): Reply {
  return { reply: () => failed(message) };
}

function tooLong(length: number, limit: number): Error {
  const message = `A message says that it has ${length} bytes; ${limit} are allowed (intakes.riemann.maxMessage). Is this Riemann's protocol?`;
  return intakeErrors('FRAME', message);
}
