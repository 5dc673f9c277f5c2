import { Type } from 'typebox';
import type { StreamName } from '../../event/event.ts';
import { type PlacedEvent as Placed, decodeBatch } from '../../event/codec.ts';
import type { Log } from '../../log/log.ts';
import { apiError } from '../errors.ts';
import type { App } from '../http/app.ts';
import type { Parts } from '../parts.ts';
import { answers } from './answers.ts';
import { PlacedEvent, Related } from './contract.ts';
import { relatedTo } from './related.ts';

const Place = Type.Object(
  { stream: Type.Enum(['facts', 'readings']), offset: Type.Integer({ minimum: 1 }) },
  { additionalProperties: false },
);

/** GET /api/v1/events/:stream/:offset and GET /api/v1/related/:stream/:offset */
export function addEventRoutes(app: App, parts: Parts): void {
  app.get(
    '/api/v1/events/:stream/:offset',
    {
      schema: {
        summary: 'One event by its place in the log',
        tags: ['events'],
        params: Place,
        response: answers(PlacedEvent, 401, 403, 404, 410),
      },
    },
    async (request) => eventAt(parts.log, request.params.stream, request.params.offset),
  );
  app.get(
    '/api/v1/related/:stream/:offset',
    {
      schema: {
        summary: "What shares the event's subject, trace, chain or links",
        tags: ['events'],
        params: Place,
        response: answers(Related, 401, 403, 404, 410, 503),
      },
    },
    async (request) => {
      const event = await eventAt(parts.log, request.params.stream, request.params.offset);
      return { event, related: await relatedTo(event, parts) };
    },
  );
}

/** Throws TERR_API_NOT_FOUND, TERR_API_TRIMMED. */
async function eventAt(log: Log, stream: StreamName, offset: number): Promise<Placed> {
  const { first, next } = log.stat(stream);
  if (offset >= next)
    throw apiError('NOT_FOUND', `${stream} ends at ${next - 1}; there is no event ${offset} yet`);
  if (offset < first)
    throw apiError(
      'TRIMMED',
      `the log holds ${stream} from ${first} on; older ones are in history: ask by time`,
    );
  for await (const batch of log.read(stream, offset)) {
    const [event] = decodeBatch(firstOf({ ...batch }));
    if (event) return event;
  }
  throw apiError('NOT_FOUND', `there is no event ${offset} in ${stream}`);
}

function firstOf<B extends { bytes: Uint8Array; count: number }>(batch: B): B {
  const end = batch.bytes.indexOf(0x0a) + 1;
  return { ...batch, bytes: batch.bytes.subarray(0, end), count: 1 };
}
