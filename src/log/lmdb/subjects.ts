import { createHash } from 'node:crypto';
import { subjectsOf } from '../lines.ts';
import { keyOffset, offsetKey, type Store } from './store.ts';
import { decodeRecord } from './record.ts';

/** A key of LMDB has at most 1978 bytes; a subject of 1024 characters can have 4096. */
const longest = 512;

/** 's' and the subject itself, or 'h' and its SHA-256 when it is long. */
function subjectKey(subject: string): Buffer {
  const bytes = Buffer.from(subject);
  if (bytes.length <= longest) return Buffer.concat([Buffer.from('s'), bytes]);
  return Buffer.concat([Buffer.from('h'), createHash('sha256').update(bytes).digest()]);
}

/** Offset of the last fact on a subject, 0 when there is none. */
export function readVersion(store: Store, subject: string): number {
  const found = store.subjects.getBinary(subjectKey(subject));
  return found === undefined ? 0 : keyOffset(found);
}

/** Queues a subject's version into the transaction that is being formed. */
export function putVersion(store: Store, subject: string, offset: number): void {
  void store.subjects.put(subjectKey(subject), offsetKey(offset));
}

/**
 * Makes the index anew from the facts that are held, inside the transaction that is being formed:
 * after facts were cut off, it would name offsets that other facts will get. Damaged facts are
 * left out.
 */
export function rebuildSubjects(store: Store): void {
  void store.subjects.clearAsync();
  const versions = new Map<string, number>();
  for (const { key, value } of store.streams.facts.getRange()) {
    const record = decodeRecord(value, keyOffset(key));
    if ('damage' in record) continue;
    for (const [index, subject] of subjectsOf('facts', record.bytes))
      versions.set(subject, record.first + index);
  }
  for (const [subject, offset] of versions) putVersion(store, subject, offset);
}
