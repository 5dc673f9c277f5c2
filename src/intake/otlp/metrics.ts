import type { Draft } from '../../event/event.ts';
import { defaultLimits } from '../../event/limits.ts';
import { type Decoded, refused } from '../decoded.ts';
import {
  bucketsOf,
  type Counted,
  minus as minusCounted,
  ofExponential,
  ofHistogram,
  quantileOf,
} from './distribution.ts';
import { type Input, read } from './fields.ts';
import { Increments, type Minus, type Noted } from './increments.ts';
import { type Origin, resourceOrigin, scopeOrigin } from './origin.ts';
import { type Measured, measured, msOf, type MetricType, readingOf } from './point.ts';
import {
  type ExponentialPoint,
  exponentialPoint,
  type HistogramPoint,
  histogramPoint,
  type Metric,
  metric as metricShape,
  type NumberPoint,
  numberPoint,
  type Point,
  points as pointsShape,
  quantileValue,
  requestShapes,
  resourceMetrics,
  scopeMetrics,
  type SummaryPoint,
  summaryPoint,
} from './shapes.ts';

/** Counters of one sender. */
export class SenderSeries {
  readonly sums: Increments<number>;
  readonly counted: Increments<Counted>;

  /** @param since when listening began, ms since the epoch */
  constructor(since: number, most?: number) {
    this.sums = new Increments<number>(minusNumber, since, most);
    this.counted = new Increments<Counted>(minusCounted, since, most);
  }

  forget({ sums, counted }: Remembered): void {
    this.sums.forget(sums);
    this.counted.forget(counted);
  }
}

/** What is remembered because of one request. */
export interface Remembered {
  readonly sums: Noted[];
  readonly counted: Noted[];
}

const minusNumber: Minus<number> = (later, earlier) =>
  later < earlier ? undefined : later - earlier;

/** One body while it is decoded. */
export interface MetricsBody {
  readonly input: Input;
  readonly series: SenderSeries;
  readonly remembered: Remembered;
  /** ms since the epoch, UTC. */
  readonly now: number;
  /** Told of each data point. */
  readonly seen: () => void;
}

/** The readings of an ExportMetricsServiceRequest. Throws TERR_INTAKE_DECODE. */
export function* decodeMetrics(body: MetricsBody): Generator<Decoded> {
  const { resourceMetrics: resources = [] } = read(requestShapes.metrics, body.input);
  for (const ofResource of resources) {
    const { resource, scopeMetrics: scopes = [] } = read(resourceMetrics, ofResource);
    const origin = resourceOrigin(resource);
    for (const ofScope of scopes) {
      const scope = read(scopeMetrics, ofScope);
      const scoped = scopeOrigin(origin, scope);
      for (const metric of scope.metrics ?? [])
        yield* decodeMetric(read(metricShape, metric), scoped, body);
    }
  }
}

type Kind = 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';
const kinds: readonly Kind[] = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];
const pointShapes = {
  gauge: numberPoint,
  sum: numberPoint,
  histogram: histogramPoint,
  exponentialHistogram: exponentialPoint,
  summary: summaryPoint,
};

/** How the points of a metric are to be understood. */
interface Meaning {
  readonly kind: Kind;
  readonly cumulative: boolean;
  readonly delta: boolean;
  readonly monotonic: boolean;
}

function* decodeMetric(
  metric: Partial<Metric>,
  origin: Origin,
  body: MetricsBody,
): Generator<Decoded> {
  const kind = kinds.find((one) => metric[one] !== undefined);
  const held = kind === undefined ? undefined : metric[kind];
  if (kind === undefined || held === undefined) return;
  const {
    dataPoints = [],
    aggregationTemporality: temporality,
    isMonotonic: monotonic = false,
  } = read(pointsShape, held);
  const meaning = { kind, monotonic, delta: temporality === 1, cumulative: temporality === 2 };
  for (const input of dataPoints) {
    body.seen();
    yield* decodePoint(input, { metric, origin, meaning, body });
  }
}

interface Context {
  readonly metric: Partial<Metric>;
  readonly origin: Origin;
  readonly meaning: Meaning;
  readonly body: MetricsBody;
}

/** `DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK`. */
const noRecordedValue = 1;

function* decodePoint(input: Input, context: Context): Generator<Decoded> {
  const { metric, origin, meaning, body } = context;
  if (metric.name === undefined || metric.name === '') {
    yield refused('TERR_INTAKE_DECODE', 'A metric has no name: give it one.', { field: 'name' });
    return;
  }
  // By the shape of its kind, and so one of these.
  const point: AnyPoint = read<Point>(pointShapes[meaning.kind], input);
  const one = measured(origin, metric, point);
  const type: MetricType = meaning.delta ? 'delta' : 'gauge';
  if (((point.flags ?? 0) & noRecordedValue) !== 0 || !isTimely(point, body.now))
    // A time that cannot be is refused with its reason where all events are checked.
    yield readingOf(one, { type, value: undefined });
  else if (meaning.kind === 'gauge' || meaning.kind === 'sum') yield* number(point, one, context);
  else if (meaning.kind === 'summary') yield* summary(point, one, context);
  else yield* histogram(point, one, context);
}

type AnyPoint = Partial<NumberPoint & HistogramPoint & ExponentialPoint & SummaryPoint>;

