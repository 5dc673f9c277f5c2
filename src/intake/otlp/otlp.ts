import type { Decoded } from '../decoded.ts';
import type { HttpProtocol, Received } from '../http/protocol.ts';
import { answerIn, type Rejected } from './answer.ts';
import { type Encoding, encodingOf, itemsOf } from './body.ts';
import { Increments } from './increments.ts';
import { logOf } from './logs.ts';
import { readingsOf } from './metrics.ts';
import type { LogRecord, Metric, Span } from './model.ts';
import { logRecord, metric, span } from './schema.ts';
import { ServicesOfSpans } from './services-of-spans.ts';
import { spanOf } from './spans.ts';

/** Counters whose last point is kept. */
const maxSeries = 200_000;
/** Spans whose service is kept, for those below them. */
const maxSpans = 100_000;

const signals = {
  metrics: {
    rejected: 'rejectedDataPoints',
    levels: {
      resources: 'resourceMetrics',
      scopes: 'scopeMetrics',
      items: 'metrics',
      table: metric,
    },
  },
  logs: {
    rejected: 'rejectedLogRecords',
    levels: {
      resources: 'resourceLogs',
      scopes: 'scopeLogs',
      items: 'logRecords',
      table: logRecord,
    },
  },
  traces: {
    rejected: 'rejectedSpans',
    levels: { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans', table: span },
  },
} as const satisfies Record<string, { rejected: Rejected; levels: unknown }>;

type Signal = keyof typeof signals;

/** OTLP over HTTP, metrics, logs and traces: docs/protocols/otlp.md. `since`: our start, ms. */
export function otlpProtocol(since: number): HttpProtocol {
  const increments = new Increments(maxSeries, since);
  const services = new ServicesOfSpans(maxSpans);
  return {
    name: 'otlp',
    title: 'OpenTelemetry (OTLP/HTTP)',
    path: '/v1/metrics, /v1/logs, /v1/traces',
    takes: (path) => signalOf(path) !== undefined,
    decode: (received) => decode(received, increments, services),
    answer: (outcome, received) => {
      const { rejected } = signals[signalOf(received.path) ?? 'metrics'];
      return answerIn(encodingSaid(received), outcome, rejected);
    },
  };
}

function* decode(
  received: Received,
  increments: Increments,
  services: ServicesOfSpans,
): Generator<Decoded> {
  const signal = signalOf(received.path) ?? 'metrics';
  const { levels } = signals[signal];
  let index = 0;
  if (signal === 'logs')
    for (const item of itemsOf<LogRecord>(received, levels)) yield logOf(item, index++);
  else if (signal === 'traces')
    for (const item of itemsOf<Span>(received, levels)) yield spanOf(item, services);
  else for (const item of itemsOf<Metric>(received, levels)) yield* readingsOf(item, increments);
}

/** By its path, as exporters append it to OTEL_EXPORTER_OTLP_ENDPOINT, with or without `/otlp`. */
function signalOf(path: string): Signal | undefined {
  const name = /^(?:\/otlp)?\/v1\/(metrics|logs|traces)$/.exec(path)?.[1];
  return name as Signal | undefined; // one of the three that the pattern names
}

/** Of an answer to what could not be understood: JSON, which people can read. */
function encodingSaid(received: Received): Encoding {
  try {
    return encodingOf(received);
  } catch {
    return 'json';
  }
}
