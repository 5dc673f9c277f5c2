import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';

/** Bytes of an answer that are read. */
const maxBody = 64 * 1024;
/** Characters of a version. */
const maxVersion = 200;
/** The header in which any answer may say its release. */
const header = 'x-release';

/** What an address answered of its version. */
export type VersionAnswer =
  | { readonly version: string; readonly error?: undefined }
  | { readonly version?: undefined; readonly error: string };

/** Where a version stands: a path, and behind `#` the member of its JSON answer, `a.b` within. */
export interface VersionPath {
  readonly path: string;
  readonly member: string | undefined;
}

/** `/healthcheck/ready#version` taken apart; without a `#` the whole answer is the version. */
export function versionPath(text: string): VersionPath {
  const at = text.indexOf('#');
  return at < 0
    ? { path: text, member: undefined }
    : { path: text.slice(0, at), member: text.slice(at + 1) };
}

/**
 * Asks an address for its version, by a connection of its own, so that a balancer chooses anew. The
 * member of the answer counts, else the header `x-release`. Never throws.
 */
export async function askVersion(
  url: URL,
  member: string | undefined | null,
  signal: AbortSignal,
): Promise<VersionAnswer> {
  try {
    const { status, said, body } = await ask(url, signal);
    const found = member === null ? undefined : versionIn(body, member);
    if (found !== undefined && status < 400) return { version: found };
    if (said !== undefined) return { version: said };
    const what = status >= 400 ? `it answered ${status}` : 'its answer names no version';
    return { error: what };
  } catch (error) {
    if (signal.aborted) return { error: 'it did not answer in time' };
    return { error: wordsOf(error) };
  }
}

interface Answer {
  readonly status: number;
  readonly said: string | undefined;
  readonly body: string;
}

function ask(url: URL, signal: AbortSignal): Promise<Answer> {
  const request = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve, reject) => {
    const headers = { connection: 'close', 'user-agent': 'territory-evidence' };
    const asked = request(url, { agent: false, signal, headers }, (answer) => {
      bodyOf(answer).then((body) => {
        const said = answer.headers[header];
        resolve({ status: answer.statusCode ?? 0, said: plain(said), body });
      }, reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxBody) break; // leaving the loop destroys the answer
  }
  return Buffer.concat(pieces).toString('utf8');
}

function versionIn(body: string, member: string | undefined): string | undefined {
  if (member === undefined) return plain(body.trim());
  try {
    let value: unknown = JSON.parse(body);
    for (const name of member.split('.'))
      value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
    return plain(typeof value === 'number' ? String(value) : value);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A version is one line of few characters; a whole page is none. */
function plain(text: unknown): string | undefined {
  if (typeof text !== 'string' || text === '' || text.length > maxVersion) return undefined;
  return /[\p{Cc}<>]/u.test(text) ? undefined : text;
}

function wordsOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ECONNREFUSED') return 'nobody listens';
  if (code === 'ECONNRESET') return 'it broke the connection off';
  return error instanceof Error ? error.message.slice(0, 200) : 'it can not be asked';
}
