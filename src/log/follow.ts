import type { Batch } from '../event/batch.ts';
import type { StreamName } from '../event/event.ts';
import { logErrors } from './errors.ts';
import type { Head } from './head.ts';
import { skipLines } from './lines.ts';
import type { ReadOptions } from './log.ts';

/** Some batches from one place of a stream, in order. */
export interface Fetched {
  readonly batches: readonly Batch[];
  /** Where to go on: the offset behind all that was looked at. */
  readonly resume: number;
}

/** Where batches come from: the one that holds `offset` or the next after it, and what follows. */
export type Fetch = (offset: number) => Fetched;

/**
 * The read of every back end: batches from `from` to the durable head, and on from there when
 * following. Ends without an error when `signal` aborts or the log closes meanwhile.
 */
export async function* follow(
  place: { readonly stream: StreamName; readonly head: Head; readonly fetch: Fetch },
  from: number,
  options: ReadOptions,
): AsyncGenerator<Batch> {
  const { stream, head, fetch } = place;
  const { signal } = options;
  if (head.closed) throw logErrors('CLOSED', 'The log was closed before this read began.');
  let at = Math.max(1, from);
  while (signal?.aborted !== true && !head.closed) {
    if (at >= head.next(stream)) {
      if (options.follow !== true) return;
      await head.reach(stream, at, signal);
      continue;
    }
    const { batches, resume } = fetch(at);
    for (const batch of batches) {
      if (aborted(signal, head)) return;
      yield cut(batch, at);
    }
    at = resume;
  }
}

function aborted(signal: AbortSignal | undefined, head: Head): boolean {
  return signal?.aborted === true || head.closed;
}

/** The batch without what lies before `from`. */
function cut(batch: Batch, from: number): Batch {
  const skipped = from - batch.first;
  if (skipped <= 0) return batch;
  return {
    ...batch,
    first: from,
    count: batch.count - skipped,
    bytes: skipLines(batch.bytes, skipped),
  };
}
