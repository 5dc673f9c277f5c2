import { setTimeout as pause } from 'node:timers/promises';
import { type Position, readMessages } from '../../client/sse.ts';
import type { Company } from '../company.ts';

/** Before a lost connection is opened again, ms. */
const againMs = 1_000;

/** What is read of an event here. */
export interface Heard {
  readonly subject?: string;
  readonly data?: unknown;
}

/**
 * Calls `onEvent` for each fact that matches, from now on and in order; after a lost connection it goes
 * on where it was. Resolves when the company ends.
 *
 * @param where in the query language over events
 */
export async function follow(
  { territory, signal }: Pick<Company, 'territory' | 'signal'>,
  where: string,
  onEvent: (event: Heard) => void,
): Promise<void> {
  const position: Position = { id: '', retry: undefined };
  while (!signal.aborted) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      for await (const heard of listen({ territory, signal, where, position })) onEvent(heard);
    } catch {
      // The server restarts, or the company ends.
    }
    // oxlint-disable-next-line no-await-in-loop -- not at once
    await pause(againMs, undefined, { signal }).catch(() => undefined);
  }
}

interface Listening extends Pick<Company, 'territory' | 'signal'> {
  readonly where: string;
  readonly position: Position;
}

async function* listen({ territory, signal, where, position }: Listening): AsyncGenerator<Heard> {
  const search = new URLSearchParams({ stream: 'facts', where });
  const { body } = await fetch(`${territory.url}/api/v1/tail?${search.toString()}`, {
    signal,
    headers: {
      authorization: `Bearer ${territory.token}`,
      accept: 'text/event-stream',
      ...(position.id === '' ? {} : { 'last-event-id': position.id }),
    },
  });
  if (!body) return;
  for await (const { event, data } of readMessages(body, position))
    if (event === 'message') yield JSON.parse(data) as Heard; // the API's own
}
