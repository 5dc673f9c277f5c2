import type { Query } from '../../server/api/contract.ts';
import { allOf, quote } from '../where/quote.ts';
import type { ExploreSearch } from './search.ts';

export const aggregates = [
  ['mean', 'mean'],
  ['sum', 'sum'],
  ['min', 'min'],
  ['max', 'max'],
  ['p50', 'p50, median'],
  ['p75', 'p75'],
  ['p90', 'p90'],
  ['p95', 'p95'],
  ['p99', 'p99'],
  ['p999', 'p99.9'],
  ['count', 'count of events'],
  ['rate', 'events per second'],
] as const;
export type AggregateName = (typeof aggregates)[number][0];

export const presets = [
  ['15m', '15 min'],
  ['1h', '1 h'],
  ['6h', '6 h'],
  ['24h', '24 h'],
  ['7d', '7 d'],
  ['30d', '30 d'],
] as const;

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `15m` in ms; undefined when it is no duration. */
export function durationMs(text: string): number | undefined {
  const found = /^(\d{1,9})(ms|s|m|h|d|w)$/.exec(text);
  const unit = unitMs[found?.[2] ?? ''];
  return found && unit !== undefined ? Number(found[1]) * unit : undefined;
}

const steps = [
  '1s',
  '2s',
  '5s',
  '10s',
  '30s',
  '1m',
  '2m',
  '5m',
  '10m',
  '30m',
  '1h',
  '2h',
  '6h',
  '12h',
  '1d',
  '7d',
];

/** The narrowest round bucket of which at most `points` fill the span (ms). */
export const stepFor = (span: number, points: number): string =>
  steps.find((step) => span / (durationMs(step) ?? 1) <= points) ?? '30d';

/** Buckets to choose from: those that make between 2 and 2,000 points. */
export const fittingSteps = (span: number): readonly string[] =>
  steps.filter((step) => {
    const points = span / (durationMs(step) ?? 1);
    return points >= 2 && points <= 2000;
  });

/** An address in full: every default filled in. */
export interface Asked {
  readonly metric: string | undefined;
  /** The metric's name, or what stands for it. */
  readonly title: string;
  readonly aggregate: AggregateName;
  readonly by: readonly string[];
  /** Width of a bucket, as the API writes it. */
  readonly every: string;
  /** ms */
  readonly span: number;
  /** The filter with the metric's name in it. */
  readonly where: string;
  readonly query: Query;
  readonly live: boolean;
}

const fallbackSpan = 3_600_000;

/** What an address asks for, on a chart that has room for so many points. */
export function askedOf(search: ExploreSearch, points: number, now: number): Asked {
  const { metric } = search;
  const span = spanOf(search, now);
  const every = durationMs(search.every ?? '') ? (search.every ?? '') : stepFor(span, points);
  const known = aggregates.find(([name]) => name === search.aggregate)?.[0];
  const by = (search.by ?? '')
    .split(',')
    .filter((b) => b !== '')
    .slice(0, 5);
  const where = allOf(metric && `name = ${quote(metric)}`, search.where);
  const asked = {
    metric,
    title: metric ?? 'all events',
    aggregate: known ?? (metric === undefined ? 'count' : 'mean'),
    by,
    every,
    span,
    where,
    live: search.live === '1' && search.from === undefined,
  };
  return { ...asked, query: queryOf(search, asked) };
}

function queryOf(search: ExploreSearch, asked: Omit<Asked, 'query'>): Query {
  const compare = (['yesterday', 'last-week'] as const).find((c) => c === search.compare);
  return {
    ...(asked.where && { where: asked.where }),
    ...rangeOf(search),
    aggregate: asked.aggregate,
    every: asked.every,
    ...(asked.by.length > 0 && { by: [...asked.by] }),
    top: topOf(search),
    ...(compare && { compare }),
    ...(search.ratio && { ratio: search.ratio }),
  };
}

function topOf(search: ExploreSearch): number {
  const top = Number(search.top);
  return Number.isInteger(top) && top >= 1 && top <= 1000 ? top : 10;
}

/** The range as the API takes it. */
function rangeOf(search: ExploreSearch): Pick<Query, 'from' | 'to' | 'last'> {
  if (search.from !== undefined)
    return { from: search.from, ...(search.to !== undefined && { to: search.to }) };
  return { last: durationMs(search.last ?? '') ? (search.last ?? '1h') : '1h' };
}

function spanOf(search: ExploreSearch, now: number): number {
  if (search.from === undefined) return durationMs(search.last ?? '1h') ?? fallbackSpan;
  const from = Date.parse(search.from);
  const to = search.to === undefined ? now : Date.parse(search.to);
  return to > from ? to - from : fallbackSpan;
}

/** Moves (by a part of the span) or widens a range; never beyond now. Gives it as an address says it. */
export function reframe(
  range: { readonly from: number; readonly to: number },
  how: { readonly shift?: number; readonly grow?: number },
  now: number,
): { readonly from: string; readonly to: string; readonly last: undefined } {
  const span = range.to - range.from;
  const wide = span * (how.grow ?? 1);
  const middle = range.from + span / 2 + span * (how.shift ?? 0);
  const to = Math.min(middle + wide / 2, Math.max(now, range.to));
  return {
    from: new Date(Math.round(to - wide)).toISOString(),
    to: new Date(Math.round(to)).toISOString(),
    last: undefined,
  };
}
