import { expect, test } from 'vitest';
import { encodeDrafts } from '../../event/codec.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { trimReadings } from './retention.ts';

const plenty = 1e12;
const rules = { age: 1_000, bytes: 0, minFree: 1e9 };

/** A log with ten batches of ten readings, received 100 ms apart from 0 on. */
async function filled() {
  const clock = { now: 0 };
  const log = memoryLog({ now: () => clock.now });
  for (let batch = 0; batch < 10; batch++) {
    clock.now = batch * 100;
    const drafts = Array.from({ length: 10 }, () => ({ type: 'metric', metric: 1 }));
    const { readings } = encodeDrafts(drafts, '/test');
    if (readings) await log.append('readings', readings);
  }
  return log;
}

test('readings older than the age go, batch by batch', async () => {
  const log = await filled();
  const state = { now: 1_350, freeBytes: plenty, unread: undefined };
  expect(await trimReadings(log, rules, state)).toEqual({ before: 41, unread: 0 });
  expect(log.stat('readings').first).toBe(41);
});

test('what history has not taken stays, unless the disk is nearly full', async () => {
  const log = await filled();
  const state = { now: 1_350, freeBytes: plenty, unread: 21 };
  expect(await trimReadings(log, rules, state)).toEqual({ before: 21, unread: 0 });
  const full = { ...state, freeBytes: 5e8 };
  const { before, unread } = await trimReadings(log, rules, full);
  expect(before).toBe(21);
  expect(unread).toBe(0);
  const again = await trimReadings(log, rules, { ...full, unread: 1 });
  expect(again.unread).toBe(again.before - 21);
});

test('a log over its size loses about what is too much', async () => {
  const log = await filled();
  const { bytes } = log.stat('readings');
  const state = { now: 0, freeBytes: plenty, unread: undefined };
  await trimReadings(log, { age: 0, bytes: bytes / 2, minFree: 0 }, state);
  expect(log.stat('readings').bytes).toBe(bytes / 2);
});

test('nothing to forget is nothing done', async () => {
  const log = await filled();
  const state = { now: 100, freeBytes: plenty, unread: undefined };
  expect(await trimReadings(log, rules, state)).toEqual({ before: 1, unread: 0 });
});
