import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft, StreamName } from '../../event/event.ts';
import { encodeBlock } from '../encode-block.ts';
import type { Block } from '../history.ts';

/** When the example events of the tests are taken: 2026-03-01T00:00:00Z. */
export const exampleDay = Date.UTC(2026, 2, 1);

/** Writes drafts as a block of consecutive offsets into `dir`. */
export function writeBlock(
  dir: string,
  drafts: readonly Draft[],
  place: { readonly first?: number; readonly stream?: StreamName } = {},
): Block {
  const { first = 1, stream = 'readings' } = place;
  const bytes = Buffer.from(drafts.map((draft) => `${JSON.stringify(draft)}\n`).join(''));
  const block = encodeBlock([
    { stream, first, count: drafts.length, received: exampleDay, source: 'test', bytes },
  ]);
  const path = join(dir, `${stream}-${first}-${block.last}.arrow`);
  writeFileSync(path, block.bytes);
  return { stream, first, last: block.last, rows: block.rows, path };
}

/** As many readings, a second apart, from `from` on (ms). */
export function readings(count: number, from: number = exampleDay): Draft[] {
  return Array.from({ length: count }, (_, i) => ({
    type: 'metric',
    time: from + i * 1000,
    service: `service-${i % 7}`,
    name: 'load',
    metric: i / 4,
  }));
}
