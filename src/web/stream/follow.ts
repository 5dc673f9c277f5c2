import { ApiError } from '../kit/api.ts';
import { type Message, MessageReader } from './sse.ts';

/** The server gives a sign of life every 15 s; a connection that is silent for longer is dead. */
const silentAtMostMs = 40_000;
const slowestRetryMs = 8_000;

export interface Following {
  /** Opens the stream anew, from behind the last id that it brought, if any; throws ApiError. */
  readonly open: (signal: AbortSignal, lastId: string) => Promise<Response>;
  /** It is open. */
  readonly onOpen?: () => void;
  readonly onMessage: (message: Message) => void;
  /** Something came: at least a sign of life. */
  readonly onHeard?: () => void;
  /** It is connected no more. */
  readonly onLost: (lost: Lost) => void;
}

export interface Lost {
  /** Trying again is of no use; undefined: it is tried. */
  readonly refusal?: ApiError;
  /** It broke off in the middle; the server did not end it. */
  readonly broke: boolean;
}

/** The last id that came, from one connection to the next. */
export interface Place {
  lastId: string;
}

/** Reads a stream of messages for as long as it is not aborted; connects again when it breaks off. */
export async function follow(
  following: Following,
  signal: AbortSignal,
  place: Place = { lastId: '' },
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    let broke = false;
    try {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      await read(following, { signal, place, onOpen: () => (failures = 0) });
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) return following.onLost({ refusal: error, broke });
      // What could not be opened is told by who asked.
      broke = !(error instanceof ApiError);
    }
    if (signal.aborted) return;
    following.onLost({ broke });
    const wait = Math.min(slowestRetryMs, 400 * 2 ** failures) * (0.7 + Math.random() * 0.6);
    // oxlint-disable-next-line no-await-in-loop -- it is to wait
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** A refusal stays one; only silence, a full house or a broken server is worth another try. */
export const isRefusal = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  error.status !== undefined &&
  error.status < 500 &&
  error.status !== 429;

interface Reading {
  readonly signal: AbortSignal;
  readonly place: Place;
  readonly onOpen: () => void;
}

async function read(following: Following, reading: Reading): Promise<void> {
  const { open, onMessage, onHeard, onOpen } = following;
  const { body } = await open(reading.signal, reading.place.lastId);
  if (!body) return;
  reading.onOpen();
  onOpen?.();
  onHeard?.();
  const messages = new MessageReader();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let watch: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      clearTimeout(watch);
      watch = setTimeout(() => void reader.cancel(), silentAtMostMs);
      // oxlint-disable-next-line no-await-in-loop -- piece after piece
      const { done, value } = await reader.read();
      if (done) return;
      onHeard?.();
      for (const message of messages.push(decoder.decode(value, { stream: true })))
        onMessage(message);
      if (messages.lastId) reading.place.lastId = messages.lastId;
    }
  } finally {
    clearTimeout(watch);
  }
}
