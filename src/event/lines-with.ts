import type { Batch } from './batch.ts';

const newLine = 0x0a;

/** One line of a batch, with its place on the log. */
export interface PlacedLine {
  readonly line: Uint8Array;
  readonly offset: number;
}

const nowhere = Number.POSITIVE_INFINITY;

function placeOf(text: Buffer, needle: Buffer, from: number): number {
  const at = text.indexOf(needle, from);
  return at < 0 ? nowhere : at;
}

/** The lines of a batch in which one of the needles stands, in their order. */
export function linesWith(batch: Batch, needles: readonly Buffer[]): PlacedLine[] {
  const text = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
  // Where each needle stands next; most batches have none, and are not walked through.
  const next = needles.map((needle) => placeOf(text, needle, 0));
  if (next.every((at) => at === nowhere)) return [];
  const found: PlacedLine[] = [];
  let start = 0;
  for (let row = 0; row < batch.count; row++) {
    const end = text.indexOf(newLine, start);
    if (end < 0) break;
    for (const [i, needle] of needles.entries()) {
      const at = next[i] ?? end;
      if (at < start) next[i] = placeOf(text, needle, start);
    }
    if (next.some((at) => at < end))
      found.push({ line: text.subarray(start, end), offset: batch.first + row });
    start = end + 1;
  }
  return found;
}
