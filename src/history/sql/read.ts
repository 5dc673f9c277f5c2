import type { Ask } from '../ask.ts';
import type {
  EventsAnswer,
  EventsQuery,
  History,
  QueryLimits,
  SeriesAnswer,
  SeriesQuery,
} from '../history.ts';
import { parseField } from '../../event/where/parse.ts';
import { isNumberColumn } from '../../event/where/field.ts';
import { queryError } from '../query-errors.ts';
import { answerOf, type Group, groupsOf, seriesOf } from './answer.ts';
import { type Buckets, bucketsOf, widthFor } from './buckets.ts';
import { comparePlaces, cursorBehind, readCursor } from './cursor.ts';
import { eventsOf, eventsSql } from './events.ts';
import { type Grouping, seriesSql } from './series.ts';
import { streamsOf } from './streams.ts';

/** How many points one series may have. */
export const maxPointsPerSeries = 5000;
/** How many points all series of an answer may have together. */
export const maxPoints = 100_000;

/** The engine reads no longer statement (its max_query_size, in bytes), less what it is given besides. */
const maxSqlLength = 250_000;

/**
 * The reading half of a history whose engine speaks ClickHouse's SQL. Throws what `ask` throws,
 * TERR_QUERY_POINTS for an answer that would be too large, TERR_QUERY_CURSOR, TERR_QUERY_BY
 * and TERR_QUERY_SIZE.
 */
export function reader(ask: Ask): Pick<History, 'series' | 'events'> {
  const bounded: Ask = async (sql, limits) => {
    if (sql.length > maxSqlLength)
      throw queryError(
        'SIZE',
        'the condition is too long once it is written out for history; ask for fewer things at once',
        { field: 'where' },
      );
    return ask(sql, limits);
  };
  return {
    series: (query, limits) => readSeries(bounded, query, limits),
    events: (query, limits) => readEvents(bounded, query, limits),
  };
}

async function readSeries(
  ask: Ask,
  query: SeriesQuery,
  limits: QueryLimits,
): Promise<SeriesAnswer> {
  for (const name of query.by) refuseNumber(name);
  const buckets = query.every === undefined ? undefined : bucketsOf(query, query.every);
  if (buckets !== undefined) refuseTooMany(query, buckets, 1);
  const run = async (grouping: Grouping): Promise<Group[]> =>
    groupsOf(await ask(seriesSql(query, grouping), limits), query, grouping);
  return query.by.length === 0 ? oneSeries(query, buckets, run) : manySeries(query, buckets, run);
}

type Run = (grouping: Grouping) => Promise<Group[]>;

async function oneSeries(
  query: SeriesQuery,
  buckets: Buckets | undefined,
  run: Run,
): Promise<SeriesAnswer> {
  const groups = await run({ labels: false, buckets: buckets !== undefined });
  const [first] = groups;
  if (first === undefined || first.all.events === 0) return answerOf(query, undefined, []);
  const total = { labels: [], of: first.all };
  return answerOf(query, first, [seriesOf(query, total, buckets && { groups, buckets })]);
}

/** First the totals, which say which series are the largest; then the points of those only. */
async function manySeries(
  query: SeriesQuery,
  buckets: Buckets | undefined,
  run: Run,
): Promise<SeriesAnswer> {
  const totals = await run({ labels: true, buckets: false, top: query.top });
  const points = new Map<string, Group[]>();
  if (buckets !== undefined && totals.length > 0) {
    refuseTooMany(query, buckets, totals.length);
    const only = totals.map((group) => group.labels);
    for (const group of await run({ labels: true, buckets: true, only })) {
      const key = JSON.stringify(group.labels);
      const known = points.get(key);
      if (known === undefined) points.set(key, [group]);
      else known.push(group);
    }
  }
  const series = totals.map((of) => {
    const groups = points.get(JSON.stringify(of.labels)) ?? [];
    return seriesOf(query, { labels: of.labels, of }, buckets && { groups, buckets });
  });
  return answerOf(query, totals[0], series);
}

function refuseNumber(name: string): void {
  if (isNumberColumn(parseField(name)))
    throw queryError(
      'BY',
      `${name} is a number, and each of its values would be a series; group by a text, or take every for time`,
      { field: 'by' },
    );
}

function refuseTooMany(query: SeriesQuery, buckets: Buckets, series: number): void {
  const most = Math.min(maxPointsPerSeries, Math.floor(maxPoints / series));
  if (buckets.count <= most) return;
  const many =
    series > 1 ? `${series} series of ${buckets.count} points` : `${buckets.count} points`;
  const fewer = series > 1 ? ' or ask for fewer series with top' : '';
  throw queryError(
    'POINTS',
    `the answer would have ${many}, at most ${most} points for each are allowed; take every = ${widthFor(query, most)} or a shorter range${fewer}`,
    { field: 'every' },
  );
}

async function readEvents(
  ask: Ask,
  query: EventsQuery,
  limits: QueryLimits,
): Promise<EventsAnswer> {
  const behind = query.cursor === undefined ? undefined : readCursor(query.cursor, query);
  const sign = query.order === 'newest' ? -1 : 1;
  // One more than asked for tells whether there is a next page.
  const more = { ...query, limit: query.limit + 1 };
  const found = await Promise.all(
    streamsOf(query.where).map(async (stream) =>
      eventsOf(await ask(eventsSql(more, stream, behind), limits), stream),
    ),
  );
  const events = found.flat().toSorted((a, b) => sign * comparePlaces(a, b));
  const page = events.slice(0, query.limit);
  const last = page.at(-1);
  return events.length > query.limit && last !== undefined
    ? { events: page, next: cursorBehind(last, query) }
    : { events: page };
}
