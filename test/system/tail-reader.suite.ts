import { request, type IncomingMessage } from 'node:http';
import type { PlacedEvent } from '../../src/server/api/contract.ts';

/** An event as a tail gave it. */
export interface Seen {
  readonly event: PlacedEvent;
  /** By the monotonic clock, ms. */
  readonly at: number;
}

/** A tail that is read as fast as it comes. */
export interface OpenTail {
  readonly seen: Seen[];
  /** Names of the notices that came. */
  readonly notices: string[];
  /** To go on from: the last `id:`. */
  readonly lastId: () => string;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly close: () => void;
}

/** Opens a tail; resolves once the server follows for it. */
export async function openTail(
  url: string,
  token: string,
  lastEventId: string | undefined,
): Promise<OpenTail> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const asked = request(url, { headers, agent: false }).end();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject);
  });
  if (response.statusCode !== 200) {
    asked.destroy();
    throw new Error(`the tail was answered ${String(response.statusCode)}`);
  }
  const seen: Seen[] = [];
  const notices: string[] = [];
  let lastId = '';
  let rest = '';
  let began: () => void;
  const beginning = new Promise<void>((resolve) => (began = resolve));
  const ended = new Promise<void>((resolve) => {
    response.once('close', resolve).on('error', () => undefined);
    asked.on('error', () => undefined);
  });
  response.setEncoding('utf8').on('data', (part: string) => {
    const messages = (rest + part).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const { id, event, data } = fieldsOf(message);
      if (data !== undefined && event === undefined)
        seen.push({ event: JSON.parse(data) as PlacedEvent, at: performance.now() });
      if (event !== undefined) notices.push(event);
      lastId = id ?? lastId;
    }
    began();
  });
  await Promise.race([beginning, ended]);
  return { seen, notices, lastId: () => lastId, ended, close: () => asked.destroy() };
}

/** The fields of a message (WHATWG HTML, 9.2.6), each at most once as our server writes them. */
function fieldsOf(message: string): Partial<Record<'id' | 'event' | 'data', string>> {
  return Object.fromEntries(
    message.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
}
