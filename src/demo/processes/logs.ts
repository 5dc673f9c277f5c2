import { existsSync, renameSync, statSync } from 'node:fs';

/** A log that grew beyond this is put aside when its program starts, in place of the one before. Bytes. */
const maxBytes = 8 * 1024 * 1024;

/** Puts a long log aside as `FILE.1`. */
export function keepShort(file: string): void {
  if (existsSync(file) && statSync(file).size > maxBytes) renameSync(file, `${file}.1`);
}
