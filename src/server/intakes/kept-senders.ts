import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SenderEntry } from '../../intake/senders/sender-entry.ts';

/**
 * The senders as they were written down last, in `senders.json` of the data directory: no more than a
 * help after a restart, so it is no note of the log, and what can not be read is forgotten.
 */
export function readSenders(dir: string): readonly SenderEntry[] {
  try {
    const kept: unknown = JSON.parse(readFileSync(join(dir, 'senders.json'), 'utf8'));
    return Array.isArray(kept) ? (kept as SenderEntry[]) : []; // written below
  } catch {
    return [];
  }
}

/** Writes them down; a crash leaves what was there before. Rejects with what the system says. */
export async function writeSenders(dir: string, senders: readonly SenderEntry[]): Promise<void> {
  const path = join(dir, 'senders.json');
  await writeFile(`${path}.new`, JSON.stringify(senders), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