/** Only of what will be taken may the next increment be counted from. */
function isTimely({ timeUnixNano = 0n }: Partial<Point>, now: number): boolean {
  if (timeUnixNano === 0n) return true;
  const time = msOf(timeUnixNano);
  return time >= now - defaultLimits.readingAge && time <= now + defaultLimits.future;
}

function* number(
  { asDouble, asInt }: Partial<NumberPoint>,
  one: Measured,
  { meaning, body }: Context,
): Generator<Decoded> {
  const value = asDouble ?? asInt;
  if (value === undefined) {
    const message = `A data point of ${JSON.stringify(one.metric.name)} has neither asDouble nor asInt.`;
    yield refused('TERR_INTAKE_DECODE', message, { field: 'value' });
  } else if (meaning.kind === 'sum' && meaning.monotonic && meaning.cumulative) {
    if (!Number.isFinite(value)) return;
    const { series, remembered } = body;
    const increment = series.sums.take({ ...at(one), value }, body.now, remembered.sums);
    if (increment === 'full') yield tooMany();
    else if (increment !== 'unknown')
      yield readingOf(one, { type: 'delta', value: increment.value });
  } else yield readingOf(one, { type: typeOf(meaning), value });
}

function typeOf({ kind, delta, monotonic }: Meaning): MetricType {
  if (kind !== 'sum') return 'gauge';
  if (delta) return 'delta';
  // Up and down counters are read as they stand, like a gauge.
  return monotonic ? 'cumulative' : 'gauge';
}

function at({ key, point }: Measured): { key: string; start: bigint; time: bigint } {
  const { startTimeUnixNano: start = 0n, timeUnixNano: time = 0n } = point;
  return { key, start, time };
}

function tooMany(): Decoded {
  const message =
    'There are more cumulative series of this sender than are remembered: send deltas, or fewer attributes.';
  return refused('TERR_INTAKE_KEYS', message);
}

function* histogram(
  point: AnyPoint,
  one: Measured,
  { meaning, body }: Context,
): Generator<Decoded> {
  const exponential = meaning.kind === 'exponentialHistogram';
  const counted = exponential ? ofExponential(point) : ofHistogram(point);
  if (typeof counted === 'string') {
    const message = `A histogram of ${JSON.stringify(one.metric.name)} cannot be read: ${counted}.`;
    yield refused('TERR_INTAKE_DECODE', message, { field: 'bucketCounts' });
  } else if (meaning.cumulative) {
    // Smallest and largest are those since the start, and say nothing of what came since the last point.
    yield* cumulative(counted, one, body);
  } else yield* distribution(one, counted, { min: point.min, max: point.max });
}

function* cumulative(counted: Counted, one: Measured, body: MetricsBody): Generator<Decoded> {
  const { series, remembered } = body;
  const reading = { ...at(one), value: counted };
  const increment = series.counted.take(reading, body.now, remembered.counted);
  if (increment === 'full') yield tooMany();
  else if (increment !== 'unknown') yield* distribution(one, increment.value, {});
}

const quantiles = [
  ['.p50', 0.5],
  ['.p95', 0.95],
  ['.p99', 0.99],
] as const;

interface Extremes {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What was counted since the last point, as readings. */
function* distribution(one: Measured, counted: Counted, extremes: Extremes): Generator<Draft> {
  const { count, sum } = counted;
  const sorted = bucketsOf(counted);
  const counts = sorted.map((bucket) => [leOf(bucket.high), bucket.count]);
  const data = sorted.length > 0 ? { data: { buckets: counts } } : {};
  yield readingOf(one, { suffix: '.count', type: 'delta', value: count, bare: true, ...data });
  if (sum !== undefined) yield readingOf(one, { suffix: '.sum', type: 'delta', value: sum });
  if (count === 0) return;
  const { min, max } = extremes;
  if (min !== undefined) yield readingOf(one, { suffix: '.min', type: 'gauge', value: min });
  if (max !== undefined) yield readingOf(one, { suffix: '.max', type: 'gauge', value: max });
  for (const [suffix, q] of quantiles) {
    const value = quantileOf(sorted, q, extremes);
    if (value !== undefined) yield readingOf(one, { suffix, type: 'quantile', value });
  }
}

const leOf = (high: number): number | string => (Number.isFinite(high) ? high : '+Inf');

/** Quantiles of one summary that are taken. */
const mostQuantiles = 32;

/** Summaries count from their start, and give quantiles of some while that only their maker knows. */
function* summary(
  { count = 0, sum = 0, quantileValues = [] }: Partial<SummaryPoint>,
  one: Measured,
  { body }: Context,
): Generator<Decoded> {
  yield* cumulative({ count, sum, shape: undefined }, one, body);
  let taken = 0;
  for (const each of quantileValues) {
    if (++taken > mostQuantiles) return;
    const { quantile = 0, value = 0 } = read(quantileValue, each);
    if (Number.isNaN(value)) continue;
    yield readingOf(one, { suffix: suffixOf(quantile), type: 'quantile', value });
  }
}

/** `.p50` of 0.5, `.p999` of 0.999; the ends are `.min` and `.max` (metrics.proto, ValueAtQuantile). */
function suffixOf(quantile: number): string {
  if (quantile === 0) return '.min';
  if (quantile === 1) return '.max';
  return `.p${String(Number((quantile * 100).toFixed(6))).replace('.', '')}`;
}
