import type { StreamName } from '../../event/event.ts';
import { textKey, type Store } from './store.ts';

/** What is known of a stream's end; stored with every commit, so that it survives trimming. */
export interface StreamState {
  /** The offset that the next event gets. */
  readonly next: number;
  /** Sum of the sizes of all records ever written, in bytes. */
  readonly position: number;
  /** Ms since the epoch of the last record: the next one is not older. */
  readonly received: number;
}

const beginning: StreamState = { next: 1, position: 0, received: 0 };

/** The stored state; the beginning when nothing was appended yet. */
export function readState(store: Store, stream: StreamName): StreamState {
  const text = store.meta.getBinary(textKey(stream));
  return text === undefined ? beginning : (JSON.parse(text.toString()) as StreamState);
}

/** Queues the state into the transaction that is being formed. */
export function putState(store: Store, stream: StreamName, state: StreamState): void {
  void store.meta.put(textKey(stream), Buffer.from(JSON.stringify(state)));
}
