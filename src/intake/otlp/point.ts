import type { Draft, Json } from '../../event/event.ts';
import { IdentityHash } from '../../event/identity.ts';
import { noAttributes } from './any-value.ts';
import { AttributeSet, shortText } from './attributes.ts';
import { byName, type Origin } from './origin.ts';
import type { Metric, Point } from './shapes.ts';

/** One data point of one metric, whatever kind it is. */
export interface Measured {
  readonly origin: Origin;
  readonly metric: Partial<Metric>;
  readonly point: Partial<Point>;
  /** Names its stream: who measures what, with which attributes, since when. */
  readonly key: string;
}

const hash = new IdentityHash();

export function measured(origin: Origin, metric: Partial<Metric>, point: Partial<Point>): Measured {
  const { name = '', unit = '' } = metric;
  const { attributes = noAttributes, startTimeUnixNano = 0n } = point;
  hash.start(origin.key);
  hash.text(name);
  hash.text(unit === '' ? '\0' : `\0${unit}\0`);
  hash.text(startTimeUnixNano === 0n ? '' : startTimeUnixNano.toString(36));
  for (const [key, value] of sorted(attributes.values)) {
    hash.text(`\0${key}\0`);
    hash.text(typeof value === 'string' ? value : JSON.stringify([value]));
  }
  hash.finish();
  const key = `${hash.high.toString(36)}.${hash.low.toString(36)}`;
  return { origin, metric, point, key };
}

/** By their names; most senders always send them in one order, and many in this one. */
function sorted(values: ReadonlyMap<string, Json>): Iterable<readonly [string, Json]> {
  let before = '';
  for (const name of values.keys()) {
    if (name < before) return [...values].toSorted(byName);
    before = name;
  }
  return values;
}

/** `metric.type` of our readings. */
export type MetricType = 'gauge' | 'delta' | 'cumulative' | 'quantile';

/** One reading of a data point. */
interface ReadingOf {
  readonly type: MetricType;
  /** Follows the name of the metric: `.count`. */
  readonly suffix?: string;
  /** What is counted has no unit: the number of values in a histogram. */
  readonly bare?: boolean;
  /** Undefined: the point says that there is no value any more. */
  readonly value: number | undefined;
  readonly data?: Draft['data'];
}

/**
 * A reading of a data point. Its id is the same for the same point, so that an export that is sent
 * again is a duplicate; a point without a time has none.
 */
export function readingOf(one: Measured, reading: ReadingOf): Draft {
  const { origin, metric, point, key } = one;
  const { suffix = '', value, data } = reading;
  const { timeUnixNano = 0n } = point;
  const time = timeUnixNano === 0n ? undefined : timeOf(timeUnixNano);
  return {
    ...(time && { id: `${key}${suffix}-${time.text}`, time: time.ms }),
    type: 'metric',
    ...origin.fields,
    name: shortText(`${metric.name ?? ''}${suffix}`) ?? '',
    ...(value === undefined && { state: 'expired' }),
    ...(value !== undefined && Number.isFinite(value) && { metric: value }),
    attributes: attributesOf(one, reading),
    ...(data !== undefined && { data }),
  };
}

/** A number that is not finite is no reading: it stands in `metric.value`. */
function attributesOf(
  { origin, metric: { unit }, point: { attributes = noAttributes } }: Measured,
  { type, value = 0, bare = false }: ReadingOf,
): Record<string, string> {
  const set = new AttributeSet(attributes.over);
  set.put('metric.type', type);
  if (!bare && unit !== '') set.put('unit', unit);
  if (!Number.isFinite(value)) set.put('metric.value', nonFinite(value));
  set.putAll(attributes.values);
  for (const [name, text] of origin.attributes) set.putFit(name, text);
  return set.entries();
}

interface Time {
  readonly nanos: bigint;
  readonly text: string;
  /** Since the epoch, UTC. */
  readonly ms: number;
}

let latest: Time = { nanos: 0n, text: '', ms: 0 };

/** Most points of an export have one time: it is written once. */
function timeOf(nanos: bigint): Time {
  if (latest.nanos !== nanos) latest = { nanos, text: nanos.toString(36), ms: msOf(nanos) };
  return latest;
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** ms since the epoch of ns. */
export function msOf(nanos: bigint): number {
  return Number(nanos / 1_000_000n);
}
