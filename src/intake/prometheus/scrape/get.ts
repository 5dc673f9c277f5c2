import { readFile } from 'node:fs/promises';
import { type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { intakeErrors } from '../../errors.ts';
import type { Target } from './target.ts';

export interface Page {
  readonly body: Buffer;
  readonly openMetrics: boolean;
}

const accept =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const maxRedirects = 5;

/**
 * Gets the page of a target with one GET, within its timeout, following at most five redirects and
 * unpacking at most `maxBody` bytes. Token and headers are read from their files each time, so that
 * they can change. Throws TERR_INTAKE_SOURCE with the reason, TERR_INTAKE_TOO_LARGE.
 */
export async function getPage(target: Target, maxBody: number, signal: AbortSignal): Promise<Page> {
  const { timeoutMs } = target;
  const stop = new AbortController();
  const late = new Error(`it did not answer within ${timeoutMs / 1000} s`);
  const timer = setTimeout(() => stop.abort(late), timeoutMs);
  const end = (): void => stop.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  try {
    const response = await follow(target, stop.signal);
    return { body: await bodyOf(response, maxBody), openMetrics: isOpenMetrics(response) };
  } catch (cause) {
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : cause;
    if (reason instanceof Error && 'code' in reason && String(reason.code).startsWith('TERR_'))
      throw reason;
    throw failed(reason instanceof Error ? reason.message : String(reason), cause);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

async function follow(target: Target, signal: AbortSignal): Promise<IncomingMessage> {
  const headers = await headersOf(target);
  const ca = target.caFile === undefined ? undefined : await readFile(target.caFile);
  let { url } = target;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    // What proves who we are goes to whom it was meant for, not to where that sends us.
    const known = url.origin === target.url.origin;
    const given = known ? { ...headers.usual, ...headers.secret } : headers.usual;
    // oxlint-disable-next-line no-await-in-loop -- one place after the other
    const response = await ask(url, given, { signal, ca });
    const { statusCode = 0, headers: answered } = response;
    if (statusCode === 200) return response;
    response.destroy();
    const { location } = answered;
    if (statusCode < 300 || statusCode > 399 || location === undefined)
      throw new Error(`it answered with status ${statusCode}`);
    url = new URL(location, url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new Error(`it sends us to an address of ${url.protocol}`);
  }
  throw new Error(`it sends us on more than ${maxRedirects} times`);
}

async function headersOf({ tokenFile, headerFiles, timeoutMs }: Target): Promise<{
  readonly usual: OutgoingHttpHeaders;
  readonly secret: OutgoingHttpHeaders;
}> {
  const usual = {
    accept,
    'accept-encoding': 'gzip',
    'user-agent': 'Territory',
    'x-prometheus-scrape-timeout-seconds': String(timeoutMs / 1000),
  };
  const secret: Record<string, string> = {};
  for (const [name, path] of Object.entries(headerFiles))
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    secret[name.toLowerCase()] = (await readFile(path, 'utf8')).trim();
  if (tokenFile !== undefined)
    secret['authorization'] = `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}`;
  return { usual, secret };
}

interface Asking {
  readonly signal: AbortSignal;
  readonly ca: Buffer | undefined;
}

function ask(url: URL, headers: OutgoingHttpHeaders, asking: Asking): Promise<IncomingMessage> {
  const { signal, ca } = asking;
  return new Promise((resolve, reject) => {
    const options = { headers, signal, agent: false as const };
    const request =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(ca && { ca }) })
        : httpRequest(url, options);
    request.once('response', resolve).once('error', reject).end();
  });
}

async function bodyOf(response: IncomingMessage, maxBody: number): Promise<Buffer> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  const type = response.headers['content-type'] ?? '';
  if (type.startsWith('text/html') || (encoding !== 'gzip' && encoding !== 'identity')) {
    response.destroy();
    throw new Error(`it answered with ${type}, packed as ${encoding}, which is no page of metrics`);
  }
  const stream =
    encoding === 'gzip' ? pipeline(response, createGunzip(), () => undefined) : response;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) throw tooLarge(maxBody);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function isOpenMetrics({ headers }: IncomingMessage): boolean {
  return (headers['content-type'] ?? '').toLowerCase().startsWith('application/openmetrics-text');
}

function failed(why: string, cause: unknown): Error {
  return intakeErrors('SOURCE', `The endpoint could not be scraped: ${why}.`, { cause });
}

function tooLarge(limit: number): Error {
  const message = `The endpoint could not be scraped: its page has more than ${limit} bytes (intakes.scrape.maxBody).`;
  return intakeErrors('TOO_LARGE', message);
}
