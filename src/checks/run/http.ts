import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { type Received, exchange } from './exchange.ts';
import { Failed, Unknown, Unreached } from './failed.ts';
import { poolsOf } from './pools.ts';
import type { World } from './world.ts';

/** What a server answered. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Bytes of the body as they came. */
  readonly size: number;
  readonly compressed: boolean;
  /** From the first request to the end of the last answer, in ms. */
  readonly ms: number;
  /** Addresses that were gone through before. */
  readonly through: readonly string[];
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly type?: string;
  readonly follow: boolean;
}

const mostBytes = 4 * 1024 * 1024;
const mostRedirects = 10;

/** Sends a request, and follows where it leads. Every address on the way has to be open. */
export async function send(world: World, wanted: Request): Promise<Answer> {
  const started = performance.now();
  const through: string[] = [];
  let { method, body } = wanted;
  let url = world.address(wanted.path);
  const origin = world.ownOrigin(url);
  for (;;) {
    const sent = { ...wanted, method, body, own: url.origin === origin };
    // oxlint-disable-next-line no-await-in-loop -- each answer says where the next one is
    const answer = await once(world, url, sent);
    const location = answer.headers.location;
    const leads = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
    if (!wanted.follow || !leads) return { ...answer, through, ms: performance.now() - started };
    through.push(url.href);
    if (through.length > mostRedirects)
      throw new Failed(`more than ${mostRedirects} redirects: ${through.join(' -> ')}`);
    url = new URL(location, url);
    if (answer.status < 307 && method !== 'HEAD') [method, body] = ['GET', undefined];
  }
}

type Sent = Omit<Request, 'body'> & { readonly body: string | undefined; readonly own: boolean };

async function once(world: World, url: URL, sent: Sent): Promise<Omit<Answer, 'through' | 'ms'>> {
  const isSecure = url.protocol === 'https:';
  if (!isSecure && url.protocol !== 'http:') throw new Unknown(`${url.href} is no address of HTTP`);
  const port = Number(url.port || (isSecure ? 443 : 80));
  const pool = poolsOf(world.outbound).to({
    origin: url.origin,
    port,
    host: sent.own ? world.host : undefined,
    authority: world.authority,
  });
  try {
    const received = await exchange(pool, {
      method: sent.method,
      path: url.pathname + url.search,
      headers: headersOf(world, sent, url),
      body: sent.body,
      signal: world.signal,
      most: mostBytes,
    });
    const answer = answerOf(received, url.href);
    world.cookies?.take(url, answer.headers['set-cookie'] ?? [], Date.now());
    return answer;
  } catch (error) {
    throw unreached(error, url.host);
  }
}

/** What was set for one server is not told to another that it redirects to. */
const headersOf = (
  { headers, host, cookies }: World,
  { own, body, type }: Sent,
  url: URL,
): Record<string, string> => ({
  'user-agent': 'territory-check',
  'accept-encoding': 'gzip, br, deflate',
  ...cookieHeader(cookies?.for(url)),
  ...(body === undefined ? {} : { 'content-type': type ?? 'text/plain' }),
  ...(own && host !== undefined ? { host } : {}),
  ...(own ? Object.fromEntries(headers) : {}),
});

const cookieHeader = (cookie: string | undefined): Record<string, string> =>
  cookie === undefined ? {} : { cookie };

/** What a connection's error means for the scenario. */
export function unreached(error: unknown, where: string): Error {
  if (error instanceof Unknown || error instanceof Failed) return error;
  if (error instanceof Error && error.name === 'AbortError') return error;
  // The code of undici's InvalidArgumentError: nothing was sent.
  if (error instanceof Error && 'code' in error && error.code === 'UND_ERR_INVALID_ARG')
    return new Unknown(`the request to ${where} can not be sent: ${error.message}`, {
      cause: error,
    });
  return new Unreached(`${where} can not be reached: ${wordsOf(error)}`, { cause: error });
}

/** Several addresses that were tried have their reasons in a list, and no words of their own. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return wordsOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

function answerOf(received: Received, url: string): Omit<Answer, 'through' | 'ms'> {
  const { status, body } = received;
  const headers: IncomingHttpHeaders = {};
  for (const [name, value = []] of Object.entries(received.headers))
    if (name === 'set-cookie') headers[name] = [value].flat();
    else headers[name] = typeof value === 'string' ? value : value.join(', ');
  const coding = headers['content-encoding'] ?? '';
  const text = decoded(body, coding, url).toString('utf8');
  return { url, status, headers, body: text, size: body.length, compressed: coding !== '' };
}

function decoded(body: Buffer, coding: string, url: string): Buffer {
  const decode = { gzip: gunzipSync, br: brotliDecompressSync, deflate: inflateSync }[coding];
  if (!decode || body.length === 0) return body;
  try {
    return decode(body, { maxOutputLength: mostBytes });
  } catch (error) {
    throw new Failed(`the body of ${url} is no ${coding}`, { cause: error });
  }
}
