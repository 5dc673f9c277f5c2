const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const TAB = 0x09;

/** 1 for the bytes that may stand in a JSON string as they are (RFC 8259, 7). */
const asItIs = new Uint8Array(256).fill(1, SPACE);
asItIs[QUOTE] = 0;
asItIs[BACKSLASH] = 0;

/**
 * Place of the quote that ends the string whose first byte is at `start`; -1 when a backslash, a
 * control character or `end` comes first.
 */
export function endOfText(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && asItIs[bytes[i] as number] === 1) i++; // a number: i < end <= bytes.length
  return i < end && bytes[i] === QUOTE ? i : -1;
}

/**
 * First place from `start` on that is neither space nor tab. Line ends are not passed: a scanned
 * event always lies in one line.
 */
export function pastSpace(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && (bytes[i] === SPACE || bytes[i] === TAB)) i++;
  return i;
}

/** The byte at `i`; from `end` on NUL, which is nowhere allowed in JSON text. */
export function byteAt(bytes: Uint8Array, i: number, end: number): number {
  return i < end ? (bytes[i] as number) : 0; // a number: i < end <= bytes.length
}

/** As `endOfText`, but passes valid escapes (RFC 8259, 7). */
export function endOfString(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  for (;;) {
    while (i < end && asItIs[bytes[i] as number] === 1) i++; // a number: i < end <= bytes.length
    if (i >= end) return -1;
    if (bytes[i] === QUOTE) return i;
    if (bytes[i] !== BACKSLASH) return -1;
    i = pastEscape(bytes, i + 1, end);
    if (i < 0) return -1;
  }
}

const shortEscapes = new Set(Buffer.from('"\\/bfnrt'));

function pastEscape(bytes: Uint8Array, at: number, end: number): number {
  const c = bytes[at] ?? 0;
  if (shortEscapes.has(c)) return at + 1;
  if (c !== 0x75 || at + 5 > end) return -1;
  for (let i = at + 1; i < at + 5; i++) if (!isHex(bytes[i] ?? 0)) return -1;
  return at + 5;
}

function isHex(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66);
}
