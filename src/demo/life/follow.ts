import { Readable } from 'node:stream';
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
  const search = new URLSearchParams({ stream: 'facts', where });
  const url = `${territory.url}/api/v1/tail?${search.toString()}`;
  const position: Position = { id: '', retry: undefined };
  while (!signal.aborted) {
    try {
      const headers = {
        authorization: `Bearer ${territory.token}`,
        accept: 'text/event-stream',
        ...(position.id === '' ? {} : { 'last-event-id': position.id }),
      };
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      const { body } = await fetch(url, { signal, headers });
      // oxlint-disable-next-line no-await-in-loop -- as above
      for await (const { event, data } of readMessages(body ?? Readable.from([]), position))
        if (event === 'message') onEvent(JSON.parse(data) as Heard); // the API's own
    } catch {
      // The server restarts, or the company ends.
    }
    // oxlint-disable-next-line no-await-in-loop -- not at once
    await pause(againMs, undefined, { signal }).catch(() => undefined);
  }
}
