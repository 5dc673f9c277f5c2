import type { WebhookSettings } from '../config/alerting.ts';
import { type Outcome, failed } from './outcome.ts';
import { readSecret } from './secret-file.ts';
import { type Fields, templateOf } from './template.ts';

const maxRedirects = 3;
/** More of an answer is not read; it is only said in the log of notifications. */
const maxAnswer = 16_384;
const maxShown = 200;
const longestRetryAfterMs = 3_600_000;

export interface WebhookOptions {
  /** ms, for the whole attempt. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** An outcome, with the start of what was answered. */
export type Answered = Outcome & { readonly answer?: string };

/**
 * Posts a filled template. Redirects are followed within the same host only, so that a header with a
 * key goes nowhere else. 2xx is sent; 408, 425, 429 and 5xx may be tried again, as may a connection
 * that fails; every other answer is final.
 */
export async function postWebhook(
  webhook: WebhookSettings,
  fields: Fields,
  options: WebhookOptions,
): Promise<Answered> {
  const timeout = AbortSignal.timeout(options.timeout);
  const signal = AbortSignal.any([timeout, options.signal]);
  try {
    const response = await post(webhook, fields, signal);
    const answer = await startOf(response);
    if (response.ok) return { sent: true, answer };
    return refusal(response, answer, options.now());
  } catch (error) {
    if (timeout.aborted) return failed(`no answer within ${options.timeout} ms`);
    return failed(wordsOf(error), { final: error instanceof NotFollowed });
  }
}

/** A redirect that is not followed. */
class NotFollowed extends Error {}

async function post(
  webhook: WebhookSettings,
  fields: Fields,
  signal: AbortSignal,
): Promise<Response> {
  const { contentType, body } = templateOf(webhook.template, webhook.contentType);
  const headers = new Headers({ 'content-type': contentType, 'user-agent': 'territory' });
  // Who takes a message twice can tell: a kill between sending and noting it sends it again.
  if (fields.id !== undefined) headers.set('idempotency-key', fields.id);
  for (const [name, value] of Object.entries(webhook.headers ?? {}))
    // oxlint-disable-next-line no-await-in-loop -- a handful of small files
    headers.set(name, await readSecret(value));
  const first = addressOf(await readSecret(webhook.url));
  let url = first;
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const init = {
      method: 'POST',
      headers,
      body: body(fields),
      redirect: 'manual',
      signal,
    } as const;
    // oxlint-disable-next-line no-await-in-loop -- each answer says where to go next
    const response = await fetch(url, init);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    // oxlint-disable-next-line no-await-in-loop -- frees the connection
    await response.body?.cancel();
    url = redirected(response.status, new URL(location, url), first);
  }
  throw new NotFollowed(`more than ${maxRedirects} redirects`);
}

function redirected(status: number, to: URL, first: URL): URL {
  if (status !== 307 && status !== 308)
    throw new NotFollowed(`it answered ${status}, which would turn the POST into a GET`);
  if (to.origin !== first.origin) throw new NotFollowed('it redirects to another host');
  return to;
}

/** The address itself may be a secret: it is in no message. */
function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new NotFollowed('its url is no http or https address');
}

/** The start of an answer; the rest is not waited for. */
async function startOf(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of response.body) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (text.length >= maxAnswer) break;
  }
  return text.slice(0, maxAnswer);
}

function refusal(response: Response, answer: string, now: number): Outcome {
  const { status } = response;
  const shown = answer.replaceAll(/\s+/g, ' ').trim().slice(0, maxShown);
  const why = `it answered ${status}${shown === '' ? '' : `: ${shown}`}`;
  const passing = status >= 500 || status === 408 || status === 425 || status === 429;
  const retryAfter = retryAfterOf(response.headers.get('retry-after'), now);
  return failed(why, { final: !passing, ...(retryAfter === undefined ? {} : { retryAfter }) });
}

/** ms of a Retry-After (RFC 9110, 10.2.3): seconds or a date; an hour at most. */
function retryAfterOf(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return ms > 0 ? Math.min(ms, longestRetryAfterMs) : undefined;
}

/** What went wrong with a connection, without its address. */
function wordsOf(error: unknown): string {
  // That is how `fetch` says that there was no answer.
  const cause = error instanceof TypeError ? error.cause : undefined;
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  if (code !== undefined) return `the connection failed (${code})`;
  return error instanceof Error ? error.message : String(error);
}
