import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRecord } from '../../event/json.ts';

/** Reads the texts that last were right, by their files; none where there are none. */
export function readGood(path: string): Readonly<Record<string, string>> {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isRecord(read)) return {};
    const texts = Object.entries(read).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return Object.fromEntries(texts);
  } catch {
    return {};
  }
}

/** Writes them down, in the place of those before. */
export function writeGood(path: string, good: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify(good), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
