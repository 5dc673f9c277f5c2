import { CodedError } from '../../errors/coded-error.ts';
import { type Decoded, isRefused, type Refused, refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import { Pieces } from '../pieces.ts';
import type { ListenerContext, Reply, SocketProtocol, StreamDecoder } from '../sockets/protocol.ts';
import { acknowledged, failed, found } from './encode.ts';
import { toDraft } from './event.ts';
import { type Message, readMessage } from './message.ts';
import { toWhere } from './query.ts';

/** Bytes of the length before each message. */
const prefix = 4;
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

/** Messages with their lengths before them (32 bits, big-endian), each answered. */
class MessageStream implements StreamDecoder {
  readonly #limit: number;
  readonly #context: ListenerContext;
  readonly #rest = new Pieces();
  /** Bytes that the message in `rest` has with its length. */
  #wanted = prefix;

  constructor(limit: number, context: ListenerContext) {
    this.#limit = limit;
    this.#context = context;
  }

  *data(chunk: Buffer): Generator<Decoded | Reply> {
    if (this.#rest.length + chunk.length < this.#wanted) {
      this.#rest.add(chunk);
      return;
    }
    // Into a list: a generator within a generator would be half of the work.
    const out: (Decoded | Reply)[] = [];
    const problem = this.#messages(this.#rest.take(chunk), out);
    for (const one of out) yield one;
    if (problem !== undefined) throw problem;
  }

  *end(): Generator<Decoded> {
    if (this.#rest.length === 0) return;
    const message = `the connection ended in the middle of a message: ${this.#rest.length} of ${this.#wanted} bytes came`;
    yield refused('TERR_INTAKE_DECODE', message);
  }

  /** Reads all messages that are there; gives why nothing more can be read. */
  #messages(bytes: Buffer, out: (Decoded | Reply)[]): Error | undefined {
    let at = 0;
    this.#wanted = prefix;
    while (bytes.length - at >= prefix) {
      const length = bytes.readUInt32BE(at);
      if (length > this.#limit) return tooLong(length, this.#limit);
      this.#wanted = prefix + length;
      if (bytes.length - at < this.#wanted) break;
      this.#message(bytes.subarray(at + prefix, at + this.#wanted), out);
      at += this.#wanted;
      this.#wanted = prefix;
    }
    this.#rest.add(bytes.subarray(at));
    return undefined;
  }

  #message(bytes: Buffer, out: (Decoded | Reply)[]): void {
    let message: Message;
    try {
      message = readMessage(bytes);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      // Where the next one begins is known all the same.
      out.push(refused(error.code, error.message), no(error.message));
      return;
    }
    const { events, query } = message;
    let taken = events.length === 0;
    let wrong: Refused | undefined;
    for (const event of events) {
      const decoded = toDraft(event);
      if (isRefused(decoded)) wrong ??= decoded.refused;
      else taken = true;
      out.push(decoded);
    }
    if (query !== undefined) out.push({ reply: () => this.#found(query) });
    // One answer for all: it is no only when nothing was taken, or the client would send again what was.
    else out.push(!taken && wrong !== undefined ? no(wrong.message) : yes);
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
