import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  request,
} from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { decodeBatch, type PlacedEvent } from '../../event/codec.ts';
import { streamNames } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import type { Log } from '../../log/log.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import type { Sender } from '../intake.ts';
import type { Intake, Problem } from './answer.ts';
import {
  type HttpIntake,
  httpIntake,
  type HttpIntakeOptions,
  type HttpLimits,
} from './http-intake.ts';

/** For `expect.poll`: a machine under load needs longer than the second that is its default. */
export const patient = { timeout: 10_000 };
export const now = Date.UTC(2026, 10, 23);
export const anyone: Sender = {
  name: 'ci',
  source: '/tokens/ci',
  unrestricted: true,
  maySend: () => true,
};
const limits: HttpLimits = {
  event: defaultLimits,
  maxBody: 16 << 20,
  maxEvents: 100_000,
  maxInFlight: 256 << 20,
  bodyTimeout: 30_000,
};

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: Intake & Problem;
}

/** A real server on a free port with the intake on it, and what a test needs to talk to it. */
export interface Running {
  readonly log: Log;
  readonly intake: HttpIntake;
  readonly post: (body: string | Uint8Array, headers?: OutgoingHttpHeaders) => Promise<Reply>;
  readonly send: (method: string, headers: OutgoingHttpHeaders) => Promise<Reply>;
  /** Opens a connection and writes a request's head and the beginning of its body. */
  readonly open: (length: number, body: string | Uint8Array) => Socket;
  readonly events: () => Promise<PlacedEvent[]>;
  readonly close: () => Promise<void>;
}

export async function runIntake(
  with_: Partial<HttpLimits> = {},
  more: Partial<HttpIntakeOptions> = {},
): Promise<Running> {
  const log = memoryLog({ now: () => now });
  const options = { log, authorise: () => anyone, now: () => now, ...more };
  const intake = httpIntake({ ...options, limits: { ...limits, ...with_ } });
  const server = createServer(intake).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  const post: Running['post'] = (body, headers = {}) =>
    exchange(port, 'POST', { 'content-type': 'application/json', ...headers }, body);
  return {
    log,
    intake,
    post,
    send: (method, headers) => exchange(port, method, headers),
    open: (length, body) => {
      const socket = connect(port, '127.0.0.1');
      const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
      socket
        .on('error', () => undefined)
        .write(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
      return socket;
    },
    events: () => eventsOf(log),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await log.close();
    },
  };
}

async function eventsOf(log: Log): Promise<PlacedEvent[]> {
  const events: PlacedEvent[] = [];
  for (const stream of streamNames)
    for await (const batch of log.read(stream, 1)) events.push(...decodeBatch(batch));
  return events;
}

async function exchange(
  port: number,
  method: string,
  headers: OutgoingHttpHeaders,
  body?: string | Uint8Array,
): Promise<Reply> {
  const req = request({ port, host: '127.0.0.1', method, headers, agent: false });
  req.on('error', () => undefined); // an early answer may end the sending
  const reply = new Promise<Reply>((resolve, reject) => {
    req.once('close', () => reject(new Error('closed without an answer')));
    req.once('response', (res) => {
      const chunks: Buffer[] = [];
      res
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .once('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            json: JSON.parse(text === '' ? '{}' : text),
          });
        });
    });
  });
  req.end(body);
  return reply;
}
