import type { Socket } from 'node:net';
import { CodedError } from '../../errors/coded-error.ts';
import { type Decoded, isRefused, type Refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import { Answers } from './answers.ts';
import type { Courier, Party } from './courier.ts';
import { type Reply, type StreamDecoder, isReply } from './protocol.ts';

/** What one connection may have on the way to the log before no more of it is read, bytes. */
const maxUnsettled = 4 << 20;
/** Answers that the other end does not fetch, bytes; beyond them no more of it is read. */
const maxUnread = 1 << 20;
/** So long a connection that failed is kept for its last answers, ms. */
const lingerMs = 1_000;
/** So long it may leave them, ms. */
const unreadMs = 30_000;

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly decoder: StreamDecoder;
  readonly courier: Courier;
  readonly intake: string;
  readonly address: string;
  readonly source: string;
  readonly refuse: (party: Party, refused: Refused) => void;
  /** The party whose bytes are being decoded now. */
  readonly decoding: (party: Party) => void;
}

/**
 * One connection of a protocol: reads no more than the log takes, answers in order what is durable,
 * and ends when the other end has, or when what it sends can not be understood any more.
 */
export class Connection implements Party {
  readonly intake: string;
  readonly sender: string;
  readonly source: string;
  unsettled = 0;
  readonly #options: ConnectionOptions;
  readonly #answers: Answers;
  #from: number;
  #lastTaken = 0;
  #ended = false;
  #failed = false;
  #unread: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    const { socket, decoder, intake, address, source, courier } = options;
    this.#options = options;
    this.intake = intake;
    this.sender = address;
    this.source = source;
    this.#from = courier.seq;
    this.#answers = new Answers(
      (bytes) => this.#write(bytes),
      (cause) => this.#broken(cause),
    );
    const greeting = decoder.greeting?.();
    if (greeting) socket.write(greeting);
    socket.on('data', (chunk: Buffer) => this.#take(() => decoder.data(chunk)));
    socket.on('end', () => {
      this.#take(() => decoder.end?.() ?? []);
      this.#finish();
    });
    socket.on('drain', () => this.#drained());
    socket.on('close', () => clearTimeout(this.#unread));
  }

  readonly settled = (seq: number, failure: CodedError | undefined): void => {
    this.#answers.settled(seq, failure);
    this.#answer();
    this.flow();
  };

  /** Reads on or stops reading, as there is room. */
  flow(): void {
    const { socket, courier } = this.#options;
    const held =
      courier.filling ||
      this.unsettled > maxUnsettled ||
      this.#answers.full ||
      socket.writableLength > maxUnread;
    if (held && !socket.isPaused()) socket.pause();
    else if (!held && socket.isPaused() && !this.#ended) socket.resume();
  }

  #take(decode: () => Iterable<Decoded | Reply>): void {
    const { refuse } = this.#options;
    if (this.#ended) return;
    this.#options.decoding(this);
    try {
      for (const one of decode()) this.#one(one);
    } catch (cause) {
      const error = codedOf(cause);
      const { field } = error.details;
      refuse(this, { code: error.code, message: error.message, ...(field && { field }) });
      this.#failed = true;
      this.#finish();
    }
    this.#answer();
    if (!this.#ended) this.flow();
  }

  #one(one: Decoded | Reply): void {
    const { courier, refuse } = this.#options;
    if (isReply(one)) {
      this.#answers.add(one.reply, this.#from, this.#lastTaken);
      this.#from = courier.seq;
    } else if (isRefused(one)) refuse(this, one.refused);
    else {
      const seq = courier.seq;
      if (courier.take(one, this)) this.#lastTaken = seq;
    }
  }

  #answer(): void {
    this.#answers.give();
    this.#endIfDone();
  }

  #write(bytes: Uint8Array): void {
    const { socket } = this.#options;
    if (socket.destroyed || !socket.writable) return;
    socket.write(bytes);
    if (socket.writableLength > maxUnread) this.#watchUnread();
    this.flow();
    this.#endIfDone();
  }

  #endIfDone(): void {
    const { socket } = this.#options;
    if (!this.#ended || !this.#answers.done || socket.writableEnded) return;
    socket.end();
    if (!this.#failed) return;
    // What still arrives is dropped for a while, so that the other end can read what it was told:
    // closing at once would make its kernel throw that away.
    socket.resume();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  }

  #broken(cause: unknown): void {
    const { refuse, socket } = this.#options;
    const { code, message } = codedOf(cause);
    refuse(this, { code, message });
    socket.destroy();
  }

  /** No more is read; what is waited for is still answered. */
  #finish(): void {
    this.#ended = true;
    this.#answer();
  }

  #watchUnread(): void {
    const { socket, refuse } = this.#options;
    this.#unread ??= setTimeout(() => {
      const message = `The answers were not fetched for ${unreadMs / 1000} s: the connection was ended.`;
      refuse(this, { code: 'TERR_INTAKE_TIMEOUT', message });
      socket.destroy();
    }, unreadMs).unref();
  }

  #drained(): void {
    clearTimeout(this.#unread);
    this.#unread = undefined;
    this.flow();
  }
}

function codedOf(cause: unknown): CodedError {
  if (cause instanceof CodedError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return intakeErrors('FAILED', `The message could not be read: ${reason}`, { cause });
}
