import { readFileSync } from 'node:fs';
import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Config } from '../config/schema.ts';
import { startError } from '../errors.ts';
import type { Connections } from './connections.ts';

/** Takes requests before the routes do. */
export interface RawHandler {
  readonly wants: (request: IncomingMessage) => boolean;
  readonly handle: RequestListener;
}

export interface ListenerOptions {
  readonly raw: RawHandler;
  readonly connections: Connections;
}

/** Headers beyond this are answered 431. */
const maxHeaderSize = 16_384;

/**
 * The HTTP or HTTPS server. The intake gets its requests as they are: what the router does for a
 * request would be most of the cost of a single event. Throws TERR_START_TLS.
 */
export function makeServer(
  config: Config,
  { raw, connections }: ListenerOptions,
  routes: RequestListener,
): Server {
  const listener: RequestListener = (request, response) => {
    // A sender that keeps its connection busy would keep a stopping server up.
    if (connections.stopping) response.shouldKeepAlive = false;
    connections.heard(request.socket);
    if (raw.wants(request)) raw.handle(request, response);
    else routes(request, response);
  };
  const options = {
    maxHeaderSize,
    requestTimeout: config.requestTimeout,
    headersTimeout: Math.min(config.requestTimeout, 15_000),
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 2_000,
  };
  const { cert, key } = config.tls;
  if (cert === undefined || key === undefined) {
    const server = createServer(options, listener);
    connections.watch(server, 'connection');
    return server;
  }
  try {
    const pems = { cert: readFileSync(cert), key: readFileSync(key) };
    // Both kinds of server have what we use of one: listen, close, and the connections.
    const server = createTlsServer({ ...options, ...pems }, listener) as unknown as Server;
    connections.watch(server, 'secureConnection');
    return server;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw startError('TLS', `tls.cert ${cert} or tls.key ${key} cannot be used: ${reason}`, {
      cause,
    });
  }
}

/** The path of a request without its query. */
export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
