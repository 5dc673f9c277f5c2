import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Increments, type Noted } from './increments.ts';

const since = 1_000_000;
const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;
const start = ns(since + 1);
const hour = 3_600_000;

function counters(most?: number) {
  const made = new Increments<number>(
    (later, earlier) => (later < earlier ? undefined : later - earlier),
    since,
    most,
  );
  /** One request with one point; what came of it, and what to forget should it fail. */
  const send = (
    time: number,
    value: number,
    more: { key?: string; now?: number; start?: bigint } = {},
  ) => {
    const noted: Noted[] = [];
    const reading = { key: 'a', start, time: ns(since + time), value, ...more };
    const increment = made.take(reading, more.now ?? since + time, noted);
    return { increment: typeof increment === 'string' ? increment : increment.value, noted };
  };
  return { made, send };
}

describe('a request that fails', () => {
  test('and is sent again gives the same increment', () => {
    const { made, send } = counters();
    send(10, 3);
    const failed = send(20, 10);
    made.forget(failed.noted);
    expect(send(20, 10).increment).toBe(7);
  });

  test('and is given up: the next one counts what it would have', () => {
    const { made, send } = counters();
    send(10, 3);
    made.forget(send(20, 10).noted);
    expect(send(30, 11).increment).toBe(8);
  });

  test('after a later one was counted from it: it is still known when it comes again', () => {
    const { made, send } = counters();
    send(10, 3);
    const failed = send(20, 10);
    expect(send(30, 11).increment).toBe(1);
    made.forget(failed.noted);
    expect(send(20, 10).increment).toBe(7);
    expect(send(40, 12).increment).toBe(1);
  });

  test('the first of a stream counts whole the next time, too', () => {
    const { made, send } = counters();
    made.forget(send(10, 3).noted);
    expect(send(10, 3).increment).toBe(3);
  });
});

test('two processes that say they are one are told apart by their start', () => {
  const { send } = counters();
  const other = ns(since + 2);
  const keys = [
    { key: 'a1', start },
    { key: 'a2', start: other },
  ] as const;
  const sent = [10, 20, 30].flatMap((time) =>
    keys.map((key, i) => send(time, time * (i + 1), key).increment),
  );
  expect(sent).toEqual([10, 20, 10, 20, 10, 20]);
});

test('more streams than are remembered are turned away, until one was silent for an hour', () => {
  const { send } = counters(2);
  expect(send(10, 1, { key: 'a' }).increment).toBe(1);
  expect(send(11, 1, { key: 'b' }).increment).toBe(1);
  expect(send(12, 1, { key: 'c' }).increment).toBe('full');
  expect(send(13, 5, { key: 'b' }).increment).toBe(4);
  expect(send(hour + 11, 1, { key: 'c' }).increment).toBe('unknown');
  // What gave way may come again, and may not count twice.
  expect(send(3 * hour, 9, { key: 'a' }).increment).toBe('unknown');
});

test('whatever fails, comes twice or is given up: what was taken adds up to the counter', () => {
  const fate = fc.constantFrom('taken', 'failed and sent again', 'given up', 'answer lost');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(100), fate), { maxLength: 40 }), (steps) => {
      const { made, send } = counters();
      const log = new Map<number, number>(); // by the point's time: an id is taken once
      let stands = 0;
      const all = [...steps, [1, 'taken'] as const];
      all.forEach(([step, what], i) => {
        stands += step;
        const time = 10 + i;
        const once = send(time, stands);
        if (what === 'failed and sent again' || what === 'given up') made.forget(once.noted);
        if (what === 'given up') return;
        const { increment } = what === 'taken' ? once : send(time, stands);
        if (!log.has(time)) log.set(time, Number(increment));
      });
      expect([...log.values()].reduce((a, b) => a + b, 0)).toBe(stands);
    }),
  );
});
