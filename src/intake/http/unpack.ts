import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { CodedError } from '../../errors/coded-error.ts';
import { intakeErrors } from '../errors.ts';
import { busy } from './body.ts';
import type { Lease } from './budget.ts';
import type { Packing } from './media.ts';

/**
 * Unpacks a body, off this thread and no further than `limit` bytes: a small body may unpack to
 * gigabytes. Rejects with TERR_INTAKE_TOO_LARGE, TERR_INTAKE_BUSY or TERR_INTAKE_BODY.
 */
export async function unpack(
  packed: Buffer,
  packing: Exclude<Packing, 'identity'>,
  limit: number,
  lease: Lease,
): Promise<Buffer> {
  const stream = streamFor(packing, packed);
  const chunks: Buffer[] = [];
  let size = 0;
  stream.end(packed);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      if (!lease.take(chunk.length)) throw busy();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The body is not ${packing} as Content-Encoding says, or damaged: ${why}.`;
    throw intakeErrors('BODY', message, { cause });
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size);
}

function streamFor(packing: Exclude<Packing, 'identity'>, packed: Buffer) {
  if (packing === 'gzip') return createGunzip();
  if (packing === 'br') return createBrotliDecompress();
  // RFC 9110, 8.4.1.2 means the zlib format and notes that some send the bare one.
  const [first = 0, second = 0] = packed;
  const zlib = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
  return zlib ? createInflate() : createInflateRaw();
}

function tooLarge(limit: number): CodedError {
  const message = `Unpacked, the body has more than ${limit} bytes (intake.maxBody): send it in parts.`;
  return intakeErrors('TOO_LARGE', message);
}
