import type { Lines } from '../event/batch.ts';
import type { StreamName } from '../event/event.ts';
import { logErrors } from './errors.ts';

const lineFeed = 0x0a;

/** A fact's subject and the index of its line. */
export type SubjectLine = readonly [index: number, subject: string];

/**
 * Throws TERR_LOG_LINES when the lines do not fit their own description: one wrong count would
 * give every later event a wrong offset.
 */
export function checkLines(lines: Lines): void {
  const { bytes, count, identities } = lines;
  if (identities.length !== count * 2)
    throw logErrors(
      'LINES',
      `${count} lines need ${count * 2} identity words, not ${identities.length}.`,
    );
  const found = countLines(bytes);
  if (found !== count)
    throw logErrors('LINES', `The bytes hold ${found} lines ended by LF, not ${count}.`);
  if (bytes.length > 0 && bytes[bytes.length - 1] !== lineFeed)
    throw logErrors('LINES', `The last line is not ended by LF.`);
}

function countLines(bytes: Uint8Array): number {
  let found = 0;
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) found += 1;
  return found;
}

/** What follows the first `count` lines. */
export function skipLines(bytes: Uint8Array, count: number): Uint8Array {
  return bytes.subarray(endOfLines(bytes, 0, count));
}

/** The bytes without the lines at `dropped` (ascending indices). */
export function dropLines(bytes: Uint8Array, dropped: readonly number[]): Uint8Array {
  if (dropped.length === 0) return bytes;
  const kept = new Uint8Array(bytes.length);
  let to = 0;
  let from = 0;
  let line = 0;
  const keep = (end: number): void => {
    kept.set(bytes.subarray(from, end), to);
    to += end - from;
  };
  for (const index of dropped) {
    const start = endOfLines(bytes, from, index - line);
    keep(start);
    from = endOfLines(bytes, start, 1);
    line = index + 1;
  }
  keep(bytes.length);
  return kept.subarray(0, to);
}

function endOfLines(bytes: Uint8Array, from: number, count: number): number {
  let at = from;
  for (let n = 0; n < count; n++) {
    const end = bytes.indexOf(lineFeed, at);
    if (end < 0) return bytes.length;
    at = end + 1;
  }
  return at;
}

/** The subjects of facts, for the index behind conditional appends; readings have no versions. */
export function subjectsOf(stream: StreamName, bytes: Uint8Array): SubjectLine[] {
  if (stream !== 'facts') return [];
  const found: SubjectLine[] = [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  text.split('\n').forEach((line, index) => {
    if (!line.includes('"subject"')) return;
    const subject = subjectOf(line, index);
    if (subject !== undefined) found.push([index, subject]);
  });
  return found;
}

function subjectOf(line: string, index: number): string | undefined {
  try {
    const fact: unknown = JSON.parse(line);
    if (typeof fact !== 'object' || fact === null || !('subject' in fact)) return undefined;
    return typeof fact.subject === 'string' ? fact.subject : undefined;
  } catch (cause) {
    throw logErrors('LINES', `Line ${index + 1} is not a JSON object.`, { line: index + 1, cause });
  }
}
