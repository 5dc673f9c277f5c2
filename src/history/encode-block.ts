import type { Batch } from '../event/batch.ts';
import { BlockBuilder } from './block-builder.ts';
import type { Block } from './history.ts';

/** A block with its bytes, before they are in a file. */
export interface EncodedBlock extends Omit<Block, 'path'> {
  /** An Arrow IPC stream. */
  readonly bytes: Uint8Array;
}

/** Encodes consecutive batches of one stream as one block, whatever its size. */
export function encodeBlock(batches: readonly Batch[]): EncodedBlock {
  const stream = batches[0]?.stream;
  if (stream === undefined) throw new RangeError('a block has at least one batch');
  const unlimited = Number.POSITIVE_INFINITY;
  const builder = new BlockBuilder(stream, {
    rows: unlimited,
    bytes: unlimited,
    distinct: unlimited,
  });
  for (const batch of batches) builder.add(batch);
  const { first, last, rows } = builder;
  return { stream, first, last, rows, bytes: builder.encode() };
}
