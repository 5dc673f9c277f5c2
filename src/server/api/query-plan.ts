import type { Where } from '../../event/where/ast.ts';
import { parseField, parseWhere } from '../../event/where/parse.ts';
import type { EventsQuery, Range, SeriesQuery } from '../../history/history.ts';
import { apiError } from '../errors.ts';
import type { Query } from './contract.ts';
import { readDuration, readTime } from './times.ts';

/** A query of the API in history's terms. */
export type Plan =
  | { readonly kind: 'events'; readonly query: EventsQuery }
  | {
      readonly kind: 'series';
      readonly query: SeriesQuery;
      /** The same question at another time. */
      readonly compare: (Range & { readonly shift: number }) | undefined;
      readonly definition: string;
    };

const hour = 3_600_000;
const day = 24 * hour;
const defaultTop = 20;
const defaultLimit = 100;

/** Throws TERR_API_…, TERR_WHERE_… */
export function planQuery(asked: Query, now: number): Plan {
  const range = rangeOf(asked, now);
  const where = whereOf(asked.where);
  if (asked.aggregate === undefined) {
    refuse(asked, ['by', 'every', 'top', 'ratio', 'compare'], 'needs aggregate');
    const { order = 'newest', limit = defaultLimit, cursor } = asked;
    const query = { ...range, where, order, limit, ...(cursor === undefined ? {} : { cursor }) };
    return { kind: 'events', query };
  }
  refuse(asked, ['order', 'limit', 'cursor'], 'is for lists, without aggregate');
  const { aggregate, by = [], top = defaultTop } = asked;
  for (const name of by) parseField(name);
  const every = asked.every === undefined ? undefined : readDuration(asked.every, 'every');
  const query: SeriesQuery = {
    ...range,
    where,
    aggregate,
    by,
    top,
    ...(every === undefined ? {} : { every }),
    ...(asked.ratio === undefined ? {} : { ratio: whereOf(asked.ratio, 'ratio') }),
  };
  return { kind: 'series', query, compare: compareOf(asked, range), definition: define(asked) };
}

function whereOf(text: string | undefined, field = 'where'): Where {
  if (text === undefined || text.trim() === '') {
    if (field === 'ratio') throw apiError('INVALID', 'ratio is empty', { field });
    return { kind: 'literal', value: true };
  }
  return parseWhere(text);
}

function rangeOf({ from, to, last }: Query, now: number): Range {
  if (last !== undefined && from !== undefined)
    throw apiError('TIME_RANGE', 'give last or from, not both', { field: 'last' });
  const end = to === undefined ? now : readTime(to, 'to');
  const span = last === undefined ? hour : readDuration(last, 'last');
  const start = from === undefined ? end - span : readTime(from, 'from');
  if (start >= end)
    throw apiError('TIME_RANGE', 'from must lie before to', {
      field: from === undefined ? 'to' : 'from',
    });
  return { from: start, to: end };
}

function compareOf({ compare }: Query, range: Range) {
  if (compare === undefined) return undefined;
  const shift = compare === 'yesterday' ? day : 7 * day;
  return { from: range.from - shift, to: range.to - shift, shift };
}

function refuse(asked: Query, fields: readonly (keyof Query)[], why: string): void {
  const given = fields.find((field) => asked[field] !== undefined);
  if (given !== undefined) throw apiError('INVALID', `${given} ${why}`, { field: given });
}

/** How the number is made, in words; see docs/reference/query.md. */
function define({ aggregate = 'count', where, by = [], every, ratio }: Query): string {
  const of = where === undefined || where.trim() === '' ? 'all events' : `events where ${where}`;
  const what = words[aggregate](of);
  const divided =
    ratio === undefined ? what : `${what}, divided by the same over events where ${ratio}`;
  const grouped = by.length === 0 ? divided : `${divided}, for each ${by.join(', ')}`;
  return every === undefined ? grouped : `${grouped}, in buckets of ${every}`;
}

const percentile = (share: string) => (of: string) => `${share} percentile of metric over ${of}`;
const words: Readonly<Record<NonNullable<Query['aggregate']>, (of: string) => string>> = {
  count: (of) => `number of ${of}`,
  rate: (of) => `${of} per second`,
  sum: (of) => `sum of metric over ${of}`,
  mean: (of) => `mean of metric over ${of}`,
  min: (of) => `least metric over ${of}`,
  max: (of) => `greatest metric over ${of}`,
  p50: percentile('50th'),
  p75: percentile('75th'),
  p90: percentile('90th'),
  p95: percentile('95th'),
  p99: percentile('99th'),
  p999: percentile('99.9th'),
};
