import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';

/** A log that grew beyond this is put aside when its program is started again. Bytes. */
const maxBytes = 8 * 1024 * 1024;

/** Puts a long log aside as `FILE.1`, in place of the one before. */
export function keepShort(file: string): void {
  if (existsSync(file) && statSync(file).size > maxBytes) putAside(file);
}

/** Puts a log aside as `FILE.1`, whatever its length. */
export function putAside(file: string): void {
  if (existsSync(file)) renameSync(file, `${file}.1`);
}

/** The last of a log, at most so many bytes; empty where there is none. */
export function endOf(file: string, bytes: number): string {
  if (!existsSync(file)) return '';
  const opened = openSync(file, 'r');
  try {
    const from = Math.max(0, fstatSync(opened).size - bytes);
    const buffer = Buffer.alloc(bytes);
    const read = readSync(opened, buffer, { position: from });
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(opened);
  }
}
