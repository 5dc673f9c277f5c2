import type { Json } from '../../event/event.ts';
import type { Attributes } from './any-value.ts';
import { type Input, Shape } from './fields.ts';

/*
 * The messages of opentelemetry-proto v1.9.0 as far as they are taken: number, name and kind of each
 * field. What is not listed is skipped, as unknown fields are.
 */

/** The three Export…ServiceRequests; they differ by what their one field is called in JSON. */
export const requestShapes = {
  metrics: new Shape<{ resourceMetrics: Iterable<Input> }>([1, 'resourceMetrics', 'each']),
  logs: new Shape<{ resourceLogs: Iterable<Input> }>([1, 'resourceLogs', 'each']),
  traces: new Shape<{ resourceSpans: Iterable<Input> }>([1, 'resourceSpans', 'each']),
};

/** ResourceMetrics, ResourceLogs and ResourceSpans. */
export interface OfResource {
  readonly resource: Input;
  readonly scopeMetrics: Iterable<Input>;
  readonly scopeLogs: Iterable<Input>;
  readonly scopeSpans: Iterable<Input>;
}

export const resourceMetrics = new Shape<OfResource>(
  [1, 'resource', 'message'],
  [2, 'scopeMetrics', 'each'],
);
export const resourceLogs = new Shape<OfResource>(
  [1, 'resource', 'message'],
  [2, 'scopeLogs', 'each'],
);
export const resourceSpans = new Shape<OfResource>(
  [1, 'resource', 'message'],
  [2, 'scopeSpans', 'each'],
);

/** ScopeMetrics, ScopeLogs and ScopeSpans. */
export interface OfScope {
  readonly scope: Input;
  readonly metrics: Iterable<Input>;
  readonly logRecords: Iterable<Input>;
  readonly spans: Iterable<Input>;
}

export const scopeMetrics = new Shape<OfScope>([1, 'scope', 'message'], [2, 'metrics', 'each']);
export const scopeLogs = new Shape<OfScope>([1, 'scope', 'message'], [2, 'logRecords', 'each']);
export const scopeSpans = new Shape<OfScope>([1, 'scope', 'message'], [2, 'spans', 'each']);

interface Described {
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
}

export const resource = new Shape<Described>(
  [1, 'attributes', 'attributes'],
  [2, 'droppedAttributesCount', 'count'],
);

interface Scope extends Described {
  readonly name: string;
  readonly version: string;
}

export const scope = new Shape<Scope>(
  [1, 'name', 'text'],
  [2, 'version', 'text'],
  [3, 'attributes', 'attributes'],
  [4, 'droppedAttributesCount', 'count'],
);

export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly gauge: Input;
  readonly sum: Input;
  readonly histogram: Input;
  readonly exponentialHistogram: Input;
  readonly summary: Input;
}

export const metric = new Shape<Metric>(
  [1, 'name', 'text'],
  [3, 'unit', 'text'],
  [5, 'gauge', 'message'],
  [7, 'sum', 'message'],
  [9, 'histogram', 'message'],
  [10, 'exponentialHistogram', 'message'],
  [11, 'summary', 'message'],
);

/** Gauge, Sum, Histogram, ExponentialHistogram and Summary. */
interface Points {
  readonly dataPoints: Iterable<Input>;
  readonly aggregationTemporality: number;
  readonly isMonotonic: boolean;
}

const temporalities = [
  'AGGREGATION_TEMPORALITY_UNSPECIFIED',
  'AGGREGATION_TEMPORALITY_DELTA',
  'AGGREGATION_TEMPORALITY_CUMULATIVE',
];

export const points = new Shape<Points>(
  [1, 'dataPoints', 'each'],
  [2, 'aggregationTemporality', 'count', temporalities],
  [3, 'isMonotonic', 'bool'],
);

/** What all data points have. */
export interface Point {
  readonly attributes: Attributes;
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly flags: number;
}

export interface NumberPoint extends Point {
  readonly asDouble: number;
  readonly asInt: number;
}

export const numberPoint = new Shape<NumberPoint>(
  [2, 'startTimeUnixNano', 'nanos'],
  [3, 'timeUnixNano', 'nanos'],
  [4, 'asDouble', 'double'],
  [6, 'asInt', 'whole'],
  [7, 'attributes', 'attributes'],
  [8, 'flags', 'count'],
);

export interface HistogramPoint extends Point {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly bucketCounts: readonly number[];
  readonly explicitBounds: readonly number[];
}

