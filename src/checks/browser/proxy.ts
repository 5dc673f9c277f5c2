import {
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
  createServer,
  request,
} from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { Unknown } from '../run/failed.ts';
import { type Outbound, lookupWithin, mustBeOpen } from '../run/outbound.ts';
import type { UnreachedHost } from '../run/ports.ts';

/** Bytes that all pages of a scenario may take. */
const mostBytes = 64 * 1024 * 1024;
/** Hosts of which it is remembered why they were not reached. */
const mostRemembered = 200;

/** The only way out of a browser: it looks at every connection as the other steps do. */
export interface Proxy {
  readonly address: string;
  readonly unreached: (host?: string) => UnreachedHost | undefined;
  readonly close: () => void;
}

/** Listens on this machine for one context of a browser. */
export async function openProxy(outbound: Outbound): Promise<Proxy> {
  const passing = new Passing(outbound);
  const server = createServer((asked, answer) => passing.request(asked, answer));
  server.on('connect', (asked: IncomingMessage, socket: Duplex, head: Buffer) =>
    passing.tunnel(asked.url ?? '', socket, head),
  );
  // Chromium gives connections up all the time.
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    unreached: (host) => (host === undefined ? passing.last : passing.unreached.get(host)),
    close: () => {
      server.close();
      server.closeAllConnections();
      passing.end();
    },
  };
}

class Passing {
  readonly unreached = new Map<string, UnreachedHost>();
  last: UnreachedHost | undefined;
  readonly #outbound: Outbound;
  readonly #open = new Set<Duplex>();
  #bytes = 0;

  constructor(outbound: Outbound) {
    this.#outbound = outbound;
  }

  /** A request for http, with its whole address. */
  request(asked: IncomingMessage, answer: ServerResponse): void {
    const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : undefined;
    if (url?.protocol !== 'http:') return void answer.writeHead(400).end();
    const host = bare(url.hostname);
    const port = Number(url.port || 80);
    let isGivenUp = false;
    const fail = (error: unknown): void => {
      if (isGivenUp) return;
      this.#remember(`${host}:${port}`, error);
      if (answer.headersSent) answer.destroy();
      // Without a body Chromium would not say whose answer it is.
      else answer.writeHead(502, { 'content-type': 'text/plain' }).end('not reached\n');
    };
    try {
      mustBeOpen(this.#outbound, host, port);
    } catch (error) {
      return fail(error);
    }
    const going = request({
      host,
      port,
      method: asked.method,
      path: `${url.pathname}${url.search}`,
      headers: ownHeaders(asked.headers),
      agent: false,
      lookup: lookupWithin(this.#outbound, port),
    });
    going.on('response', (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      this.#count(came);
      came.pipe(answer);
      came.on('error', () => answer.destroy());
    });
    going.on('error', fail);
    answer.on('close', () => {
      isGivenUp = true;
      going.destroy();
    });
    asked.pipe(going);
  }

  /** A connection for https and WebSockets. */
  tunnel(where: string, socket: Duplex, head: Buffer): void {
    const [, name = '', at = ''] = /^(.*):(\d+)$/.exec(where) ?? [];
    const host = bare(name);
    const port = Number(at);
    socket.on('error', () => socket.destroy());
    const fail = (error: unknown): void => {
      this.#remember(`${host}:${port}`, error);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    };
    let going: Socket;
    try {
      mustBeOpen(this.#outbound, host, port);
      going = connect({ host, port, lookup: lookupWithin(this.#outbound, port) });
    } catch (error) {
      return fail(error);
    }
    this.#keep(going);
    this.#keep(socket);
    let isThrough = false;
    going.on('connect', () => {
      isThrough = true;
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      going.write(head);
      this.#count(going);
      going.pipe(socket);
      socket.pipe(going);
    });
    going.on('error', (error) => {
      if (isThrough) socket.destroy();
      else fail(error);
    });
    going.on('close', () => socket.destroy());
    socket.on('close', () => going.destroy());
  }

  end(): void {
    for (const one of this.#open) one.destroy();
  }

  #keep(one: Duplex): void {
    this.#open.add(one);
    one.on('close', () => this.#open.delete(one));
  }

  #count(from: NodeJS.ReadableStream & { destroy: (error?: Error) => unknown }): void {
    from.on('data', (part: Buffer) => {
      this.#bytes += part.length;
      if (this.#bytes > mostBytes) from.destroy();
    });
  }

  #remember(host: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.last = { why: `${host}: ${why}`, isRefused: error instanceof Unknown };
    if (this.unreached.size < mostRemembered)
      this.unreached.set(host, { why, isRefused: error instanceof Unknown });
  }
}

const bare = (host: string): string => host.replaceAll(/[[\]]/g, '');

/** Without those that are between the browser and us (RFC 9110, section 7.6.1). */
function ownHeaders(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const between = new Set(['proxy-connection', 'proxy-authorization', 'connection', 'keep-alive']);
  const isUpgrade = headers.upgrade !== undefined;
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => isUpgrade || !between.has(name)),
  );
}
