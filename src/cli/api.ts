import { Value } from 'typebox/value';
import { Problem } from '../server/api/contract.ts';
import type { Connection } from './connection.ts';
import { cliErrors } from './errors.ts';

/** The server answered with an error. */
export class ProblemAnswer extends Error {
  readonly problem: Problem;
  /** ms to wait before trying again, when the server says so. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs: number | undefined) {
    super(problem.detail ?? problem.title);
    this.name = problem.code;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Relative to the server's address, without a slash in front. */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: { readonly type: string; readonly bytes: Uint8Array };
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses beside 2xx whose body is an answer and no problem. */
  readonly alsoAnswers?: readonly number[];
}

/**
 * Sends a request and gives back its JSON.
 * Throws ProblemAnswer, TERR_CLI_UNREACHABLE, TERR_CLI_TIMEOUT, TERR_CLI_ANSWER.
 */
export async function call(connection: Connection, request: Request): Promise<unknown> {
  const timeout = AbortSignal.timeout(connection.timeoutMs);
  const signal = AbortSignal.any([timeout, connection.signal]);
  try {
    const response = await open(connection, request, signal);
    const text = await response.text();
    return text === '' ? undefined : readJson(text, connection);
  } catch (error) {
    connection.signal.throwIfAborted();
    if (timeout.aborted)
      throw cliErrors(
        'TIMEOUT',
        `no answer from ${connection.url.origin} within ${connection.timeoutMs} ms; ` +
          'try again, or allow more with --timeout',
        { cause: error },
      );
    throw error;
  }
}

/** Sends a request and gives back the response with its body still to be read. Throws as `call`. */
export async function open(
  connection: Connection,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  const response = await send(connection, request, signal);
  if (response.ok || request.alsoAnswers?.includes(response.status) === true) return response;
  throw await problemOf(response, connection);
}

async function send(
  connection: Connection,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
  if (connection.token !== undefined) headers['authorization'] = `Bearer ${connection.token}`;
  let body: Uint8Array<ArrayBuffer> | string | undefined;
  if (request.json !== undefined) {
    headers['content-type'] = 'application/json';
    body = JSON.stringify(request.json);
  } else if (request.body !== undefined) {
    headers['content-type'] = request.body.type;
    body = new Uint8Array(request.body.bytes);
  }
  try {
    const url = new URL(request.path, connection.url);
    return await fetch(url, {
      method: request.method,
      headers,
      signal,
      // A token must not follow a redirect to another place.
      redirect: 'error',
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable(connection, error);
  }
}

function unreachable(connection: Connection, error: unknown): Error {
  const origin = connection.url.origin;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = codeOf(cause);
  const why =
    code === 'ECONNREFUSED'
      ? 'connection refused'
      : cause instanceof Error
        ? `${cause.message}${code === undefined || cause.message.includes(code) ? '' : ` (${code})`}`
        : String(error);
  return cliErrors(
    'UNREACHABLE',
    `can not reach ${origin}: ${why}. Is it running there? ` +
      'Start it with `territory serve`, or give another address with --url or TERRITORY_URL.',
    { cause: error },
  );
}

function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}

async function problemOf(response: Response, connection: Connection): Promise<Error> {
  const text = await response.text();
  const body = readJson(text, connection, response.status);
  if (!Value.Check(Problem, body)) return notOurs(connection, response.status, text);
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ProblemAnswer(body, Number.isFinite(after) ? after * 1000 : undefined);
}

function readJson(text: string, connection: Connection, status = 200): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notOurs(connection, status, text);
  }
}

function notOurs(connection: Connection, status: number, text: string): Error {
  const start = text.replace(/\s+/g, ' ').slice(0, 80);
  return cliErrors(
    'ANSWER',
    `${connection.url.origin} answered ${status} with something that is not Territory's ` +
      `("${start}"); is the address right, or is a proxy in between?`,
  );
}
