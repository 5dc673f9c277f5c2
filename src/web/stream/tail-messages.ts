import type { PlacedEvent } from '../../server/api/contract.ts';
import type { Message } from './sse.ts';

/** What a message of the tail tells. */
export interface Told {
  readonly events: readonly PlacedEvent[];
  /** How many matching events were left out since the message before, so that we keep up. */
  readonly skipped: number;
  /** How many events the server has that it could not send us yet. */
  readonly lagging: number;
  /** How many events that we asked for have left the log. */
  readonly trimmed: number;
}

const nothing: Told = { events: [], skipped: 0, lagging: 0, trimmed: 0 };

/** Reads a message of the tail; one that is of no use here tells nothing. */
export function readTail(message: Message): Told {
  const value: unknown = parse(message.data);
  if (message.event === 'message')
    return isEvent(value) ? { ...nothing, events: [value] } : nothing;
  if (message.event === 'skipped') return { ...nothing, skipped: numberIn(value, 'skipped') };
  if (message.event === 'lagging') return { ...nothing, lagging: numberIn(value, 'events') };
  if (message.event === 'trimmed')
    return { ...nothing, trimmed: Math.max(0, numberIn(value, 'to') - numberIn(value, 'from')) };
  return nothing;
}

function numberIn(value: unknown, key: string): number {
  if (typeof value !== 'object' || value === null) return 0;
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === 'number' ? found : 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The server's schema made it; what is looked at here is only what tells it from other messages. */
function isEvent(value: unknown): value is PlacedEvent {
  return typeof value === 'object' && value !== null && 'offset' in value && 'type' in value;
}
