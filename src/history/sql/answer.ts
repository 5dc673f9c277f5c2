import type { Cell, Rows } from '../ask.ts';
import type { Series, SeriesAnswer, SeriesQuery } from '../history.ts';
import { type Buckets, secondsWithin } from './buckets.ts';
import type { Grouping } from './series.ts';

/** The aggregate of some events, and of those to divide by. */
interface Aggregated {
  readonly value: number | null;
  readonly divisor: number | null;
  readonly events: number;
}

/** One row of `seriesSql`. */
export interface Group extends Aggregated {
  readonly labels: readonly string[];
  /** Start of its bucket, ms; 0 when it has none. */
  readonly start: number;
  readonly all: Aggregated & { readonly groups: number };
}

/** The rows of `seriesSql` for the same query and grouping. */
export function groupsOf(rows: Rows, query: SeriesQuery, grouping: Grouping): Group[] {
  const labels = grouping.labels ? query.by.length : 0;
  const numbers = labels + (grouping.buckets ? 1 : 0);
  return rows.rows.map((row) => {
    const [value, divisor, events, allValue, allDivisor, allEvents, groups] = row.slice(numbers);
    return {
      labels: row.slice(0, labels).map((cell) => (typeof cell === 'string' ? cell : '')),
      start: grouping.buckets ? Number(row[labels]) : 0,
      value: numberOrNull(value),
      divisor: numberOrNull(divisor),
      events: Number(events),
      all: {
        value: numberOrNull(allValue),
        divisor: numberOrNull(allDivisor),
        events: Number(allEvents),
        groups: Number(groups),
      },
    };
  });
}

function numberOrNull(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

/** The number that `seconds` of events have, null when they say nothing. */
function valueOf(query: SeriesQuery, of: Aggregated, seconds: number): number | null {
  if (of.value === null) return null;
  if (query.ratio) return of.divisor ? of.value / of.divisor : null;
  if (query.aggregate !== 'rate') return of.value;
  return of.events > 0 ? of.value / seconds : null;
}

const rangeSeconds = (query: SeriesQuery): number => (query.to - query.from) / 1000;

/** The answer that has these series, from any group of the query that knows of `all`. */
export function answerOf(
  query: SeriesQuery,
  group: Group | undefined,
  series: readonly Series[],
): SeriesAnswer {
  const nothing = query.aggregate === 'count' && !query.ratio ? 0 : null;
  return {
    series,
    total: group === undefined ? nothing : valueOf(query, group.all, rangeSeconds(query)),
    matched: group?.all.events ?? 0,
    omitted: query.by.length === 0 ? 0 : (group?.all.groups ?? 0) - series.length,
  };
}

/** One series: its total, and its points from the groups of its buckets, gaps as null. */
export function seriesOf(
  query: SeriesQuery,
  total: { readonly labels: readonly string[]; readonly of: Aggregated },
  points: { readonly groups: readonly Group[]; readonly buckets: Buckets } | undefined,
): Series {
  return {
    labels: Object.fromEntries(query.by.map((name, i) => [name, total.labels[i] ?? ''])),
    points: points === undefined ? [] : pointsOf(query, points.groups, points.buckets),
    total: valueOf(query, total.of, rangeSeconds(query)),
  };
}

function pointsOf(
  query: SeriesQuery,
  groups: readonly Group[],
  { first, every, count }: Buckets,
): [number, number | null][] {
  const values = new Map(
    groups.map((group) => [
      group.start,
      valueOf(query, group, secondsWithin(group.start, every, query)),
    ]),
  );
  return Array.from({ length: count }, (_, i) => {
    const start = first + i * every;
    return [start, values.get(start) ?? null];
  });
}
