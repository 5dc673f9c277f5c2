import { expect, test } from 'vitest';
import { MemoryWatch } from './memory-watch.ts';

const kib = 1024;

/** A memory of 100 MiB, of which rules keep so much at each turn, bytes. */
function memory(held: number, growth: Readonly<Record<string, number>>) {
  let now = 0;
  let kept = held;
  const watch = new MemoryWatch({
    limit: 100 * kib * kib,
    held: () => kept,
    collect: () => undefined,
  });
  return {
    watch,
    /** Gives each rule a batch, and answers who must go. */
    batch: (): string | undefined => {
      for (const [rule, bytes] of Object.entries(growth)) {
        watch.turn(rule);
        kept += bytes;
      }
      return watch.batchDone((now += 1_000));
    },
  };
}

test('while there is room nobody is measured, however fast it grows', () => {
  const { batch, watch } = memory(0, { a: 1000 * kib });
  for (let i = 0; i < 50; i++) expect(batch()).toBeUndefined();
  expect(watch.isMeasuring).toBe(false);
});

test('when it gets scarce, who keeps most of what it is given must go', () => {
  const { batch } = memory(72 * kib * kib, { a: 10 * kib, leak: 100 * kib, b: -5 * kib });
  const told = Array.from({ length: 6 }, batch);
  expect(told.find(Boolean)).toBe('leak');
});

test('rules that hold much and do not grow stay', () => {
  const { batch, watch } = memory(72 * kib * kib, { a: 0, b: kib });
  for (let i = 0; i < 40; i++) expect(batch()).toBeUndefined();
  expect(watch.isMeasuring).toBe(false);
});

test('growth that all share is nobody’s fault', () => {
  const { batch } = memory(72 * kib * kib, { a: 100 * kib, b: 101 * kib, c: 100 * kib });
  for (let i = 0; i < 12; i++) expect(batch()).toBeUndefined();
});
