import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deadlineOf, latenessOf, phaseOf, slotFrom } from './slots.ts';
import { type Missed, type Slot, Timetable } from './timetable.ts';

const minute = 60_000;
/** A moment at which the check `a` is due every minute. */
const t0 = slotFrom(Date.UTC(2026, 0, 1), minute, phaseOf('a', minute));
const a = { id: 'a', interval: minute };
const at = (n: number): number => t0 + n * minute;
const started = (slot: number): { start: Slot[]; missed: Missed[] } => ({
  start: [{ check: 'a', slot }],
  missed: [],
});
const missed = (why: Missed['why'], slot: number, last = slot): Missed => ({
  check: 'a',
  slot,
  last,
  count: (last - slot) / minute + 1,
  why,
});

test('a check is due at its phase of every interval', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1000);
  expect(table.next()).toBe(at(0));
  expect(table.take(at(0) - 1)).toEqual({ start: [], missed: [] });
  expect(table.take(at(0))).toEqual(started(at(0)));
  expect(table.ended({ check: 'a', slot: at(0) })).toEqual([]);
  expect(table.take(at(1) + 20)).toEqual(started(at(1)));
});

test('phases are spread over the interval, and are the same on every machine', () => {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 1000; i++) {
    const tenth = Math.floor(phaseOf(`production.shop.check-${i}`, minute) / 6000);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(Math.min(...tenths)).toBeGreaterThan(60);
  expect(Math.max(...tenths)).toBeLessThan(140);
  expect(phaseOf('a', minute)).toBe(24_699);
});

test('what was slept through is missed, and not caught up with', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1);
  expect(table.take(at(3) + 10_000)).toEqual({
    start: [],
    missed: [missed('asleep', at(0), at(2)), missed('asleep', at(3))],
  });
  expect(table.take(at(4))).toEqual(started(at(4)));
});

test('what is a little late is run', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1);
  expect(table.take(at(2) + 5000)).toEqual({
    start: [{ check: 'a', slot: at(2) }],
    missed: [missed('asleep', at(0), at(1))],
  });
});

test('while it runs its next slots are missed, and told once it ends', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1);
  table.take(at(0));
  expect(table.take(at(1))).toEqual({ start: [], missed: [] });
  expect(table.take(at(2))).toEqual({ start: [], missed: [] });
  expect(table.ended({ check: 'a', slot: at(0) })).toEqual([
    missed('still-running', at(1)),
    missed('still-running', at(2)),
  ]);
  expect(table.take(at(3))).toEqual(started(at(3)));
});

test('one that is tried again sooner keeps its other slots', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1);
  table.take(at(0));
  table.ended({ check: 'a', slot: at(0) });
  const again = { check: 'a', slot: at(0) + 12_000 };
  table.again(again);
  expect(table.next()).toBe(again.slot);
  expect(table.take(again.slot)).toEqual({ start: [again], missed: [] });
  expect(table.ended(again)).toEqual([]);
  // Later than its next slot: that one does.
  table.again({ check: 'a', slot: at(1) + 1 });
  // What has come out already does not come again.
  table.again({ check: 'a', slot: at(0) + 11_000 });
  expect(table.take(at(1))).toEqual(started(at(1)));
});

test('slots since it last ran somewhere are missed', () => {
  const table = new Timetable();
  table.set([{ ...a, accounted: at(-5) }], at(0) - 1);
  expect(table.take(at(0) - 1).missed).toEqual([missed('stopped', at(-4), at(-1))]);
  expect(table.take(at(0))).toEqual(started(at(0)));
});

test('one that goes ends its run; its other slots were missed', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1);
  table.take(at(0));
  table.take(at(1));
  table.set([], at(2) + 1);
  expect(table.take(at(3))).toEqual({ start: [], missed: [] });
  expect(table.ended({ check: 'a', slot: at(0) })).toEqual([
    missed('still-running', at(1)),
    missed('stopped', at(2)),
  ]);
});

