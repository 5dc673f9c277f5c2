import { mkdirSync } from 'node:fs';
import type { Batch } from '../../event/batch.ts';
import { type StreamName, streamNames } from '../../event/event.ts';
import { identityOf } from '../../event/identity.ts';
import { logErrors } from '../errors.ts';
import { subjectsOf } from '../lines.ts';
import { lockDirectory } from './directory-lock.ts';
import { HeadFile } from './head-file.ts';
import { encodeRecord } from './record.ts';
import { checkFormat, recover } from './recovery.ts';
import { type StreamState, putState } from './state.ts';
import { type Store, type StoreOptions, offsetKey, openStore } from './store.ts';
import { putVersion } from './subjects.ts';

/** About how many bytes of lines one transaction takes. */
const groupBytes = 16 * 2 ** 20;

export interface RestoreOptions extends Omit<StoreOptions, 'readOnly'> {
  /** Ms since the epoch. */
  readonly now: () => number;
}

/**
 * Writes batches into a directory without a log, with the offsets and the times of receipt that
 * they had. A stream begins at the offset of its first batch; from there each batch must follow the
 * one before. Durable when it resolves. Throws TERR_LOG_LINES for a batch that does not follow,
 * TERR_LOG_LOCKED, and TERR_LOG_CONFLICT when the directory holds events.
 */
export async function restoreLog(
  options: RestoreOptions,
  batches: AsyncIterable<Batch>,
): Promise<Readonly<Record<StreamName, number>>> {
  const { dir, now } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(dir, now);
  try {
    const store = openStore({ ...options, readOnly: false });
    try {
      checkFormat(store, dir);
      return await fill(store, dir, batches);
    } finally {
      await store.env.close();
    }
  } finally {
    lock.release();
  }
}

async function fill(store: Store, dir: string, batches: AsyncIterable<Batch>) {
  const states: Record<StreamName, StreamState> = {
    ...(await recover(store, dir, () => undefined)),
  };
  if (streamNames.some((stream) => states[stream].next > 1))
    throw logErrors('CONFLICT', `${dir} holds events; restore into a new directory`);
  const restored = { facts: 0, readings: 0 };
  let group: Batch[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const taken = group;
    group = [];
    bytes = 0;
    await store.env.batch(() => {
      for (const batch of taken) put(store, states, batch);
      for (const stream of streamNames) putState(store, stream, states[stream]);
    });
    await store.env.flushed;
  };
  for await (const batch of batches) {
    const { stream, first, count } = batch;
    if (restored[stream] > 0 && first !== expected(states, group, stream))
      throw logErrors('LINES', `${stream} ${first} does not follow the batch before it`);
    group.push(batch);
    bytes += batch.bytes.length;
    restored[stream] += count;
    if (bytes >= groupBytes) await flush();
  }
  await flush();
  publish(dir, states);
  return restored;
}

/** Readers find the log only where a writer has said how far it is. */
function publish(dir: string, states: Readonly<Record<StreamName, StreamState>>): void {
  const file = new HeadFile(dir, 'writer');
  file.publish({ facts: states.facts.next, readings: states.readings.next });
  file.close();
}

function expected(
  states: Readonly<Record<StreamName, StreamState>>,
  waiting: readonly Batch[],
  stream: StreamName,
): number {
  const last = waiting.findLast((batch) => batch.stream === stream);
  return last === undefined ? states[stream].next : last.first + last.count;
}

/** Queues a batch as one record, and its subjects, into the transaction that is being formed. */
function put(store: Store, states: Record<StreamName, StreamState>, batch: Batch): void {
  const { stream, first, count, source, bytes } = batch;
  const state = states[stream];
  const received = Math.max(state.received, batch.received);
  const subjects = subjectsOf(stream, bytes);
  const identities = identitiesOf(batch);
  const value = encodeRecord({ first, received, position: state.position, source }, [
    { bytes, count, identities, subjects, duplicates: [], remembered: 0 },
  ]);
  void store.streams[stream].put(offsetKey(first), value);
  for (const [index, subject] of subjects) putVersion(store, subject, first + index);
  states[stream] = { next: first + count, position: state.position + value.length, received };
}

/** The identities of a batch's lines, as its sender's append had them. */
export function identitiesOf(batch: Batch): Uint32Array {
  const identities = new Uint32Array(batch.count * 2);
  const text = Buffer.from(batch.bytes).toString('utf8');
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    const event = JSON.parse(line) as { readonly id?: string; readonly source?: string }; // as stored
    identities.set(identityOf(event.source ?? batch.source, event.id), index * 2);
  }
  return identities;
}
