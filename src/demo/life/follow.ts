import { setTimeout as pause } from 'node:timers/promises';
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
  let position: string | undefined;
  const take = ({ name, id, data }: Message): void => {
    if (name === undefined && data !== undefined) onEvent(JSON.parse(data) as Heard); // the API's own
    position = id ?? position;
  };
  while (!signal.aborted) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      for await (const one of listen({ territory, signal, where, position })) take(one);
    } catch {
      // The server restarts, or the company ends.
    }
    // oxlint-disable-next-line no-await-in-loop -- not at once
    await pause(againMs, undefined, { signal }).catch(() => undefined);
  }
}

interface Listening extends Pick<Company, 'territory' | 'signal'> {
  readonly where: string;
  readonly position: string | undefined;
}

async function* listen({ territory, signal, where, position }: Listening): AsyncGenerator<Message> {
  const search = new URLSearchParams({ stream: 'facts', where });
  const { body } = await fetch(`${territory.url}/api/v1/tail?${search.toString()}`, {
    signal,
    headers: {
      authorization: `Bearer ${territory.token}`,
      accept: 'text/event-stream',
      ...(position === undefined ? {} : { 'last-event-id': position }),
    },
  });
  yield* messagesIn(body ?? []);
}

/** One message of a stream of server-sent events. */
interface Message {
  /** `event:`; what has none is an event of the log. */
  readonly name?: string;
  readonly id?: string;
  readonly data?: string;
}

/** Reads a stream of server-sent events (HTML, 9.2.6), as far as the server uses it. */
export async function* messagesIn(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Message> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield messageOf(text.slice(0, end));
      text = text.slice(end + 2);
    }
  }
}

function messageOf(text: string): Message {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, field = '', value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    const before = fields.get(field);
    fields.set(field, before === undefined ? value : `${before}\n${value}`);
  }
  const [name, id, data] = [fields.get('event'), fields.get('id'), fields.get('data')];
  return {
    ...(name === undefined ? {} : { name }),
    ...(id === undefined ? {} : { id }),
    ...(data === undefined ? {} : { data }),
  };
}
