import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Lanes } from '../lanes/lanes.ts';
import { Pacer } from './pacer.ts';
import { phaseOf, slotFrom } from './slots.ts';

const minute = 60_000;
const t0 = Date.UTC(2026, 0, 1);
const firstOf = (id: string): number => slotFrom(t0, minute, phaseOf(id, minute));

beforeEach(() => void vi.useFakeTimers({ now: t0 }));
afterEach(() => void vi.useRealTimers());

/** Checks whose runs take so long, ms. What is told is `<check> <slot from 0> <what>`. */
function paced(takes: Readonly<Record<string, number>>, lanes = new Lanes()) {
  const told: string[] = [];
  const slotOf = (check: string, slot: number): number => (slot - firstOf(check)) / minute;
  const pacer = new Pacer<string>(lanes, {
    place: (check) => ({ target: check.split('-')[0], isAlone: false }),
    run: async ({ check }, deadline, signal) =>
      new Promise((done) => {
        const took = takes[check] ?? 0;
        const timer = setTimeout(
          () => done(took > deadline ? 'late' : 'ok'),
          Math.min(took, deadline),
        );
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          done('stopped');
        });
      }),
    result: ({ check, slot }, result) =>
      void told.push(`${check} ${slotOf(check, slot)} ${result}`),
    missed: ({ check, slot, count, why }) =>
      void told.push(`${check} ${slotOf(check, slot)}x${count} ${why}`),
  });
  pacer.set(Object.keys(takes).map((id) => ({ id, interval: minute })));
  return { pacer, told };
}

test('each slot has a result', async () => {
  const { pacer, told } = paced({ a: 10, b: 20 });
  await vi.advanceTimersByTimeAsync(3 * minute + 1000);
  pacer.stop();
  const of = (check: string): string[] => told.filter((one) => one.startsWith(check));
  expect([of('a'), of('b')]).toEqual([
    ['a 0 ok', 'a 1 ok', 'a 2 ok'],
    ['b 0 ok', 'b 1 ok', 'b 2 ok'],
  ]);
});

test('who hangs is ended before the next slot, and takes no place of another target', async () => {
  const hang = 10 * minute;
  const takes = { 'h-1': hang, 'h-2': hang, 'h-3': hang, a: 1 };
  const { pacer, told } = paced(takes, new Lanes({ target: 1 }));
  await vi.advanceTimersByTimeAsync(2 * minute + 1000);
  pacer.stop();
  expect(told.filter((one) => one.startsWith('a'))).toEqual(['a 0 ok', 'a 1 ok']);
  expect(new Set(told.map((one) => one.split(' ').at(-1)))).toEqual(
    new Set(['ok', 'late', 'no-place', 'stopped']),
  );
  const slots = told.map((one) => one.split(/[ x]/).slice(0, 2).join(' '));
  expect(new Set(slots).size).toBe(slots.length);
});

test('a machine that slept runs what is due next', async () => {
  const { pacer, told } = paced({ a: 1 });
  await vi.advanceTimersByTimeAsync(minute);
  vi.setSystemTime(firstOf('a') + 10 * minute + 20_000);
  await vi.advanceTimersByTimeAsync(minute);
  pacer.stop();
  expect(told).toEqual(['a 0 ok', 'a 1x9 asleep', 'a 10x1 asleep', 'a 11 ok']);
});

test('what goes while it waits for a place is told once', async () => {
  const { pacer, told } = paced({ 'h-1': 10 * minute, 'h-2': 1 }, new Lanes({ target: 1 }));
  await vi.advanceTimersByTimeAsync(minute);
  pacer.set([]);
  await vi.advanceTimersByTimeAsync(minute);
  pacer.stop();
  const slots = told.map((one) => one.split(/[ x]/).slice(0, 2).join(' '));
  expect(new Set(slots).size).toBe(slots.length);
});

test('one more run between two', async () => {
  const { pacer, told } = paced({ a: 1 });
  await vi.advanceTimersByTimeAsync(firstOf('a') - t0 + 10);
  pacer.again({ check: 'a', slot: firstOf('a') + 15_000 });
  await vi.advanceTimersByTimeAsync(minute);
  pacer.stop();
  expect(told).toEqual(['a 0 ok', 'a 0.25 ok', 'a 1 ok']);
});
