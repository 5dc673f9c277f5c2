import { expect, test } from 'vitest';
import { decodeBatch, type PlacedEvent } from '../../event/codec.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import type { Log } from '../../log/log.ts';
import type { Change } from '../../rooms/map/facts.ts';
import type { HealthState } from '../../rooms/map/health.ts';
import { MapRecording } from '../../rooms/map/recording.ts';
import { Recorder } from './recorder.ts';

const start = Date.UTC(2026, 10, 26);

const change = (id: string, from: HealthState, shown: HealthState): Change => ({
  id,
  from,
  health: {
    observed: shown,
    inferred: 'ok',
    shown,
    because: [],
    contradiction: false,
    evidence: [],
  },
});

async function facts(log: Log): Promise<PlacedEvent[]> {
  const all: PlacedEvent[] = [];
  for await (const batch of log.read('facts', 1)) all.push(...decodeBatch(batch));
  return all;
}

async function recordingOf(log: Log): Promise<MapRecording> {
  const recording = new MapRecording();
  for (const fact of await facts(log)) recording.add(fact);
  return recording;
}

test('what was collected is one fact, with where it came from first', async () => {
  const log = memoryLog({ now: () => start });
  const recorder = new Recorder({ log, now: () => start });
  recorder.note([change('db', 'no-evidence', 'ok')]);
  await recorder.flush();
  recorder.note([change('db', 'ok', 'degraded')]);
  recorder.note([change('db', 'degraded', 'down'), change('web', 'ok', 'at-risk')]);
  await recorder.flush();
  expect(await facts(log)).toHaveLength(2);
  const { changes } = await recordingOf(log);
  expect(changes.lastOf('db')).toMatchObject({ from: 'ok', shown: 'down' });
  expect(changes.lastOf('web')).toMatchObject({ shown: 'at-risk' });
});

test('what is in the end as it was is not written', async () => {
  const log = memoryLog({ now: () => start });
  const recorder = new Recorder({ log, now: () => start });
  recorder.note([change('db', 'no-evidence', 'ok')]);
  await recorder.flush();
  recorder.note([change('db', 'ok', 'down')]);
  recorder.note([change('db', 'down', 'ok')]);
  await recorder.flush();
  await recorder.flush();
  expect(await facts(log)).toHaveLength(1);
});

test('after a restart it goes on from what was recorded', async () => {
  const log = memoryLog({ now: () => start });
  const before = new Recorder({ log, now: () => start });
  before.note([change('db', 'no-evidence', 'ok'), change('web', 'no-evidence', 'ok')]);
  await before.flush();
  const after = new Recorder({ log, now: () => start + 4 });
  after.resume(await recordingOf(log));
  after.note([change('db', 'no-evidence', 'ok'), change('web', 'no-evidence', 'down')]);
  await after.flush();
  const { changes } = await recordingOf(log);
  const since = [...changes.between(start + 4, start + 4)];
  expect(since).toMatchObject([{ id: 'web', from: 'ok', shown: 'down' }]);
});

test('what the log does not take is written when it takes again', async () => {
  const good = memoryLog({ now: () => start });
  let full = true;
  const log: Log = {
    ...good,
    append: (...what) => (full ? Promise.reject(new Error('full')) : good.append(...what)),
  };
  const recorder = new Recorder({ log, now: () => start });
  recorder.note([change('db', 'ok', 'down')]);
  await expect(recorder.flush()).rejects.toThrow('full');
  expect(recorder.counters.failed).toBe(1);
  full = false;
  await recorder.flush();
  expect((await recordingOf(good)).changes.lastOf('db')).toMatchObject({ shown: 'down' });
});
