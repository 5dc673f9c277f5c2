import { readMessages } from '../../client/sse.ts';
import type { Event } from '../../event/event.ts';
import type { Server } from '../../server/compose/running.suite.ts';

/** The first events since the start that a `where` finds, as soon as there are `count`. */
export async function tailed(server: Server, where: string, count: number): Promise<Event[]> {
  const { body } = await server.ask(`/api/v1/tail?from=start&where=${encodeURIComponent(where)}`);
  const found: Event[] = [];
  const stream = body as unknown as AsyncIterable<Uint8Array>; // as in Node
  for await (const message of readMessages(stream, { id: '', retry: undefined })) {
    if (message.event === 'message') found.push(JSON.parse(message.data) as Event);
    if (found.length >= count) break;
  }
  return found;
}
