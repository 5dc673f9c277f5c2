import type { Batch } from '../../event/batch.ts';
import type { StreamName } from '../../event/event.ts';
import { logErrors } from '../errors.ts';
import type { Fetched } from '../follow.ts';
import type { StreamStat } from '../log.ts';
import { batchOf, decodeRecord, type Damage, type StoredRecord } from './record.ts';
import { keyOffset, offsetKey, type Store } from './store.ts';

/** One fetch ends after this many records or bytes; a read transaction lasts no longer. */
const fetchRecords = 64;
const fetchBytes = 2 ** 20;

/** Told of each damaged record that a reader leaves out. */
export type OnDamaged = (stream: StreamName, offset: number, damage: string) => void;

/**
 * Records from the one that holds `offset` up to `next`, some at a time. Everything is copied out
 * before it returns, so that no reader, however slow, keeps old pages of the file alive.
 *
 * @param onDamaged leaves damaged records out; without it they throw TERR_LOG_CORRUPT
 */
export function fetchRecordsFrom(
  place: { readonly store: Store; readonly stream: StreamName; readonly next: number },
  offset: number,
  onDamaged: OnDamaged | undefined,
): Fetched {
  const { store, stream, next } = place;
  const batches: Batch[] = [];
  let bytes = 0;
  let records = 0;
  const start = offsetKey(recordOf(store, stream, offset) ?? offset);
  for (const { key, value } of store.streams[stream].getRange({ start })) {
    const first = keyOffset(key);
    if (first >= next) break;
    if (records >= fetchRecords || bytes >= fetchBytes) return { batches, resume: first };
    records += 1;
    bytes += value.length;
    const record = decodeRecord(value, first);
    if (!('damage' in record)) {
      if (first + record.count > offset) batches.push(batchOf(stream, record));
    } else if (onDamaged !== undefined) onDamaged(stream, first, record.damage);
    else if (batches.length > 0) return { batches, resume: first };
    else throw corrupt(store, stream, first, record);
  }
  return { batches, resume: next };
}

/** First offset of the record with the largest key up to `offset`. */
function recordOf(store: Store, stream: StreamName, offset: number): number | undefined {
  for (const key of store.streams[stream].getKeys({
    start: offsetKey(offset),
    reverse: true,
    limit: 1,
  }))
    return keyOffset(key);
  return undefined;
}

function corrupt(store: Store, stream: StreamName, first: number, { damage }: Damage): Error {
  const [following] = store.streams[stream].getKeys({ start: offsetKey(first + 1), limit: 1 });
  const next =
    following === undefined ? 'it is the last one' : `the next is ${keyOffset(following)}`;
  return logErrors(
    'CORRUPT',
    `The record at offset ${first} of ${stream} is damaged: ${damage}; ${next}. ` +
      'Read on behind it, or restore the data from a copy.',
    { field: `${stream}:${first}` },
  );
}

/** The oldest record below `next`; undefined when none is held. */
export function oldestRecord(
  store: Store,
  stream: StreamName,
  next: number,
): StoredRecord | undefined {
  for (const { key, value } of store.streams[stream].getRange({ limit: 1 })) {
    const record = decodeRecord(value, keyOffset(key));
    if (!('damage' in record) && record.first < next) return record;
  }
  return undefined;
}

/**
 * The first offset whose record was received at or after `time`, by binary search over offsets:
 * `received` never goes back within a stream.
 */
export function offsetReceivedAt(
  store: Store,
  stream: StreamName,
  bounds: { readonly next: number; readonly time: number },
): number {
  const oldest = oldestRecord(store, stream, bounds.next);
  if (oldest === undefined) return bounds.next;
  if (oldest.received >= bounds.time) return oldest.first;
  // low ends a record that is older than `time`; high begins one that is not, or is the end.
  let low = oldest.first + oldest.count - 1;
  let high = bounds.next;
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    const record = recordAt(store, stream, middle);
    if (record === undefined) low = middle;
    else if (record.received >= bounds.time) high = record.first;
    else low = Math.max(middle, record.first + record.count - 1);
  }
  return high;
}

/** The record that holds `offset`; undefined when it is damaged. */
function recordAt(store: Store, stream: StreamName, offset: number): StoredRecord | undefined {
  for (const { key, value } of store.streams[stream].getRange({
    start: offsetKey(offset),
    reverse: true,
    limit: 1,
  })) {
    const record = decodeRecord(value, keyOffset(key));
    return 'damage' in record ? undefined : record;
  }
  return undefined;
}

/** A stream's state out of its end and its oldest record. */
export function statOf(
  store: Store,
  stream: StreamName,
  end: { readonly next: number; readonly position: number },
): StreamStat {
  const oldest = oldestRecord(store, stream, end.next);
  return {
    first: oldest?.first ?? end.next,
    next: end.next,
    bytes: oldest === undefined ? 0 : Math.max(0, end.position - oldest.position),
    oldest: oldest?.received,
  };
}

/** First offsets of the oldest records that end before `before`, at most `limit`. */
export function trimmable(
  store: Store,
  stream: StreamName,
  place: { readonly before: number; readonly next: number; readonly limit: number },
): readonly number[] {
  const { before, next, limit } = place;
  const firsts = [...store.streams[stream].getKeys({ limit: limit + 1 })]
    .map((key) => keyOffset(key))
    .filter((first) => first < next);
  if (firsts.length <= limit) firsts.push(next);
  return firsts.slice(0, -1).filter((_, index) => (firsts[index + 1] ?? next) <= before);
}
