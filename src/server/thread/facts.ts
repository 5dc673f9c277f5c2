import type { Batch } from '../../event/batch.ts';
import { type PlacedEvent, decodeLine } from '../../event/codec.ts';
import type { Log } from '../../log/log.ts';

/** The facts at these offsets, as far as the log has them. Only their own lines are parsed. */
export async function readFacts(
  log: Log,
  offsets: readonly number[],
): Promise<Map<number, PlacedEvent>> {
  const found = new Map<number, PlacedEvent>();
  const { first, next } = log.stat('facts');
  let left = [...new Set(offsets)].filter((offset) => offset >= first && offset < next);
  left.sort((a, b) => a - b);
  while (left[0] !== undefined) {
    // oxlint-disable-next-line no-await-in-loop -- one small read after the other
    const batch = await batchAt(log, left[0]);
    if (!batch) break;
    const { received, source } = batch;
    const end = batch.first + batch.count;
    for (const [offset, line] of linesAt(batch, left))
      found.set(offset, decodeLine(line, { stream: 'facts', offset, received, source }));
    left = left.filter((offset) => offset >= end);
  }
  return found;
}

async function batchAt(log: Log, offset: number): Promise<Batch | undefined> {
  for await (const batch of log.read('facts', offset, { skipCorrupt: true })) return batch;
  return undefined;
}

/** The lines of a batch that stand at some of these ascending offsets. */
function* linesAt(
  { bytes, first, count }: Batch,
  offsets: readonly number[],
): Generator<[number, Uint8Array]> {
  let at = offsets.findIndex((offset) => offset >= first);
  let start = 0;
  for (let place = first; place < first + count && at >= 0 && at < offsets.length; place++) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) return;
    if (place === offsets[at]) {
      yield [place, bytes.subarray(start, end)];
      at++;
    }
    start = end + 1;
  }
}
