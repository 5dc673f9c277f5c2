import { IdentityHash } from '../../event/identity.ts';
import type { Draft } from '../../event/event.ts';
import { type Decoded, refused } from '../decoded.ts';
import { type Labels, labelled, pairsOf, resourceLabels } from './attributes.ts';
import type { Item } from './body.ts';
import type { Increments } from './increments.ts';
import {
  cumulative,
  type HistogramPoint,
  type Metric,
  type NumberPoint,
  type Point,
  type SummaryPoint,
} from './model.ts';

/** The series that a point belongs to. */
interface Series {
  /** Whose it is, which metric, which attributes. */
  readonly key: string;
  readonly name: string;
  readonly labels: Labels;
  readonly unit: string | undefined;
}

type KindOfReading = 'gauge' | 'delta' | 'quantile';

/** The readings of one metric: docs/protocols/otlp.md has the table. */
export function* readingsOf(
  { resource, scope, item }: Item<Metric>,
  increments: Increments,
): Generator<Decoded> {
  const own = resourceLabels(resource, scope);
  const seriesOf = (point: Point): Series => {
    const labels = [...own, ...pairsOf(point.attributes)];
    const { name = '', unit } = item;
    return { key: JSON.stringify([name, labels]), name, labels: labelled(labels), unit };
  };
  if (!item.name) {
    yield refused('TERR_INTAKE_DECODE', 'a metric has no name', { field: 'name' });
    return;
  }
  yield* ofSums(item, seriesOf, increments);
  yield* ofDistributions(item, seriesOf, increments);
}

type SeriesOf = (point: Point) => Series;

function* ofSums(
  { gauge, sum }: Metric,
  seriesOf: SeriesOf,
  increments: Increments,
): Generator<Decoded> {
  for (const point of gauge?.dataPoints ?? []) yield* ofNumber(seriesOf(point), point, 'gauge');
  const stands = sum?.aggregationTemporality === cumulative;
  for (const point of sum?.dataPoints ?? [])
    if (stands && sum.isMonotonic === true) yield* ofCounter(seriesOf(point), point, increments);
    // A sum that may fall is a level, unless it tells its own changes.
    else yield* ofNumber(seriesOf(point), point, stands ? 'gauge' : 'delta');
}

function* ofDistributions(
  { histogram, exponentialHistogram, summary }: Metric,
  seriesOf: SeriesOf,
  increments: Increments,
): Generator<Decoded> {
  for (const one of [histogram, exponentialHistogram]) {
    const counts = one?.aggregationTemporality === cumulative ? increments : undefined;
    for (const point of one?.dataPoints ?? []) yield* ofHistogram(seriesOf(point), point, counts);
  }
  for (const point of summary?.dataPoints ?? [])
    yield* ofSummary(seriesOf(point), point, increments);
}

function* ofNumber(
  series: Series,
  point: NumberPoint,
  kind: 'gauge' | 'delta',
): Generator<Decoded> {
  const value = point.asDouble ?? point.asInt;
  if (isOver(point)) yield expired(series, point);
  else yield reading(series, point, { kind, value });
}

function* ofCounter(
  series: Series,
  point: NumberPoint,
  increments: Increments,
): Generator<Decoded> {
  const value = point.asDouble ?? point.asInt;
  if (isOver(point)) yield expired(series, point);
  else if (value === undefined || !Number.isFinite(value)) yield noNumber(series, value);
  else {
    const made = incrementOf(series, point, { values: [value], increments });
    if (typeof made !== 'string') yield reading(series, point, { kind: 'delta', value: made[0] });
    else if (made === 'old') yield tooOld(series);
  }
}

function* ofHistogram(
  series: Series,
  point: HistogramPoint,
  increments: Increments | undefined,
): Generator<Decoded> {
  if (isOver(point)) {
    yield expired(series, point);
    return;
  }
  const { count = 0, sum, bucketCounts = [] } = point;
  const standing = [count, sum ?? 0, ...bucketCounts];
  const values = increments
    ? incrementOf(series, point, { values: standing, increments })
    : standing;
  if (values === 'old') yield tooOld(series);
  if (typeof values !== 'string') yield* distribution(series, point, values);
}

