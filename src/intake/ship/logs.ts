import { isUtf8 } from 'node:buffer';
import type { Json } from '../../event/event.ts';
import { isRecord } from '../../event/json.ts';
import { type Decoded, refused } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import type { Answer, HttpProtocol, Outcome, Received } from '../http/protocol.ts';
import { logEvent, type LogLine } from '../logs/log-line.ts';
import { fromRecord, type Origin } from '../logs/record.ts';
import { jsonValues } from './json-values.ts';

/** Log lines by HTTP as shippers send them: `docs/protocols/log-shipping.md`. */
export const logs: HttpProtocol = {
  name: 'logs',
  title: 'Log lines (Fluent Bit, Vector)',
  path: '/api/v1/logs',
  takes: (path) => path === '/api/v1/logs' || path === '/api/v1/logs/',
  decode: (request) => decode(request),
  answer,
};

/** What is no text: said at once, before a line of it is refused. */
const binary =
  /^(?:application\/(?:msgpack|x-msgpack|vnd\.msgpack|x-protobuf|protobuf|octet-stream)|multipart\/)/;

function decode(request: Received): Iterable<Decoded> {
  const { body, headers } = request;
  const type = (headers['content-type'] ?? '').trim().toLowerCase();
  if (binary.test(type)) {
    const message = `${type.slice(0, 64)} is not taken: send JSON (Fluent Bit: Format json_lines; Vector: codec json), or text/plain by line.`;
    throw intakeErrors('MEDIA_TYPE', message, { field: 'Content-Type' });
  }
  if (body.length === 0) throw intakeErrors('EMPTY', 'The body holds no line: send at least one.');
  return type.startsWith('text/plain') ? textLines(request) : records(request);
}

function* records(request: Received): Generator<Decoded> {
  const { body, now } = request;
  const more = moreOf(request);
  for (const { start, end, line } of jsonValues(body)) {
    const record = parse(body.subarray(start, end));
    if (record === undefined) {
      const sample = body.toString('utf8', start, Math.min(end, start + 200));
      yield refused('TERR_INTAKE_DECODE', 'This is no JSON object.', { line, sample });
    } else yield logEvent(more(fromRecord(record, originOf(request))), now);
  }
}

function* textLines(request: Received): Generator<Decoded> {
  const { body, now } = request;
  const more = moreOf(request);
  let at = 0;
  while (at < body.length) {
    const newline = body.indexOf(0x0a, at);
    const end = newline < 0 ? body.length : newline;
    const bytes = body.subarray(at, body[end - 1] === 0x0d ? end - 1 : end);
    at = end + 1;
    if (bytes.length === 0) continue;
    const message = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
    yield logEvent(more({ ...originOf(request), message, attributes: [] }), now);
  }
}

/** `?service=…&host=…&environment=…`: of lines that do not say it themselves. */
function originOf({ query }: Received): Origin {
  const of = (name: string) => query.get(name) ?? undefined;
  return { service: of('service'), host: of('host'), environment: of('environment') };
}

/** Fluent Bit's tag, when `header_tag` sends it along. */
function moreOf({ headers }: Received): (line: LogLine) => LogLine {
  const tag = headers['fluent-tag'];
  if (typeof tag !== 'string') return (line) => line;
  return (line) => ({ ...line, attributes: [['fluent.tag', tag], ...line.attributes] });
}

function parse(bytes: Buffer): Record<string, Json> | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return isRecord(value) ? (value as Record<string, Json>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Shippers know a body as a whole: what is not 200 to 205 is sent again (408, 429, 5xx; Fluent Bit
 * also 207) or thrown away (other 4xx). So one bad line among good ones is no reason for either, and
 * a body without a good line is one to be thrown away.
 */
function answer({ accepted, duplicates, refused: bad, errors, failure }: Outcome): Answer {
  if (failure !== undefined) {
    const { status, code, message } = failure;
    return told(status, { code, detail: message });
  }
  const status = bad > 0 && accepted + duplicates === 0 ? 400 : 200;
  return told(status, { accepted, duplicates, refused: bad, errors });
}

function told(status: number, body: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: `${JSON.stringify(body)}\n`,
  };
}
