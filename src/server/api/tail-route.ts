import { Type } from 'typebox';
import { streamNames } from '../../event/event.ts';
import type { Log } from '../../log/log.ts';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import { securityHeaders } from '../http/headers.ts';
import { codedOf } from '../http/problem.ts';
import type { Parts } from '../parts.ts';
import { filterOf } from '../tail/filter.ts';
import { type Position, readPosition } from '../tail/position.ts';
import { problem } from './answers.ts';
import { readTime } from './times.ts';

const TailQuery = Type.Object(
  {
    where: Type.Optional(Type.String({ description: 'Only events that match' })),
    stream: Type.Optional(Type.Enum(['facts', 'readings'])),
    from: Type.Optional(
      Type.String({
        description: '`now` (default), `start`, a time, or the position of the last event seen',
      }),
    ),
    since: Type.Optional(Type.String({ description: 'A time; the same as `from`' })),
    after: Type.Optional(
      Type.String({ description: 'A position, as `Last-Event-ID` for clients without it' }),
    ),
    sample: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'At most so many events a second; the rest is told in `event: skipped`',
      }),
    ),
  },
  { additionalProperties: false },
);

const description = `Server-sent events. Every message without an \`event:\` name is one event as JSON;
its \`id:\` is a position (\`f12.r345\`: the last fact and the last reading), and a client that comes
back with it in \`Last-Event-ID\` goes on without a gap while the log holds the events. Named messages
are notices: \`skipped\` (sampling), \`lagging\` (the client is behind), \`trimmed\` (events asked for
have left the log).`;

/** GET /api/v1/tail */
export function addTailRoute(app: App, { log, tail, accounts }: Parts): void {
  app.get(
    '/api/v1/tail',
    {
      schema: {
        summary: 'Follow events as they arrive',
        description,
        tags: ['events'],
        querystring: TailQuery,
        response: {
          200: {
            description: 'The stream of events',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          400: problem(400),
          401: problem(401),
          503: problem(503),
        },
      },
    },
    async (request, reply) => {
      const { where, stream, sample, after, since } = request.query;
      const lastId = request.headers['last-event-id'];
      const resume = typeof lastId === 'string' && lastId !== '' ? lastId : after;
      const tailRequest = {
        streams: stream === undefined ? streamNames : [stream],
        filter: filterOf(where),
        sample,
        after: resume === undefined ? startOf(log, request.query.from ?? since) : place(resume),
        stillAllowed: () => mayStillRead(() => accounts.authenticate(request.headers)),
      };
      tail.admit();
      reply.hijack();
      await tail.serve(tailRequest, reply.raw, securityHeaders);
    },
  );
}

/** Whether who asks may read, at a later moment than when he began. */
export function mayStillRead(ask: () => { rights: ReadonlySet<string> } | undefined): boolean {
  try {
    return ask()?.rights.has('read') ?? false;
  } catch (error) {
    // A token that was revoked meanwhile; anything else is a fault of ours and must show.
    if (codedOf(error, '').status === 401) return false;
    throw error;
  }
}

function place(text: string): Position {
  const position = readPosition(text);
  if (position) return position;
  throw apiError(
    'POSITION',
    `${JSON.stringify(text.slice(0, 40))} is no position such as f12.r345`,
    {
      field: 'after',
    },
  );
}

/** The position before the first event that `from` asks for. */
function startOf(log: Log, from: string | undefined): Position {
  if (from === undefined || from === 'now') return before((stream) => log.stat(stream).next);
  if (from === 'start') return before((stream) => log.stat(stream).first);
  const position = readPosition(from);
  if (position) return position;
  const time = readTime(from, 'from');
  return before((stream) => log.offsetAt(stream, time));
}

function before(first: (stream: 'facts' | 'readings') => number): Position {
  return { facts: first('facts') - 1, readings: first('readings') - 1 };
}
