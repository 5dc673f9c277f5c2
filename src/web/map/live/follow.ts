import { type Message, MessageReader } from '../../stream/sse.ts';
import { ApiError } from '../../kit/api.ts';

/** The server gives a sign of life every 15 s; a connection that is silent for longer is dead. */
const silentAtMostMs = 40_000;
const slowestRetryMs = 8_000;

export interface Following {
  /** Opens the stream anew; throws ApiError. Told after how many failures in a row. */
  readonly open: (signal: AbortSignal) => Promise<Response>;
  readonly onMessage: (message: Message) => void;
  /** Something came: at least a sign of life. */
  readonly onHeard: () => void;
  /** It is connected no more, and tried again; `refusal` when trying is of no use. */
  readonly onLost: (refusal: ApiError | undefined) => void;
}

/** Reads a stream of messages for as long as it is not aborted; connects again when it breaks off. */
export async function follow(following: Following, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one connection after the other
      await read(following, signal, () => (failures = 0));
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) return following.onLost(error);
    }
    if (signal.aborted) return;
    following.onLost(undefined);
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

async function read(
  { open, onMessage, onHeard }: Following,
  signal: AbortSignal,
  onOpen: () => void,
): Promise<void> {
  const { body } = await open(signal);
  if (!body) return;
  onOpen();
  onHeard();
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
      onHeard();
      for (const message of messages.push(decoder.decode(value, { stream: true })))
        onMessage(message);
    }
  } finally {
    clearTimeout(watch);
  }
}
