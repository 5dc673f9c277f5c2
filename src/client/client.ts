/**
 * `territory/client`: sends a program's events to Territory without ever being in its way. It imports
 * nothing of Territory and runs wherever Node 20 does.
 */
import { randomUUID } from 'node:crypto';
import { Delivery } from './delivery.ts';

/** One event as the API takes it (docs/formats/event.md); what is missing is added. */
export interface ClientEvent {
  readonly type: string;
  /** Unique within the source; made here when missing, so that a repeated request is no second event. */
  readonly id?: string;
  /** ms since the epoch, UTC; when `send` was called, if missing. */
  readonly time?: number;
  readonly source?: string;
  readonly subject?: string;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  readonly name?: string;
  readonly state?: string;
  readonly metric?: number;
  /** Seconds until a reading is stale. */
  readonly ttl?: number;
  readonly tags?: readonly string[];
  readonly attributes?: Readonly<Record<string, string>>;
  /** Any JSON. */
  readonly data?: unknown;
}

export interface SenderOptions {
  /** Address of the server. */
  readonly url: string;
  /** A token that may send, or the file that holds it, which is read anew when the server refuses it. */
  readonly token?: string;
  readonly tokenFile?: string;
  /** Of every event that names none itself: a URI reference. */
  readonly source: string;
  readonly service?: string;
  readonly host?: string;
  readonly environment?: string;
  /** Of every event; its own win. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** An event waits for others at most this long, ms; 250 unless said. */
  readonly flushMs?: number;
  /** So many events may wait; then the oldest gives way and is counted. 10,000 unless said. */
  readonly maxPending?: number;
  /** One request may take this long, ms; 10 s unless said. */
  readonly timeoutMs?: number;
  /** Ends it at once; what waits is dropped and counted. */
  readonly signal?: AbortSignal;
}

/** What became of the events so far. */
export interface SenderStats {
  /** Wait, or are on their way. */
  readonly pending: number;
  /** Durable at the server, duplicates included. */
  readonly sent: number;
  /** Gave way because too many waited, or waited at the end. */
  readonly dropped: number;
  /** The server, or this client, said they are not right. */
  readonly refused: number;
  /** Why the last request or event failed; undefined while all is well. */
  readonly lastError: string | undefined;
}

export interface Sender {
  /** Takes an event and returns at once. Never throws: what is wrong is counted. */
  readonly send: (event: ClientEvent) => void;
  /** Resolves when all that was taken before is durable, refused or dropped. */
  readonly flush: () => Promise<void>;
  /** Sends what waits for at most `ms` (2 s), then drops the rest; takes nothing any more. */
  readonly close: (ms?: number) => Promise<void>;
  readonly stats: () => SenderStats;
}

/** Bytes of one event beyond which the server would refuse it. */
const maxEventBytes = 1024 * 1024;

/** Opens a sender. Throws a TypeError when neither a token nor a file of one is given. */
export function openSender(options: SenderOptions): Sender {
  const { source, service, host, environment, attributes, signal } = options;
  const delivery = new Delivery(options);
  const common = { source, service, host, environment };
  let closed = false;
  const close = async (ms = 2_000): Promise<void> => {
    closed = true;
    await delivery.close(ms);
  };
  signal?.addEventListener('abort', () => void close(0), { once: true });
  return {
    send: (event) => {
      if (closed) return delivery.drop();
      const line = lineOf({
        ...common,
        id: randomUUID(),
        time: Date.now(),
        ...event,
        ...(attributes || event.attributes
          ? { attributes: { ...attributes, ...event.attributes } }
          : {}),
      });
      if (line === undefined) delivery.refuse('an event can not be written as JSON');
      else if (line.length > maxEventBytes) delivery.refuse('an event is larger than 1 MiB');
      else delivery.take(line);
    },
    flush: async () => delivery.flush(),
    close,
    stats: () => delivery.stats(),
  };
}

/** Undefined for what JSON can not hold, such as a circle. */
function lineOf(event: object): string | undefined {
  try {
    return JSON.stringify(event);
  } catch {
    return undefined;
  }
}
