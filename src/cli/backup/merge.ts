import type { Batch, Lines } from '../../event/batch.ts';
import { identityOf } from '../../event/identity.ts';
import type { Log } from '../../log/log.ts';

export interface Merged {
  readonly added: number;
  /** Known by their identity. */
  readonly known: number;
}

/** Appends the events of an export to a log that has events, but those whose identity it knows. */
export async function mergeInto(log: Log, batches: AsyncIterable<Batch>): Promise<Merged> {
  let added = 0;
  let known = 0;
  for await (const batch of batches) {
    const { count, duplicates } = await log.append(batch.stream, linesOf(batch));
    added += count;
    known += duplicates.length;
  }
  return { added, known };
}

interface Stored {
  readonly id?: string;
  readonly time?: number | string;
  readonly source?: string;
}

/**
 * The lines with what they owe to their place written out, because they get another one: an id made
 * of the old place and the time of receipt, and that time where there is none. The id is the same in
 * every export of the same log.
 */
function linesOf(batch: Batch): Lines {
  const { stream, first, received, source, count } = batch;
  const identities = new Uint32Array(count * 2);
  const text = Buffer.from(batch.bytes).toString('utf8').trimEnd();
  const lines = text.split('\n').map((line, index) => {
    const stored = JSON.parse(line) as Stored; // as the log stores it
    const id = stored.id ?? `${stream}-${first + index}@${received}`;
    identities.set(identityOf(stored.source ?? source, id), index * 2);
    if (stored.id !== undefined && stored.time !== undefined) return line;
    return JSON.stringify({ id, time: stored.time ?? received, ...stored });
  });
  return { bytes: Buffer.from(`${lines.join('\n')}\n`), count, source, identities };
}
