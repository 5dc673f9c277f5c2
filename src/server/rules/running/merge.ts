import type { Batch } from '../../../event/batch.ts';
import type { StreamName } from '../../../event/event.ts';
import type { Log } from '../../../log/log.ts';
import type { Cursors } from './messages.ts';

/** How often the heads are looked at to find a moment between two commits. */
const mostLooks = 8;

/**
 * The next offset of both streams at one moment: everything that was taken before the newest event
 * within it is within it too. Under constant commits such a moment may not be met; then what is
 * missing is no more than what was committed while looking.
 */
export function headsOf(log: Log): Cursors {
  let readings = log.stat('readings').next;
  let facts = log.stat('facts').next;
  for (let look = 0; look < mostLooks; look++) {
    const again = log.stat('readings').next;
    if (again === readings) break;
    readings = again;
    facts = log.stat('facts').next;
  }
  return { facts, readings };
}

/**
 * The batches of both streams from `from` up to `to`, in the order in which they were taken; of the
 * same instant facts first. So rules see live, after a restart and in a backtest the same order.
 * Batches are cut at `to`. Damaged ones are left out, and told to the log's `onProblem`.
 */
export async function* merged(log: Log, from: Cursors, to: Cursors): AsyncGenerator<Batch> {
  const facts = new Side(log, 'facts', from, to);
  const readings = new Side(log, 'readings', from, to);
  try {
    await Promise.all([facts.next(), readings.next()]);
    for (;;) {
      const side = earlier(facts, readings);
      if (!side?.batch) return;
      yield side.batch;
      await side.next();
    }
  } finally {
    await Promise.all([facts.end(), readings.end()]);
  }
}

function earlier(facts: Side, readings: Side): Side | undefined {
  if (!facts.batch) return readings;
  if (!readings.batch) return facts;
  return readings.batch.received < facts.batch.received ? readings : facts;
}

/** One stream of the two. */
class Side {
  batch: Batch | undefined;
  readonly #batches: AsyncIterator<Batch>;
  readonly #end: number;

  constructor(log: Log, stream: StreamName, from: Cursors, to: Cursors) {
    this.#end = to[stream];
    const all =
      from[stream] < to[stream] ? log.read(stream, from[stream], { skipCorrupt: true }) : nothing();
    this.#batches = all[Symbol.asyncIterator]();
  }

  async next(): Promise<void> {
    const { value, done } = await this.#batches.next();
    this.batch = done || value.first >= this.#end ? undefined : cut(value, this.#end);
  }

  async end(): Promise<void> {
    await this.#batches.return?.();
  }
}

async function* nothing(): AsyncGenerator<Batch> {
  // There is none.
}

/** Without what lies at `end` or behind it. */
function cut(batch: Batch, end: number): Batch {
  const count = end - batch.first;
  if (count >= batch.count) return batch;
  let at = 0;
  for (let line = 0; line < count; line++) at = batch.bytes.indexOf(0x0a, at) + 1;
  return { ...batch, count, bytes: batch.bytes.subarray(0, at) };
}
