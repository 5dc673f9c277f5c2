import { formatBytes, formatDuration, formatNumber } from './format.ts';

/** What a metric's numbers are, as far as its name tells. */
export type Unit = 'bytes' | 'ratio' | 'percent' | 'seconds' | 'milliseconds' | 'number';

const endings: readonly (readonly [RegExp, Unit])[] = [
  [/(^|[._])(bytes|size|heap|rss)$/, 'bytes'],
  [/(^|[._])(ratio|utilization|utilisation|fraction|busy|iowait|steal)$/, 'ratio'],
  [/(^|[._])(percent|pct)$/, 'percent'],
  [/(^|[._])(ms|millis|milliseconds)$|Ms$/, 'milliseconds'],
  [/(^|[._])(seconds|duration|uptime)$/, 'seconds'],
];

/** The unit that a metric's name gives away, e.g. `memory.used.bytes`. Counts and rates have none. */
export function unitOf(name: string | undefined, aggregate: string): Unit {
  if (name === undefined || aggregate === 'count' || aggregate === 'rate') return 'number';
  return endings.find(([ending]) => ending.test(name))?.[1] ?? 'number';
}

/** A value in its unit; `–` for no data. */
export function formatIn(unit: Unit, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'seconds') return formatDuration(value * 1000);
  if (unit === 'milliseconds') return formatDuration(value);
  if (unit === 'percent') return `${formatNumber(value)} %`;
  if (unit === 'ratio') return `${formatNumber(value * 100)} %`;
  return formatNumber(value);
}
