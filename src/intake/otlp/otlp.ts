import { isUtf8 } from 'node:buffer';
import { isRecord } from '../../event/json.ts';
import { findJsonError } from '../../event/scan/json-error.ts';
import type { Decoded } from '../decoded.ts';
import { intakeErrors } from '../errors.ts';
import type { HttpProtocol, Outcome, Received } from '../http/protocol.ts';
import { WireReader } from '../protobuf/wire.ts';
import { answerOf, type Encoding, encodingOf, type Signal } from './answer.ts';
import { Callers } from './edges.ts';
import { type Input, JsonInput } from './fields.ts';
import { decodeLogs } from './logs.ts';
import { decodeMetrics, type Remembered, SenderSeries } from './metrics.ts';
import { decodeTraces } from './traces.ts';

/** Data points, records or spans of one request: what yields no event must end somewhere, too. */
const mostItems = 1_000_000;

const signals: ReadonlyMap<string, Signal> = new Map(
  (['metrics', 'logs', 'traces'] as const).flatMap((signal) =>
    ['', '/otlp'].map((prefix) => [`${prefix}/v1/${signal}`, signal]),
  ),
);

/** One request while it is taken. */
interface Visit {
  readonly remembered: Remembered;
  readonly series: SenderSeries;
  items: number;
}

/**
 * OpenTelemetry's protocol over HTTP (opentelemetry-proto 1.9.0), in protobuf and JSON:
 * docs/protocols/otlp.md.
 *
 * @param since our start, ms since the epoch, UTC: what began to count before was not heard whole
 */
export function otlpProtocol(since: number): HttpProtocol {
  const bySource = new Map<string, SenderSeries>();
  const visits = new WeakMap<Received, Visit>();
  const callers = new Callers();

  function seriesOf(source: string): SenderSeries {
    const known = bySource.get(source);
    if (known) return known;
    const made = new SenderSeries(since);
    bySource.set(source, made);
    return made;
  }

  function* decode(request: Received, source: string): Generator<Decoded> {
    const encoding = encodingOf(request);
    const signal = signals.get(request.path) ?? 'metrics';
    const remembered: Remembered = { sums: [], counted: [] };
    const series = seriesOf(source);
    const visit: Visit = { remembered, series, items: 0 };
    visits.set(request, visit);
    const input = inputOf(request.body, encoding);
    const seen = (): void => {
      if (++visit.items > mostItems) throw tooMany();
    };
    const { now: at, body: bytes } = request;
    if (signal === 'metrics') yield* decodeMetrics({ input, series, remembered, now: at, seen });
    else if (signal === 'logs') yield* decodeLogs({ input, bytes, now: at, seen });
    else yield* decodeTraces({ input, callers, seen });
  }

  return {
    name: 'otlp',
    title: 'OpenTelemetry (OTLP/HTTP)',
    path: '/v1/metrics, /v1/logs, /v1/traces',
    takes: (path) => signals.has(path),
    decode: (request, { source }) => decode(request, source),
    answer: (outcome, request) => {
      const visit = visits.get(request);
      // Counters go on from what was taken, and only from that.
      if (tookNothing(outcome)) visit?.series.forget(visit.remembered);
      const signal = signals.get(request.path) ?? 'metrics';
      const items = visit?.items ?? outcome.refused;
      return answerOf(outcome, { signal, encoding: encodingSaid(request), items });
    },
  };
}

/** Points that are only to be counted from yield nothing, and are neither taken nor refused. */
function tookNothing({ failure, accepted, duplicates, refused }: Outcome): boolean {
  return failure !== undefined || (refused > 0 && accepted + duplicates === 0);
}

/** Of an answer to what could not be understood: JSON, which people can read. */
function encodingSaid(request: Received): Encoding {
  try {
    return encodingOf(request);
  } catch {
    return 'json';
  }
}

function inputOf(body: Buffer, encoding: Encoding): Input {
  if (encoding === 'protobuf') return new WireReader(body);
  if (!isUtf8(body)) throw intakeErrors('DECODE', 'The body is not valid UTF-8.');
  const text = body.toString();
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return new JsonInput(value);
  } catch (cause) {
    const { line = 1, column = 1, expected = 'JSON' } = findJsonError(text) ?? {};
    const message = `The body is not JSON: at line ${line}, column ${column} ${expected} was expected.`;
    throw intakeErrors('DECODE', message, { line, column, cause });
  }
  throw intakeErrors('DECODE', 'The body must be a JSON object.');
}

function tooMany(): Error {
  const message = `The body holds more than ${mostItems} data points, records or spans: send it in parts.`;
  return intakeErrors('TOO_MANY', message);
}
