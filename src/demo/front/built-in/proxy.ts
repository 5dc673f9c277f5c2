import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as ask,
  type ServerResponse,
} from 'node:http';
import { type Backend, choose, type Server } from './servers.ts';

/** Of one connection between two processes of one machine, and of one answer; ms. */
const answerWithin = 30_000;
/** RFC 9110, 7.6.1: they are about one connection. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Whether it may be sent twice: it changes nothing, and has nothing to say that is gone by then. */
const isRepeatable = ({ method, headers }: IncomingMessage): boolean =>
  safe.has(method ?? '') &&
  headers['content-length'] === undefined &&
  headers['transfer-encoding'] === undefined;

/** How a request has fared so far. */
interface Trial {
  /** Who did not answer it. */
  readonly tried?: Set<Server>;
  /** Only on a connection of its own. */
  readonly fresh?: boolean;
}

/** Gives a request to a server of the backend, and to another one where the first is not there. */
export function pass(
  backend: Backend,
  request: IncomingMessage,
  response: ServerResponse,
  { tried = new Set<Server>(), fresh = false }: Trial = {},
): void {
  const server = choose(backend, tried);
  if (!server) {
    request.resume();
    fail(response, 503, 'no server of the company can answer just now');
    return;
  }
  tried.add(server);
  server.sessions += 1;
  const repeatable = isRepeatable(request);
  const upstream = ask({
    // The server may close a connection that rests just when a request is sent on it: what cannot be
    // sent again gets one of its own.
    agent: repeatable && !fresh && agent,
    host: server.address,
    port: server.port,
    method: request.method,
    path: request.url,
    headers: forwarded(request),
    timeout: answerWithin,
  });
  const over = once(() => (server.sessions -= 1));
  upstream.once('timeout', () => upstream.destroy(new Error('no answer in time')));
  upstream.once('close', over);
  upstream.once('error', () => {
    over();
    if (response.headersSent || response.destroyed) response.destroy();
    else if (repeatable) {
      // That a connection which rested is closed says nothing about the server.
      if (upstream.reusedSocket) tried.delete(server);
      pass(backend, request, response, { tried, fresh: fresh || upstream.reusedSocket });
    } else fail(response, 502, 'the server went away before it answered');
  });
  upstream.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
    answer.pipe(response);
    answer.once('error', () => response.destroy());
  });
  response.once('close', () => {
    if (!response.writableFinished) upstream.destroy();
  });
  if (repeatable) upstream.end();
  else request.pipe(upstream);
}

function forwarded(request: IncomingMessage): OutgoingHttpHeaders {
  const before = request.headers['x-forwarded-for'];
  const from = request.socket.remoteAddress ?? '';
  return {
    ...withoutHops(request.headers),
    'x-forwarded-for': before === undefined ? from : `${String(before)}, ${from}`,
    'x-forwarded-proto': 'http',
  };
}

function withoutHops(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.has(name)),
  );
}

function fail(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${why}\n`);
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
