import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { streamNames, type StreamName } from '../../event/event.ts';
import { logErrors } from '../errors.ts';
import { IdentityWindow } from '../identity-window.ts';
import type { States, Windows } from './group.ts';
import { decodeRecord, eachIdentity, type StoredRecord } from './record.ts';
import { putState, readState, type StreamState } from './state.ts';
import { keyOffset, offsetKey, textKey, type Store } from './store.ts';
import { rebuildSubjects } from './subjects.ts';

/** The format of the whole directory; a newer one is refused. */
const format = 1;

/** Something that was found wrong and dealt with. */
export type OnProblem = (problem: string) => void;

/** Throws TERR_LOG_VERSION when a newer Territory wrote the log. */
export function checkFormat(store: Store, dir: string): void {
  const text = store.meta.getBinary(textKey('format'));
  const found: unknown = text === undefined ? format : JSON.parse(text.toString());
  if (typeof found === 'number' && found <= format) return;
  throw logErrors(
    'VERSION',
    `${dir} has format ${String(found)}, this Territory knows formats up to ${format}. ` +
      'Run the version that wrote it or a newer one, or use another data directory.',
  );
}

/**
 * Brings the streams' ends into order after whatever happened, and makes it durable: cuts damaged
 * records off the end into files of their own, and flushes what a killed process had committed but
 * not yet flushed.
 */
export async function recover(store: Store, dir: string, onProblem: OnProblem): Promise<States> {
  const ends = {
    facts: findEnd(store, 'facts', dir, onProblem),
    readings: findEnd(store, 'readings', dir, onProblem),
  };
  await store.env.batch(() => {
    void store.meta.put(textKey('format'), Buffer.from(JSON.stringify(format)));
    for (const stream of streamNames) {
      for (const offset of ends[stream].cut) void store.streams[stream].remove(offsetKey(offset));
      putState(store, stream, ends[stream].state);
    }
  });
  await store.env.flushed;
  if (ends.facts.cut.length > 0) {
    store.env.resetReadTxn();
    await store.env.batch(() => rebuildSubjects(store));
    await store.env.flushed;
  }
  return { facts: ends.facts.state, readings: ends.readings.state };
}

interface End {
  readonly state: StreamState;
  /** First offsets of the damaged records. */
  readonly cut: readonly number[];
}

function findEnd(store: Store, stream: StreamName, dir: string, onProblem: OnProblem): End {
  const state = readState(store, stream);
  const cut: number[] = [];
  for (const { key, value } of store.streams[stream].getRange({
    start: offsetKey(Number.MAX_SAFE_INTEGER),
    reverse: true,
  })) {
    const first = keyOffset(key);
    const record = decodeRecord(value, first);
    if (!('damage' in record)) return { state: endOf(record), cut };
    const file = join(dir, `quarantine-${stream}-${first}.bin`);
    writeFileSync(file, value, { mode: 0o600 });
    onProblem(
      `The last record of ${stream}, at offset ${first}, is damaged (${record.damage}). ` +
        `It was moved to ${file}; the next event gets its offset.`,
    );
    cut.push(first);
  }
  const next = cut.at(-1);
  return { state: next === undefined ? state : { ...state, next }, cut };
}

function endOf(record: StoredRecord): StreamState {
  return {
    next: record.first + record.count,
    position: record.position + record.size,
    received: record.received,
  };
}

/** The identities of the last events, out of the records' heads: no event is parsed. */
export function rebuildWindows(
  store: Store,
  states: States,
  capacities: Readonly<Record<StreamName, number>>,
): Windows {
  const rebuild = (stream: StreamName): IdentityWindow => {
    const capacity = capacities[stream];
    const from = Math.max(1, states[stream].next - capacity);
    const window = new IdentityWindow(capacity, states[stream].next - from, randomInt(2 ** 32));
    const take = (high: number, low: number): void => {
      if (high !== 0 || low !== 0) window.add(high, low);
    };
    const db = store.streams[stream];
    const [start] = db.getKeys({ start: offsetKey(from), reverse: true, limit: 1 });
    for (const { value } of db.getRange({ start: start ?? offsetKey(from) }))
      eachIdentity(value, take);
    return window;
  };
  return { facts: rebuild('facts'), readings: rebuild('readings') };
}
