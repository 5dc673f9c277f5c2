import { isDeepStrictEqual } from 'node:util';
import type { Checked } from '../check.ts';
import type { Refusal } from '../errors.ts';
import type { Draft, Json } from '../event.ts';
import type { EventLimits } from '../limits.ts';
import { decodeHeader, encodeHeader } from './header.ts';
import type { Parts, Scalar } from './mapping.ts';
import { acceptParts, restoreParts } from './original.ts';
import { refusal, wrongContext } from './context.ts';
import { toCloudEvent } from './structured.ts';

/** Header names in any case; Node gives repeated ones as an array or joined. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

type Data = Pick<Parts, 'data' | 'base64'>;

/**
 * A CloudEvent in HTTP's binary mode: attributes in `ce-` headers, data as the body. A JSON body is
 * parsed, text in UTF-8 stays text, everything else is kept as base64.
 *
 * @param now ms since the epoch, UTC
 */
export function fromBinary(
  headers: Headers,
  body: Uint8Array,
  limits: EventLimits,
  now: number,
): Checked {
  const attributes = attributesOf(headers);
  if (!(attributes instanceof Map)) return { refusal: attributes };
  const wrong = wrongContext(attributes);
  if (wrong) return { refusal: wrong };
  const data = dataOf(attributes.get('datacontenttype'), body);
  return 'code' in data
    ? { refusal: data }
    : acceptParts({ attributes, ...data }, false, limits, now);
}

/**
 * An event as an HTTP message: binary mode where that can carry it, else structured mode (data that
 * is no text under a content type that is no JSON, empty data). Data without a `datacontenttype`
 * gets `application/json`, bytes `application/octet-stream`. Types of extensions are lost in binary
 * mode: HTTP headers have none.
 */
export function toBinary(event: Draft): Message {
  const parts = restoreParts(event);
  const type = contentTypeOf(parts);
  const body = bodyOf(type, parts);
  const printable = type === undefined || /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(type);
  if (!printable || !body || !comesBack(type, body, parts)) return structured(event);
  const headers: Record<string, string> = {};
  for (const [name, value] of parts.attributes)
    if (name !== 'datacontenttype') headers[`ce-${name}`] = encodeHeader(String(value));
  if (type !== undefined) headers['content-type'] = type;
  return { headers, body };
}

function structured(event: Draft): Message {
  return {
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(toCloudEvent(event))),
  };
}

function attributesOf(headers: Headers): Map<string, Scalar> | Refusal {
  const attributes = new Map<string, Scalar>();
  for (const [given, value] of Object.entries(headers)) {
    const header = given.toLowerCase();
    if (value === undefined || !(header.startsWith('ce-') || header === 'content-type')) continue;
    const name = header === 'content-type' ? 'datacontenttype' : header.slice(3);
    if (header === 'ce-data' || header === 'ce-datacontenttype')
      return refusal(
        name,
        `${header} is no header of a CloudEvent: its place is the body or Content-Type`,
      );
    if (typeof value !== 'string') return refusal(name, `${header} was sent more than once`);
    const text = header === 'content-type' ? value : decodeHeader(value);
    if (text === undefined) return refusal(name, `${header} is not percent-encoded UTF-8`);
    attributes.set(name, text);
  }
  return attributes;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function dataOf(type: Scalar | undefined, body: Uint8Array): Data | Refusal {
  if (body.length === 0) return {};
  const kind = kindOf(type);
  const text = kind === 'bytes' ? undefined : decode(body);
  if (kind === 'json') return text === undefined ? notJson('it is not UTF-8') : parse(text);
  return text === undefined ? { base64: Buffer.from(body).toString('base64') } : { data: text };
}

function parse(text: string): Data | Refusal {
  try {
    return { data: JSON.parse(text) as Json };
  } catch (error) {
    return notJson(error instanceof Error ? error.message : String(error));
  }
}

const notJson = (why: string): Refusal => ({
  field: 'data',
  code: 'TERR_EVENT_JSON',
  message: `Content-Type says JSON and the body is none: ${why}`.slice(0, 300),
});

function decode(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}

/** What a media type says about a body; without a type it is bytes. */
function kindOf(type: Scalar | undefined): 'json' | 'text' | 'bytes' {
  const [essence = '', ...parameters] = String(type ?? '')
    .toLowerCase()
    .split(';');
  const media = essence.trim();
  if (/^(application|text)\/json$|\+json$/.test(media)) return 'json';
  const charset = parameters.map((p) => /^\s*charset="?([^"]*)"?\s*$/.exec(p)?.[1]).find(Boolean);
  const readable = charset === undefined || charset === 'utf-8' || charset === 'us-ascii';
  return readable && /^text\/|^application\/xml$|\+xml$/.test(media) ? 'text' : 'bytes';
}

function contentTypeOf(parts: Parts): string | undefined {
  const type = parts.attributes.get('datacontenttype');
  if (type !== undefined) return String(type);
  if (parts.base64 !== undefined) return 'application/octet-stream';
  return parts.data === undefined ? undefined : 'application/json';
}

function bodyOf(type: string | undefined, { data, base64 }: Data): Buffer | undefined {
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  if (data === undefined) return Buffer.alloc(0);
  if (kindOf(type) === 'json') return Buffer.from(JSON.stringify(data));
  return typeof data === 'string' ? Buffer.from(data) : undefined;
}

function comesBack(type: string | undefined, body: Buffer, { data, base64 }: Data): boolean {
  const back = dataOf(type, body);
  return !('code' in back) && isDeepStrictEqual([back.data, back.base64], [data, base64]);
}
