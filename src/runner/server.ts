import type {
  End,
  Lease,
  LeaseRequest,
  Progress,
  ProgressAnswer,
} from '../server/api/contract-deploys.ts';
import { runnerErrors } from './errors.ts';

/** ms for an answer; a lease is waited for as long as the server may take, and some more. */
const answerLimit = 15_000;
const leaseLimit = 45_000;

/** What a runner says to its server. Each throws `Unheard` or TERR_RUNNER_SERVER. */
export interface RunnerServer {
  readonly lease: (request: LeaseRequest, signal: AbortSignal) => Promise<Lease>;
  readonly progress: (id: string, word: Progress, signal: AbortSignal) => Promise<ProgressAnswer>;
  readonly end: (id: string, end: End, signal: AbortSignal) => Promise<void>;
  /** Appends events to the log. */
  readonly send: (events: readonly object[], signal: AbortSignal) => Promise<void>;
}

/** The server is away or has no time: it makes sense to say it again. */
export class Unheard extends Error {
  /** ms after which the server wants to be asked again. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter = 0) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** The lease is over, or was never: the deploy is not this runner's (any more). */
export class Fenced extends Error {}

/** The API of a server; `url` without a slash at its end. */
export function openServer({
  server: url,
  token,
  name,
}: {
  readonly server: string;
  readonly token: string;
  readonly name: string;
}): RunnerServer {
  const post = async <T>(path: string, body: unknown, asking: Asking): Promise<T> =>
    ask<T>({ url: `${url}/api/v1/${path}`, token, body: JSON.stringify(body) }, asking);
  const of = (id: string): string => `deploys/${encodeURIComponent(id)}`;
  return {
    lease: async (request, signal) =>
      post(`runners/${encodeURIComponent(name)}/lease`, request, { signal, limit: leaseLimit }),
    progress: async (id, word, signal) =>
      post(`${of(id)}/progress`, word, { signal, limit: answerLimit }),
    end: async (id, end, signal) => {
      await post(`${of(id)}/end`, end, { signal, limit: answerLimit });
    },
    send: async (events, signal) => {
      await post('events', events, { signal, limit: answerLimit });
    },
  };
}

interface Asking {
  readonly signal: AbortSignal;
  /** ms */
  readonly limit: number;
}

async function ask<T>(
  { url, token, body }: { readonly url: string; readonly token: string; readonly body: string },
  { signal, limit }: Asking,
): Promise<T> {
  const timeout = AbortSignal.timeout(limit);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
      },
      body,
      signal: AbortSignal.any([signal, timeout]),
    });
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    throw new Unheard(timeout.aborted ? `no answer within ${limit / 1000} s` : wordsOf(error));
  }
  if (!response.ok) throw refusal(response, text);
  try {
    return JSON.parse(text) as T; // the API's own contract
  } catch {
    throw runnerErrors('SERVER', `${url} does not answer as a Territory does`);
  }
}

const again = new Set([408, 425, 429, 500, 502, 503, 504]);

function refusal(response: Response, text: string): Error {
  const { code, detail, title } = problemIn(text);
  const words = `${detail ?? title ?? 'the server refused it'} (HTTP ${response.status}${code === undefined ? '' : `, ${code}`})`;
  const isOver = code === 'TERR_DEPLOYS_FENCED' || code === 'TERR_DEPLOYS_UNKNOWN';
  if (isOver) return new Fenced(words);
  if (!again.has(response.status)) return runnerErrors('SERVER', words);
  return new Unheard(words, 1000 * (Number(response.headers.get('retry-after')) || 0));
}

function problemIn(text: string): { code?: string; detail?: string; title?: string } {
  try {
    return JSON.parse(text) as { code?: string; detail?: string; title?: string };
  } catch {
    return {};
  }
}

/** `fetch failed` has what failed in its cause. */
function wordsOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  if (code === 'ECONNREFUSED') return 'nobody listens there';
  return cause instanceof Error ? cause.message : String(cause);
}
