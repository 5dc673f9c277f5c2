/** Types of a metric family, in words of OpenMetrics 1.0, 4.1. `unknown` is what text calls untyped. */
export type Family =
  | 'unknown'
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset';

/** As both protobuf definitions number them. */
export const families: readonly Family[] = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
];

const counted = /_(?:total|count|sum|bucket)$/;

/**
 * The attribute `metric.type`: `cumulative` for what counts up until its program starts again,
 * `quantile`, `gauge`; undefined where nothing tells. Without a type the name decides, as
 * Prometheus' naming conventions have it: `_total`, `_count`, `_sum` and `_bucket` count up.
 */
export function metricTypeOf(
  name: string,
  family: Family | undefined,
  hasQuantile: boolean,
): string | undefined {
  if (family === 'counter' || family === 'histogram')
    return name.endsWith('_created') ? 'gauge' : 'cumulative';
  if (family !== undefined && family !== 'summary' && family !== 'unknown') return 'gauge';
  if (hasQuantile) return 'quantile';
  return counted.test(name) ? 'cumulative' : undefined;
}

/** UCUM, as OpenTelemetry writes units, for the base units of Prometheus' naming conventions. */
const units: Readonly<Record<string, string>> = {
  seconds: 's',
  bytes: 'By',
  ratio: '1',
  percent: '%',
  celsius: 'Cel',
  meters: 'm',
  grams: 'g',
  joules: 'J',
  volts: 'V',
  amperes: 'A',
  watts: 'W',
  hertz: 'Hz',
};

/**
 * The attribute `unit`: what the sender says or, as the name of a metric ends in its base unit, what
 * that says. Counts of observations have none.
 */
export function unitOf(name: string, given = ''): string | undefined {
  if (/_(?:bucket|count)$/.test(name)) return undefined;
  if (given !== '') return units[given] ?? given;
  const [, word = ''] = /_([a-z]+)(?:_total|_sum)?$/.exec(name) ?? [];
  return units[word];
}

/** Families that a sample may belong to: the one of its own name, and of that without its ending. */
export function familiesOf(name: string): readonly string[] {
  const base = name.replace(/_(?:total|count|sum|bucket|created|info|gcount|gsum)$/, '');
  return base === name ? [name] : [name, base];
}
