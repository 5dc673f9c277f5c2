import type { CodedError } from '../../errors/coded-error.ts';
import type { Draft } from '../../event/event.ts';
import type { Decoded } from '../decoded.ts';

/** Who is at the other end of a connection, or sent a datagram. */
export interface Peer {
  /** IP address as text, without `::ffff:`; `local` behind a unix socket. */
  readonly address: string;
  readonly port: number;
}

/**
 * To be written to the connection once everything decoded before it is durable, or has failed: then
 * with why. In the order in which they were yielded, each after the one before it.
 */
export interface Reply {
  readonly reply: (failure: CodedError | undefined) => Uint8Array | Promise<Uint8Array>;
}

/** Whether it is an answer for the other end. */
export function isReply(one: object): one is Reply {
  return 'reply' in one;
}

/** What a listener gives to its decoders. */
export interface ListenerContext {
  /** The settings of the protocol, `intakes.<name>`, as loaded: ms, bytes, texts, lists. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** ms since the epoch, UTC. */
  readonly now: () => number;
  /** Name of this machine, for senders that do not say theirs. */
  readonly host: string;
  /**
   * Takes what belongs to nobody's datagram: readings gathered over an interval.
   * `source` of drafts that have none is `/<protocol>`.
   */
  readonly take: (decoded: Iterable<Decoded>) => void;
  /**
   * Counts samples that went into an interval's readings: of the sender whose bytes are being
   * decoded, as accepted. Only for protocols that aggregate; else events are counted.
   */
  readonly sampled: (count: number) => void;
  /** Calls at every interval (ms) until the listener closes, and once more then. */
  readonly every: (ms: number, call: () => void) => void;
  /** Asks the latest readings of each key by a `where`; rejects with a CodedError. */
  readonly latest: (where: string, limit: number) => Promise<readonly Draft[]>;
}

/** Decodes what one listener gets as datagrams. Never throws: what is wrong is yielded. */
export interface DatagramDecoder {
  readonly datagram: (bytes: Buffer, peer: Peer) => Iterable<Decoded>;
}

/**
 * Decodes one connection. What is left of an unfinished frame is kept by the decoder and bounded by
 * it. Throwing a CodedError ends the connection, after what was yielded before; the error is
 * counted and shown.
 */
export interface StreamDecoder {
  /** Sent as soon as the connection is open. */
  readonly greeting?: () => Uint8Array;
  readonly data: (chunk: Buffer) => Iterable<Decoded | Reply>;
  /** The other end has sent all: an unfinished frame may be taken or refused. */
  readonly end?: () => Iterable<Decoded | Reply>;
}

/**
 * A protocol of its own sockets. Runs in the listeners' thread: what it costs is never on the way of
 * other senders' acknowledgements. `open` is called once for each listener.
 */
export interface SocketProtocol {
  /** In `GET /api/v1/intakes`; also its group of settings, unless `settings` names another. */
  readonly name: string;
  /** What it is called by people, e.g. `StatsD, DogStatsD`. */
  readonly title: string;
  /** Where it listens unless the settings say otherwise. */
  readonly port: number;
  readonly transports: readonly ('udp' | 'tcp')[];
  /** Of a second port of a protocol: where its settings are, and which of them is the port. */
  readonly settings?: { readonly group: string; readonly port: string };
  /** TCP with TLS, by the server's certificate; there is no listener without one. */
  readonly tls?: true;
  readonly open: (context: ListenerContext) => {
    readonly datagrams?: DatagramDecoder;
    readonly connection?: (peer: Peer) => StreamDecoder;
  };
}