export const histogramPoint = new Shape<HistogramPoint>(
  [2, 'startTimeUnixNano', 'nanos'],
  [3, 'timeUnixNano', 'nanos'],
  [4, 'count', 'count'],
  [5, 'sum', 'double'],
  [6, 'bucketCounts', 'counts'],
  [7, 'explicitBounds', 'doubles'],
  [9, 'attributes', 'attributes'],
  [10, 'flags', 'count'],
  [11, 'min', 'double'],
  [12, 'max', 'double'],
);

export interface ExponentialPoint extends Point {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly zeroThreshold: number;
  readonly positive: Input;
  readonly negative: Input;
}

export const exponentialPoint = new Shape<ExponentialPoint>(
  [1, 'attributes', 'attributes'],
  [2, 'startTimeUnixNano', 'nanos'],
  [3, 'timeUnixNano', 'nanos'],
  [4, 'count', 'count'],
  [5, 'sum', 'double'],
  [6, 'scale', 'zigzag'],
  [7, 'zeroCount', 'count'],
  [8, 'positive', 'message'],
  [9, 'negative', 'message'],
  [10, 'flags', 'count'],
  [12, 'min', 'double'],
  [13, 'max', 'double'],
  [14, 'zeroThreshold', 'double'],
);

export interface Buckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

export const buckets = new Shape<Buckets>([1, 'offset', 'zigzag'], [2, 'bucketCounts', 'varints']);

export interface SummaryPoint extends Point {
  readonly count: number;
  readonly sum: number;
  readonly quantileValues: Iterable<Input>;
}

export const summaryPoint = new Shape<SummaryPoint>(
  [2, 'startTimeUnixNano', 'nanos'],
  [3, 'timeUnixNano', 'nanos'],
  [4, 'count', 'count'],
  [5, 'sum', 'double'],
  [6, 'quantileValues', 'each'],
  [7, 'attributes', 'attributes'],
  [8, 'flags', 'count'],
);

export const quantileValue = new Shape<{ quantile: number; value: number }>(
  [1, 'quantile', 'double'],
  [2, 'value', 'double'],
);

const severities = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((word) =>
    ['', '2', '3', '4'].map((n) => `SEVERITY_NUMBER_${word}${n}`),
  ),
];

export interface LogRecord extends Described {
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: Json;
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
}

export const logRecord = new Shape<LogRecord>(
  [1, 'timeUnixNano', 'nanos'],
  [2, 'severityNumber', 'count', severities],
  [3, 'severityText', 'text'],
  [5, 'body', 'value'],
  [6, 'attributes', 'attributes'],
  [7, 'droppedAttributesCount', 'count'],
  [9, 'traceId', 'hex'],
  [10, 'spanId', 'hex'],
  [11, 'observedTimeUnixNano', 'nanos'],
  [12, 'eventName', 'text'],
);

const spanKinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (kind) => `SPAN_KIND_${kind}`,
);

export interface Span extends Described {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly events: Iterable<Input>;
  readonly links: Iterable<Input>;
  readonly status: Input;
}

export const span = new Shape<Span>(
  [1, 'traceId', 'hex'],
  [2, 'spanId', 'hex'],
  [4, 'parentSpanId', 'hex'],
  [5, 'name', 'text'],
  [6, 'kind', 'count', spanKinds],
  [7, 'startTimeUnixNano', 'nanos'],
  [8, 'endTimeUnixNano', 'nanos'],
  [9, 'attributes', 'attributes'],
  [10, 'droppedAttributesCount', 'count'],
  [11, 'events', 'each'],
  [13, 'links', 'each'],
  [15, 'status', 'message'],
);

/** What tells which service a span belongs to and who its parent is. */
export const spanIds = new Shape<Pick<Span, 'traceId' | 'spanId' | 'parentSpanId' | 'kind'>>(
  [1, 'traceId', 'hex'],
  [2, 'spanId', 'hex'],
  [4, 'parentSpanId', 'hex'],
  [6, 'kind', 'count', spanKinds],
);

interface SpanEvent {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: Attributes;
}

export const spanEvent = new Shape<SpanEvent>(
  [1, 'timeUnixNano', 'nanos'],
  [2, 'name', 'text'],
  [3, 'attributes', 'attributes'],
);

export const spanLink = new Shape<{ traceId: string; spanId: string }>(
  [1, 'traceId', 'hex'],
  [2, 'spanId', 'hex'],
);

export const spanStatus = new Shape<{ message: string; code: number }>(
  [2, 'message', 'text'],
  [3, 'code', 'count', ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']],
);
