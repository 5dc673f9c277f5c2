import type { ServerResponse } from 'node:http';
import { Type } from 'typebox';
import type { History, QueryLimits, SeriesAnswer as Found } from '../../history/history.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import { EventsAnswer, Query, SeriesAnswer } from './contract.ts';
import { type Plan, planQuery } from './query-plan.ts';

/** The same names as in the body; `by` repeated or with commas. */
const QueryString = Type.Object(
  {
    ...Query.properties,
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    by: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  },
  { additionalProperties: false },
);

const description = `With \`aggregate\`: time series (\`every\`) or totals. Without: events, newest first, in
pages. A bucket without data is null, never 0. The range is the last hour unless \`last\`, or \`from\`
and \`to\`, say otherwise.`;

const schema = {
  summary: 'Ask history',
  tags: ['history'],
  description,
  response: answers(Type.Union([SeriesAnswer, EventsAnswer]), 400, 401, 403, 503),
};

/** POST and GET /api/v1/query */
export function addQueryRoutes(app: App, parts: Parts): void {
  app.post(
    '/api/v1/query',
    { schema: { ...schema, body: Query }, config: { changes: false } },
    async (request, reply) => answer(parts, request.body, gone(reply.raw)),
  );
  app.get(
    '/api/v1/query',
    { schema: { ...schema, querystring: QueryString } },
    async (request, reply) => {
      const { by, ...rest } = request.query;
      const names = [by ?? []]
        .flat()
        .flatMap((name) => name.split(','))
        .filter(Boolean);
      const query = names.length === 0 ? rest : { ...rest, by: names };
      return answer(parts, query, gone(reply.raw));
    },
  );
}

/** Aborts when nobody waits for the answer any more. */
function gone(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  response.once('close', () => left.abort());
  return left.signal;
}

async function answer(parts: Parts, asked: Query, signal: AbortSignal) {
  const started = performance.now();
  const plan = planQuery(asked, parts.now());
  const found = await parts.history.ask((history, limits) => run(history, plan, limits), signal);
  return { ...found, elapsedMs: Math.round((performance.now() - started) * 10) / 10 };
}

async function run(history: History, plan: Plan, limits: QueryLimits) {
  const { from, to } = plan.query;
  if (plan.kind === 'events') return { from, to, ...(await history.events(plan.query, limits)) };
  const { query, compare, definition } = plan;
  const found = await history.series(query, limits);
  const { aggregate, every = null } = query;
  const answered = { from, to, every, aggregate, definition, ...found };
  if (compare === undefined) return answered;
  const { shift, ...range } = compare;
  const then = await history.series({ ...query, ...range }, limits);
  return { ...answered, compare: { ...range, series: moved(then, shift), total: then.total } };
}

/** The points of another time, moved to the asked range so that both can be drawn together. */
function moved({ series }: Found, shift: number) {
  return series.map((one) => ({
    ...one,
    points: one.points.map(([time, value]) => [time + shift, value] as const),
  }));
}
