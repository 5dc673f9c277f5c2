import type { IncomingHttpHeaders } from 'node:http';
import { intakeErrors } from '../errors.ts';

/** What a body holds, and in which form. */
export type BodyKind = 'json' | 'ndjson' | 'cloudevent' | 'cloudevents' | 'binary';
export type Packing = 'identity' | 'gzip' | 'deflate' | 'br';

const kinds: ReadonlyMap<string, BodyKind> = new Map([
  ['application/json', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['application/cloudevents+json', 'cloudevent'],
  ['application/cloudevents-batch+json', 'cloudevents'],
]);
const packings: ReadonlyMap<string, Packing> = new Map([
  ['identity', 'identity'],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'br'],
]);

/** The media types that are taken, for documents and errors. */
export const takenTypes: readonly string[] = [...kinds.keys()];

/**
 * What the headers say that the body is. With `ce-` headers it is a CloudEvent in binary mode,
 * unless the type says that the whole event is in the body (CloudEvents HTTP Protocol Binding
 * 1.0.2, 3). Throws TERR_INTAKE_MEDIA_TYPE.
 */
export function kindOf(headers: IncomingHttpHeaders): BodyKind {
  const given = headers['content-type'] ?? '';
  const simple = kinds.get(given);
  const kind = simple ?? kinds.get((given.split(';', 1)[0] ?? '').trim().toLowerCase());
  const enveloped = kind === 'cloudevent' || kind === 'cloudevents';
  if (!enveloped && isBinary(headers)) return 'binary';
  if (kind === undefined) throw notTaken(given);
  if (simple === undefined) checkCharset(given);
  return kind;
}

/** How the body is packed. Throws TERR_INTAKE_ENCODING. */
export function packingOf(headers: IncomingHttpHeaders): Packing {
  const given = headers['content-encoding'];
  if (given === undefined) return 'identity';
  const packing = packings.get(given.trim().toLowerCase());
  if (packing !== undefined) return packing;
  const shown = JSON.stringify(given.slice(0, 64));
  throw intakeErrors('ENCODING', `${shown} is not taken: send gzip, deflate, br or no encoding.`, {
    field: 'Content-Encoding',
  });
}

function isBinary(headers: IncomingHttpHeaders): boolean {
  return ['ce-specversion', 'ce-id', 'ce-type', 'ce-source'].some((h) => headers[h] !== undefined);
}

function notTaken(given: string): Error {
  const what = given === '' ? 'There is no Content-Type' : `${JSON.stringify(given.slice(0, 64))}`;
  const taken = `${takenTypes.join(', ')}, or any type with CloudEvents' ce- headers`;
  const message =
    given === '' ? `${what}; send one of ${taken}.` : `${what} is not taken: send ${taken}.`;
  return intakeErrors('MEDIA_TYPE', message, { field: 'Content-Type' });
}

function checkCharset(given: string): void {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(given)?.[1]?.toLowerCase();
  if (charset === undefined || ['utf-8', 'utf8', 'us-ascii'].includes(charset)) return;
  const message = `The charset ${JSON.stringify(charset.slice(0, 64))} is not taken: encode the body as UTF-8.`;
  throw intakeErrors('MEDIA_TYPE', message, { field: 'Content-Type' });
}
