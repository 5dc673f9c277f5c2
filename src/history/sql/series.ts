import { type StreamName, streamNames } from '../../event/event.ts';
import type { Where } from '../../event/where/ast.ts';
import { parseField } from '../../event/where/parse.ts';
import type { SeriesQuery } from '../history.ts';
import { historyTables } from '../schema.ts';
import { aggregateSql, countsEvents } from './aggregate.ts';
import { fieldSql } from './field.ts';
import { textLiteral } from './literal.ts';
import { streamsOf } from './streams.ts';
import { whereToSql } from './where.ts';

/** What the rows of a query are grouped by. */
export interface Grouping {
  readonly labels: boolean;
  readonly buckets: boolean;
  /** At most so many groups, the largest first; undefined: all. */
  readonly top?: number;
  /** Only the series with these values of `by`. */
  readonly only?: readonly (readonly string[])[];
}

/**
 * One SELECT over the events of a query. Its columns: the labels `l0`… and the bucket `t` as asked
 * for, then
 * - `v`, `w`: the aggregate of the group, and of the events to divide by;
 * - `c`: how many events the group has;
 * - `allV`, `allW`, `allC`, `allGroups`: the same over all groups, also those beyond `top`.
 */
export function seriesSql(query: SeriesQuery, grouping: Grouping): string {
  const { state, merge } = aggregateSql(query.aggregate);
  const keys = [
    ...(grouping.labels ? query.by.map((_, i) => `l${i}`) : []),
    ...(grouping.buckets ? ['t'] : []),
  ];
  const states = query.ratio ? `${state('x')} AS s, ${state('y')} AS r` : `${state('x')} AS s`;
  const grouped = `SELECT ${[...keys, states, 'count() AS c'].join(', ')}
FROM (${source(query, grouping)})${keys.length > 0 ? `\nGROUP BY ${keys.join(', ')}` : ''}`;
  const divisor = query.ratio
    ? `finalizeAggregation(r) AS w, ${merge('r')} OVER () AS allW`
    : 'NULL AS w, NULL AS allW';
  const largest = query.ratio ? 'v / nullIf(w, 0)' : 'v';
  const order =
    grouping.top === undefined
      ? ''
      : `\nORDER BY ${[`${largest} DESC NULLS LAST`, ...keys].join(', ')} LIMIT ${grouping.top}`;
  return `SELECT ${[...keys, 'v', 'w', 'c', 'allV', 'allW', 'allC', 'allGroups'].join(', ')} FROM (
SELECT ${[...keys, 'finalizeAggregation(s) AS v', divisor, 'c'].join(', ')}, ${merge('s')} OVER () AS allV, sum(c) OVER () AS allC, count() OVER () AS allGroups
FROM (${grouped}))${order}`;
}

/** The rows of both streams with `l0`…, `t`, and `x` (and `y`) to aggregate. */
function source(query: SeriesQuery, grouping: Grouping): string {
  const possible = streamNames.filter((stream) =>
    [query.where, ...(query.ratio ? [query.ratio] : [])].some((w) => streamsOf(w).includes(stream)),
  );
  const streams: readonly StreamName[] = possible.length > 0 ? possible : ['facts'];
  return streams.map((stream) => sourceOf(query, grouping, stream)).join('\nUNION ALL\n');
}

function sourceOf(query: SeriesQuery, grouping: Grouping, stream: StreamName): string {
  const labels = query.by.map((name) => `toString(${fieldSql(parseField(name), stream).label})`);
  const value = countsEvents(query.aggregate) ? 'toNullable(toFloat64(1))' : 'metric';
  const matches = (where: Where): string => `(${whereToSql(where, stream)})`;
  const columns = [
    ...(grouping.labels ? labels.map((label, i) => `${label} AS l${i}`) : []),
    ...(grouping.buckets ? [`intDiv(time, ${query.every}) * ${query.every} AS t`] : []),
    ...(query.ratio
      ? [
          `if(${matches(query.where)}, ${value}, NULL) AS x`,
          `if(${matches(query.ratio)}, ${value}, NULL) AS y`,
        ]
      : [`${value} AS x`]),
  ];
  const conditions = [
    `time >= ${query.from} AND time < ${query.to}`,
    query.ratio ? `(${matches(query.where)} OR ${matches(query.ratio)})` : matches(query.where),
    ...(countsEvents(query.aggregate) ? [] : ['metric IS NOT NULL']),
    ...(grouping.only ? [among(labels, grouping.only)] : []),
  ];
  return `SELECT ${columns.join(', ')} FROM ${historyTables[stream]} WHERE ${conditions.join(' AND ')}`;
}

function among(labels: readonly string[], only: readonly (readonly string[])[]): string {
  const rows = only.map((values) => `(${values.map(textLiteral).join(', ')})`);
  return `(${labels.join(', ')}) IN (${rows.join(', ')})`;
}
