import { NumberScanner } from './number.ts';
import { byteAt, endOfString, pastSpace } from './text.ts';

/** Deeper values go the slow path: the scan recurses and the stack is not endless. */
const maxDepth = 64;

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
const QUOTE = 0x22;

const words = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), word]));
const numbers = new NumberScanner();

/**
 * Place behind the JSON value that starts at `start`, in one line and without looking at its
 * meaning; -1 when it is not valid JSON (RFC 8259), too deep, or holds a number too large.
 */
export function skipValue(bytes: Uint8Array, start: number, end: number, depth = 0): number {
  const c = byteAt(bytes, start, end);
  if (c === QUOTE) return behind(endOfString(bytes, start + 1, end));
  if (c === OPEN_OBJECT || c === OPEN_ARRAY)
    return depth < maxDepth ? skipMembers(bytes, start, end, depth + 1) : -1;
  const word = words.get(c);
  return word === undefined ? numbers.scan(bytes, start, end) : skipWord(bytes, start, end, word);
}

const behind = (quote: number): number => (quote < 0 ? -1 : quote + 1);

function skipWord(bytes: Uint8Array, start: number, end: number, word: string): number {
  if (start + word.length > end) return -1;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return -1;
  return start + word.length;
}

function skipMembers(bytes: Uint8Array, start: number, end: number, depth: number): number {
  const inObject = bytes[start] === OPEN_OBJECT;
  const close = inObject ? CLOSE_OBJECT : CLOSE_ARRAY;
  let i = pastSpace(bytes, start + 1, end);
  if (byteAt(bytes, i, end) === close) return i + 1;
  for (;;) {
    if (inObject) i = pastKey(bytes, i, end);
    if (i < 0) return -1;
    i = skipValue(bytes, i, end, depth);
    if (i < 0) return -1;
    i = pastSpace(bytes, i, end);
    if (i >= end) return -1;
    if (bytes[i] === close) return i + 1;
    if (bytes[i] !== COMMA) return -1;
    i = pastSpace(bytes, i + 1, end);
  }
}

/** Place of the value whose key starts at `start`, or -1. */
function pastKey(bytes: Uint8Array, start: number, end: number): number {
  if (byteAt(bytes, start, end) !== QUOTE) return -1;
  const quote = endOfString(bytes, start + 1, end);
  if (quote < 0) return -1;
  const colon = pastSpace(bytes, quote + 1, end);
  return byteAt(bytes, colon, end) === COLON ? pastSpace(bytes, colon + 1, end) : -1;
}
