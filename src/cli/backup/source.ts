import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { Batch } from '../../event/batch.ts';
import { CodedError } from '../../errors/coded-error.ts';
import { cliErrors } from '../errors.ts';
import type { Header } from './format.ts';
import { readExport } from './read.ts';

/** The batches of an export file, packed or not. Throws TERR_CLI_EXPORT_FILE, TERR_CLI_INPUT. */
export async function* readExportFile(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<Batch, Header> {
  try {
    const file = createReadStream(path, { highWaterMark: 2 ** 20, signal });
    const packed = await isPacked(path);
    return yield* readExport(
      packed ? file.pipe(createGunzip()).on('error', () => undefined) : file,
    );
  } catch (error) {
    throw signal.aborted || error instanceof CodedError ? error : explained(path, error);
  }
}

/** By its first two bytes (RFC 1952, 2.3.1). */
async function isPacked(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function explained(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code.startsWith('Z_'))
    return cliErrors('EXPORT_FILE', `the file is damaged or cut off: gzip says "${reason}"`, {
      cause,
    });
  return cliErrors('INPUT', `can not read ${path}: ${reason}`, { cause });
}
