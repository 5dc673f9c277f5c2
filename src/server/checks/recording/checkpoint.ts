import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isRecord } from '../../../event/json.ts';
import { readParts, writeParts } from '../../parts-file.ts';
import type { Lived } from './lives.ts';

/** Another one has another shape, and is not read. */
const head = Buffer.from('TERR checks 1\n');
/** Checks that are written at a stretch: others get their turn between. */
const atOnce = 50;

/** What is known of all checks, and up to where on the log it is known. */
export interface Checkpoint {
  /** First reading that is not in it. */
  readonly next: number;
  readonly lives: ReadonlyMap<string, Lived>;
}

/** Writes a checkpoint in the place of the one before; a kill leaves one of the two. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeParts(path, head, partsOf(checkpoint));
}

function* partsOf({ next, lives }: Checkpoint): Generator {
  yield { next };
  const entries = [...lives];
  for (let i = 0; i < entries.length; i += atOnce) yield entries.slice(i, i + atOnce);
}

/** The last checkpoint; undefined when there is none that can be used. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  try {
    const [first, ...parts] = await readParts(path, head);
    if (!isRecord(first) || typeof first['next'] !== 'number') return undefined;
    // The sum says that they are what was written.
    const entries = parts.flat() as (readonly [string, Lived])[];
    return { next: first['next'], lives: new Map(entries) };
  } catch {
    // Absent, cut off or written by something else: what the log holds is read again.
    return undefined;
  }
}
