/** Digits that a double holds exactly. */
const exactDigits = 15;
const powers = Array.from({ length: exactDigits + 1 }, (_, i) => 10 ** i);
const written = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The decimal number that stands in bytes, or NaN where there is none; neither hexadecimal nor
 * words. Makes no text of numbers of up to 15 digits without an exponent.
 */
export function decimal(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start];
  if (first === 0x2d) return -unsigned(bytes, start + 1, end);
  return unsigned(bytes, first === 0x2b ? start + 1 : start, end);
}

function unsigned(bytes: Uint8Array, start: number, end: number): number {
  let whole = 0;
  let point = -1;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x30 && byte <= 0x39) whole = whole * 10 + (byte - 0x30);
    else if (byte === 0x2e && point < 0) point = at;
    else return unusual(bytes, start, end);
  }
  const digits = end - start - (point < 0 ? 0 : 1);
  if (digits === 0 || digits > exactDigits) return unusual(bytes, start, end);
  // A quotient of two exact doubles is the double nearest to the decimal.
  return point < 0 ? whole : whole / (powers[end - point - 1] ?? 1);
}

function unusual(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 400) return Number.NaN;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const value = written.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}
