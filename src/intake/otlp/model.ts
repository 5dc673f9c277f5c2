/**
 * What is used of OpenTelemetry's protocol (opentelemetry-proto 1.9.0), as its JSON form names it.
 * Times are ms since the epoch, UTC, with a fraction; 0: not said. Ids are lower-case hex.
 */
export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly bytesValue: string }
  | { readonly arrayValue: { readonly values?: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values?: readonly KeyValue[] } };

export interface KeyValue {
  readonly key?: string;
  readonly value?: AnyValue;
}

/** An application, a library of it: whose data it is. */
export interface Resource {
  readonly attributes?: readonly KeyValue[];
}

export interface Scope {
  readonly name?: string;
  readonly version?: string;
}

/** What every data point has. */
export interface Point {
  readonly attributes?: readonly KeyValue[];
  readonly startTimeUnixNano?: number;
  readonly timeUnixNano?: number;
  /** Bit 1: nothing was recorded, the series has ended. */
  readonly flags?: number;
}

export interface NumberPoint extends Point {
  readonly asDouble?: number;
  readonly asInt?: number;
}

export interface HistogramPoint extends Point {
  readonly count?: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly bucketCounts?: readonly number[];
  readonly explicitBounds?: readonly number[];
}

export interface SummaryPoint extends Point {
  readonly count?: number;
  readonly sum?: number;
  readonly quantileValues?: readonly { readonly quantile?: number; readonly value?: number }[];
}

export interface Metric {
  readonly name?: string;
  readonly unit?: string;
  readonly gauge?: { readonly dataPoints?: readonly NumberPoint[] };
  readonly sum?: {
    readonly dataPoints?: readonly NumberPoint[];
    readonly aggregationTemporality?: number;
    readonly isMonotonic?: boolean;
  };
  readonly histogram?: {
    readonly dataPoints?: readonly HistogramPoint[];
    readonly aggregationTemporality?: number;
  };
  readonly exponentialHistogram?: {
    readonly dataPoints?: readonly HistogramPoint[];
    readonly aggregationTemporality?: number;
  };
  readonly summary?: { readonly dataPoints?: readonly SummaryPoint[] };
}

export interface LogRecord {
  readonly timeUnixNano?: number;
  readonly observedTimeUnixNano?: number;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: AnyValue;
  readonly attributes?: readonly KeyValue[];
  readonly traceId?: string;
  readonly spanId?: string;
  readonly eventName?: string;
}

export interface Span {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: number;
  readonly endTimeUnixNano?: number;
  readonly attributes?: readonly KeyValue[];
  readonly status?: { readonly message?: string; readonly code?: number };
}

/** Of `aggregationTemporality`. */
export const cumulative = 2;
