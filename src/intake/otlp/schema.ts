/** How a field is read, from protobuf and from JSON. */
export type Kind =
  | 'text'
  | 'bool'
  | 'double'
  /** Any integer as a number; beyond 2^53 it is rounded. */
  | 'integer'
  /** sfixed64, fixed64, as a number. */
  | 'fixed'
  /** int64 with all its digits, as text. */
  | 'digits'
  /** fixed64 of nanoseconds, as ms with a fraction: some 200 ns are lost. */
  | 'nanos'
  /** bytes of an id, as hex. */
  | 'id'
  /** bytes, as base64. */
  | 'bytes'
  | Message;

export interface FieldOf {
  readonly name: string;
  readonly kind: Kind;
  readonly repeated?: true;
  /** What JSON may write instead of a number of an enum. */
  readonly names?: Readonly<Record<string, number>>;
}

/** A message by the numbers of its fields; made late where it holds itself. */
export interface Message {
  readonly fields: ReadonlyMap<number, FieldOf>;
  readonly byName: ReadonlyMap<string, FieldOf>;
}

function message(fields: Readonly<Record<number, FieldOf>>): Message {
  const entries = Object.entries(fields).map(([number, field]) => [Number(number), field] as const);
  return {
    fields: new Map(entries),
    byName: new Map(entries.map(([, field]) => [field.name, field])),
  };
}

const one = (name: string, kind: Kind): FieldOf => ({ name, kind });
const many = (name: string, kind: Kind): FieldOf => ({ name, kind, repeated: true });
const choice = (name: string, names: Readonly<Record<string, number>>): FieldOf => ({
  name,
  kind: 'integer',
  names,
});

// AnyValue holds lists of itself: the maps are filled once all of them are there.
const anyFields = new Map<number, FieldOf>();
const anyNames = new Map<string, FieldOf>();
const anyValue: Message = { fields: anyFields, byName: anyNames };
const keyValue = message({ 1: one('key', 'text'), 2: one('value', anyValue) });
const values = message({ 1: many('values', anyValue) });
const pairs = message({ 1: many('values', keyValue) });
for (const [number, field] of [
  [1, one('stringValue', 'text')],
  [2, one('boolValue', 'bool')],
  [3, one('intValue', 'digits')],
  [4, one('doubleValue', 'double')],
  [5, one('arrayValue', values)],
  [6, one('kvlistValue', pairs)],
  [7, one('bytesValue', 'bytes')],
] as const) {
  anyFields.set(number, field);
  anyNames.set(field.name, field);
}

const attributes = many('attributes', keyValue);

export const resource = message({ 1: attributes });
export const scope = message({ 1: one('name', 'text'), 2: one('version', 'text') });

const temporality = choice('aggregationTemporality', {
  AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
  AGGREGATION_TEMPORALITY_DELTA: 1,
  AGGREGATION_TEMPORALITY_CUMULATIVE: 2,
});
const start = one('startTimeUnixNano', 'nanos');
const time = one('timeUnixNano', 'nanos');
const flags = one('flags', 'integer');

const numberPoint = message({
  2: start,
  3: time,
  4: one('asDouble', 'double'),
  6: one('asInt', 'fixed'),
  7: attributes,
  8: flags,
});
const histogramPoint = message({
  2: start,
  3: time,
  4: one('count', 'fixed'),
  5: one('sum', 'double'),
  6: many('bucketCounts', 'fixed'),
  7: many('explicitBounds', 'double'),
  9: attributes,
  10: flags,
  11: one('min', 'double'),
  12: one('max', 'double'),
});
const exponentialPoint = message({
  1: attributes,
  2: start,
  3: time,
  4: one('count', 'fixed'),
  5: one('sum', 'double'),
  10: flags,
  12: one('min', 'double'),
  13: one('max', 'double'),
});
const quantileValue = message({ 1: one('quantile', 'double'), 2: one('value', 'double') });
const summaryPoint = message({
  2: start,
  3: time,
  4: one('count', 'fixed'),
  5: one('sum', 'double'),
  6: many('quantileValues', quantileValue),
  7: attributes,
  8: flags,
});

export const metric = message({
  1: one('name', 'text'),
  3: one('unit', 'text'),
  5: one('gauge', message({ 1: many('dataPoints', numberPoint) })),
  7: one(
    'sum',
    message({ 1: many('dataPoints', numberPoint), 2: temporality, 3: one('isMonotonic', 'bool') }),
  ),
  9: one('histogram', message({ 1: many('dataPoints', histogramPoint), 2: temporality })),
  10: one(
    'exponentialHistogram',
    message({ 1: many('dataPoints', exponentialPoint), 2: temporality }),
  ),
  11: one('summary', message({ 1: many('dataPoints', summaryPoint) })),
});

export const logRecord = message({
  1: time,
  2: choice('severityNumber', severityNames()),
  3: one('severityText', 'text'),
  5: one('body', anyValue),
  6: attributes,
  9: one('traceId', 'id'),
  10: one('spanId', 'id'),
  11: one('observedTimeUnixNano', 'nanos'),
  12: one('eventName', 'text'),
});

export const span = message({
  1: one('traceId', 'id'),
  2: one('spanId', 'id'),
  4: one('parentSpanId', 'id'),
  5: one('name', 'text'),
  6: choice('kind', {
    SPAN_KIND_UNSPECIFIED: 0,
    SPAN_KIND_INTERNAL: 1,
    SPAN_KIND_SERVER: 2,
    SPAN_KIND_CLIENT: 3,
    SPAN_KIND_PRODUCER: 4,
    SPAN_KIND_CONSUMER: 5,
  }),
  7: start,
  8: one('endTimeUnixNano', 'nanos'),
  9: attributes,
  15: one(
    'status',
    message({
      2: one('message', 'text'),
      3: choice('code', { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 }),
    }),
  ),
});

/** SEVERITY_NUMBER_TRACE is 1, SEVERITY_NUMBER_TRACE2 is 2, and so on to FATAL4, 24. */
function severityNames(): Record<string, number> {
  const words = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
  return Object.fromEntries(
    words.flatMap((word, i) =>
      ['', '2', '3', '4'].map((n, j) => [`SEVERITY_NUMBER_${word}${n}`, 1 + 4 * i + j]),
    ),
  );
}
