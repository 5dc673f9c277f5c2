import type { Batch, Lines } from '../event/batch.ts';
import type { StreamName } from '../event/event.ts';
import type { Log } from './log.ts';

/** An event of the examples: an id makes it a duplicate of the same id, a subject a version. */
export interface Example {
  readonly id?: string;
  readonly subject?: string;
  readonly note?: string;
}

/** Encodes examples as the intake does, with a hash that is good enough for few events. */
export function linesOf(examples: readonly Example[], source = '/tests'): Lines {
  const identities = new Uint32Array(examples.length * 2);
  examples.forEach(({ id }, index) => {
    if (id !== undefined) identities.set(hashOf(`${source}\0${id}`), index * 2);
  });
  const text = examples.map((e) => `${JSON.stringify({ type: 'log', ...e })}\n`).join('');
  return { bytes: Buffer.from(text), count: examples.length, source, identities };
}

/** FNV-1a, twice with different starts. */
function hashOf(text: string): [number, number] {
  let high = 0x811c9dc5;
  let low = 0x01234567;
  for (const byte of Buffer.from(text)) {
    high = Math.imul(high ^ byte, 0x01000193);
    low = Math.imul(low ^ byte, 0x01000193) + high;
  }
  return [high >>> 0, low >>> 0];
}

/** The lines of a batch, parsed. */
export function examplesOf(batch: Batch): Example[] {
  const text = Buffer.from(batch.bytes).toString();
  return text
    .split('\n')
    .slice(0, -1)
    .map((line): Example => JSON.parse(line));
}

/** What a read to the head gives, event by event: `offset id`. */
export async function placed(log: Log, stream: StreamName, from = 1): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of log.read(stream, from))
    examplesOf(batch).forEach((e, index) => found.push(`${batch.first + index} ${e.id ?? '-'}`));
  return found;
}

/** Lines with an id each and nothing else. */
export const ids = (...names: readonly string[]): Lines => linesOf(names.map((id) => ({ id })));
