import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '../errors/coded-error.ts';
import { releaseErrors } from './errors.ts';

/** A server that has artefacts, as clients of its API know it. */
export interface ArtefactServer {
  readonly url: string | URL;
  /** A secret: it is never printed. */
  readonly token: string | undefined;
}

export interface Asking {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the server's address, without a slash in front. */
  readonly path: string;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  readonly type?: string;
}

/** ms before each further try; a server that is started again is back within this. */
const waits = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
const later = new Set([408, 429, 502, 503, 504]);

/** Below this the API of artefacts is. */
export const artefactsPath = 'api/v1/releases/artefacts';

/**
 * Does something that asks the server, and again while it can not be reached: at most for a minute.
 * What is done is the same when it is done twice.
 */
export async function patiently<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await ask(); // oxlint-disable-line no-await-in-loop -- one try after the other
    } catch (error) {
      signal.throwIfAborted();
      const wait = waits[tried];
      if (!isPassing(error) || wait === undefined) throw error;
      await delay(wait, undefined, { signal }); // oxlint-disable-line no-await-in-loop -- as above
    }
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof CodedError && error.code === 'TERR_RELEASE_UNREACHABLE';

/**
 * Sends one request and gives the good answer. Throws TERR_RELEASE_UNREACHABLE where it makes sense
 * to try again, and what the server said otherwise.
 */
export async function askServer(
  { url, token }: ArtefactServer,
  { method, path, body, type }: Asking,
  signal: AbortSignal,
): Promise<Response> {
  const base = String(url);
  const headers = new Headers({ accept: 'application/json' });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (type !== undefined) headers.set('content-type', type);
  const response = await fetch(new URL(path, base.endsWith('/') ? base : `${base}/`), {
    method,
    headers,
    signal,
    // A token must not follow a redirect to another place.
    redirect: 'error',
    ...(body !== undefined && { body }),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreachable(base, error);
  });
  if (response.ok) return response;
  throw refusalOf(response.status, await response.text().catch(() => ''));
}

/** As an error of what carries the bytes: it is worth another try. */
export function unreachable(base: string, error: unknown): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const why = cause instanceof Error ? cause.message : String(cause);
  return releaseErrors('UNREACHABLE', `can not reach ${base}: ${why}`, { cause: error });
}

/** Codes of ours that a server answers; anything else is told as it is. */
const ours = {
  TERR_RELEASE_MOVED: 'MOVED',
  TERR_RELEASE_ARTEFACT: 'ARTEFACT',
  TERR_RELEASE_CONTENT: 'CONTENT',
  TERR_RELEASE_UNKNOWN: 'UNKNOWN',
  TERR_RELEASE_STORE: 'STORE',
  TERR_RELEASE_BLOB: 'BLOB',
  TERR_RELEASE_OFFSET: 'OFFSET',
  TERR_ACCOUNTS_UNAUTHENTICATED: 'NOT_ALLOWED',
  TERR_ACCOUNTS_FORBIDDEN: 'NOT_ALLOWED',
} as const;

function refusalOf(status: number, text: string): Error {
  const { code, detail } = problemIn(text);
  const known = Object.entries(ours).find(([name]) => name === code)?.[1];
  if (known !== undefined) return releaseErrors(known, detail);
  if (later.has(status))
    return releaseErrors('UNREACHABLE', `the server says ${status}: ${detail}`);
  return releaseErrors('SERVER', `the server says ${status}: ${detail}`);
}

function problemIn(text: string): { readonly code: string; readonly detail: string } {
  const plain = { code: '', detail: text.replace(/\s+/g, ' ').slice(0, 200) };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return plain;
    const code = 'code' in value && typeof value.code === 'string' ? value.code : '';
    const detail = 'detail' in value && typeof value.detail === 'string' ? value.detail : code;
    return { code, detail };
  } catch {
    return plain;
  }
}
