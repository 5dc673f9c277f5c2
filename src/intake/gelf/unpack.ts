import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { refused, type Refused } from '../decoded.ts';

/**
 * What a GELF message is packed in, by its first bytes: zlib, gzip, or nothing. Unpacked at once, in
 * the listeners' thread: `most` bytes are some milliseconds, whatever the bytes claim.
 */
export function unpackGelf(bytes: Buffer, most: number): Buffer | { readonly refused: Refused } {
  const packed = packing(bytes);
  if (packed === undefined) return bytes.length > most ? tooLong(most) : bytes;
  try {
    const options = { maxOutputLength: most, finishFlush: constants.Z_FINISH };
    return packed === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLong(most);
    const message = `The message cannot be unpacked (${packed}): ${String(code)}.`;
    return refused('TERR_INTAKE_DECODE', message);
  }
}

function packing(bytes: Buffer): 'gzip' | 'zlib' | undefined {
  const [first = 0, second = 0] = bytes;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  // RFC 1950, 2.2: method 8, and both bytes together are a multiple of 31.
  const isZlib = (first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 === 0;
  return isZlib ? 'zlib' : undefined;
}

/** Why a message is not taken whole. */
export function tooLong(most: number): { readonly refused: Refused } {
  const message = `The message has more than ${most} bytes (intakes.gelf.maxMessage).`;
  return refused('TERR_INTAKE_FRAME', message);
}