test('one that comes back in mid-run has its run still', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1);
  table.take(at(0));
  table.set([], at(0) + 1);
  table.set([a], at(1) - 1);
  expect(table.take(at(1))).toEqual({ start: [], missed: [] });
  expect(table.ended({ check: 'a', slot: at(0) })).toEqual([missed('still-running', at(1))]);
  expect(table.take(at(2))).toEqual(started(at(2)));
});

test('what is stopped in mid-run is accounted for', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1);
  table.take(at(0));
  table.take(at(1));
  expect(table.stop(at(3) + 1)).toEqual([
    missed('stopped', at(0)),
    missed('still-running', at(1)),
    missed('stopped', at(2), at(3)),
  ]);
  expect(table.ended({ check: 'a', slot: at(0) })).toEqual([]);
});

test('an interval that changes keeps the run', () => {
  const table = new Timetable();
  table.set([a], at(0) - 1);
  table.take(at(0));
  table.set([{ id: 'a', interval: 2 * minute }], at(0) + 1000);
  expect(table.next()).toBeGreaterThan(at(0) + 1000);
  expect(table.take(table.next() ?? 0).start).toEqual([]);
  expect(table.ended({ check: 'a', slot: at(0) })).toMatchObject([{ why: 'still-running' }]);
});

test('a clock that goes back does not stop anything', () => {
  const table = new Timetable();
  table.set([a], at(60) - 1);
  table.take(at(60));
  table.ended({ check: 'a', slot: at(60) });
  expect(table.take(at(0))).toEqual(started(at(0)));
});

/** What happens to a table, by chance. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 90_000 }) }) },
  { weight: 1, arbitrary: fc.record({ wait: fc.integer({ min: 0, max: 3_600_000 }) }) },
  { weight: 4, arbitrary: fc.record({ end: fc.integer({ min: 0, max: 3 }) }) },
);

test('each slot comes out once, in order, whatever happens', () => {
  fc.assert(
    fc.property(
      fc.array(happening, { maxLength: 60 }),
      fc.array(fc.constantFrom(10_000, 30_000, minute), { minLength: 1, maxLength: 4 }),
      (happenings, intervals) => {
        const table = new Timetable();
        const checks = intervals.map((interval, i) => ({ id: `check-${i}`, interval }));
        const begun = at(0);
        let now = begun;
        table.set(checks, now);
        const running: Slot[] = [];
        const wrong: Slot[] = [];
        const out = new Map<string, number[]>(checks.map(({ id }) => [id, []]));
        const put = (all: readonly Missed[]): void => {
          for (const { check, slot, count } of all) {
            const { interval } = checks.find(({ id }) => id === check) ?? { interval: 0 };
            for (let i = 0; i < count; i++) out.get(check)?.push(slot + i * interval);
          }
        };
        for (const one of happenings) {
          if ('wait' in one) {
            now += one.wait;
            const due = table.take(now);
            put(due.missed);
            const late = ({ check, slot }: Slot): boolean =>
              now - slot > latenessOf(checks.find(({ id }) => id === check)?.interval ?? 0);
            const isTwice = ({ check }: Slot): boolean =>
              running.some((other) => other.check === check);
            wrong.push(...due.start.filter((one) => late(one) || isTwice(one)));
            running.push(...due.start);
          } else {
            const [ends] = running.splice(one.end, 1);
            if (!ends) continue;
            out.get(ends.check)?.push(ends.slot);
            put(table.ended(ends));
          }
        }
        put(table.stop(now));
        expect(wrong).toEqual([]);
        for (const { id, interval } of checks) {
          const first = slotFrom(begun, interval, phaseOf(id, interval));
          const count = Math.max(0, Math.floor((now - first) / interval) + 1);
          const want = [...Array(count).keys()].map((i) => first + i * interval);
          // A slot that is due at the very end may not have been asked for.
          const got = out.get(id) ?? [];
          expect(want.slice(0, got.length)).toEqual(got);
          expect(want.length - got.length).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
});

test.each([
  [minute, 0, 30_000],
  [10_000, 0, 9900],
  [10_000, 2000, 7900],
  [1000, 0, 900],
  [1000, 500, 500],
])('every %d ms, %d ms late: %d ms', (interval, lag, deadline) => {
  expect(deadlineOf(interval, lag)).toBe(deadline);
});