function* distribution(
  series: Series,
  point: HistogramPoint,
  [counted, summed, ...buckets]: readonly number[],
): Generator<Decoded> {
  const { sum, min, max, explicitBounds = [] } = point;
  // Counts have no unit, whatever they count.
  yield reading({ ...series, unit: undefined }, point, {
    suffix: '.count',
    kind: 'delta',
    value: counted,
    ...(buckets.length > 0 && { data: { bounds: explicitBounds, counts: buckets } }),
  });
  const others: readonly Value[] = [
    { suffix: '.sum', kind: 'delta', value: sum === undefined ? undefined : summed },
    { suffix: '.min', kind: 'gauge', value: min },
    { suffix: '.max', kind: 'gauge', value: max },
  ];
  for (const one of others) if (one.value !== undefined) yield reading(series, point, one);
}

/** Counts and sums of a summary are cumulative always (metrics data model, "Summary"). */
function* ofSummary(
  series: Series,
  point: SummaryPoint,
  increments: Increments,
): Generator<Decoded> {
  const { quantileValues = [], ...others } = point;
  yield* ofHistogram(series, others, increments);
  if (isOver(point)) return;
  for (const { quantile = 0, value } of quantileValues)
    if (value !== undefined && Number.isFinite(value))
      yield reading(series, point, { kind: 'quantile', value, quantile });
}

interface Value {
  readonly suffix?: string;
  readonly kind: KindOfReading;
  readonly value: number | undefined;
  readonly quantile?: number;
  readonly data?: Draft['data'];
}

function reading(series: Series, point: Point, value: Value): Decoded {
  const { kind, value: metric, suffix = '', quantile, data } = value;
  if (metric === undefined || !Number.isFinite(metric)) return noNumber(series, metric);
  const which = `${suffix}${quantile ?? ''}`;
  return {
    ...base(series, point, which),
    name: `${series.name}${suffix}`,
    metric,
    attributes: {
      ...series.labels.attributes,
      'metric.type': kind,
      ...(series.unit && { unit: series.unit }),
      ...(quantile !== undefined && { quantile: String(quantile) }),
    },
    ...(data !== undefined && { data }),
  };
}

const hash = new IdentityHash();

/** The id is the same when a point is sent again, so that the log knows it. */
function base(series: Series, { timeUnixNano: time }: Point, which: string): Draft {
  const { service, host, environment } = series.labels;
  hash.start('');
  hash.text(`${series.key}${which} ${time ?? ''}`);
  hash.finish();
  return {
    ...(time && {
      time: Math.floor(time),
      id: `${hash.high.toString(36)}.${hash.low.toString(36)}`,
    }),
    type: 'metric',
    ...(service !== undefined && { service }),
    ...(host !== undefined && { host }),
    ...(environment !== undefined && { environment }),
  };
}

/** Flag 1, NO_RECORDED_VALUE: the series has ended. */
function isOver({ flags = 0 }: Point): boolean {
  return flags % 2 === 1;
}

function expired(series: Series, point: Point): Decoded {
  const { attributes } = series.labels;
  return {
    ...base(series, point, ' over'),
    name: series.name,
    state: 'expired',
    ...(attributes && { attributes }),
  };
}

function incrementOf(
  { key }: Series,
  { startTimeUnixNano: start = 0, timeUnixNano: time = 0 }: Point,
  { values, increments }: { readonly values: readonly number[]; readonly increments: Increments },
) {
  return increments.take(key, { start, time, values });
}

function noNumber({ name }: Series, value: number | undefined): Decoded {
  const said = value === undefined ? 'has no value' : `is ${value}, which is no finite number`;
  return refused('TERR_INTAKE_DECODE', `${name} ${said}`, { field: name, sample: name });
}

function tooOld({ name }: Series): Decoded {
  const message = `${name}: the point is older than the last one of its series, so that its increment can not be known`;
  return refused('TERR_INTAKE_DECODE', message, { field: name, sample: name });
}
