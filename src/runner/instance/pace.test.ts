import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterDeath, afterGoodTime, pace } from './pace.ts';
import { nothingYet, type ProcessFile } from './slot-files.ts';

const fresh = { ...nothingYet('c'), since: 1_000 };
const die = (before: ProcessFile, at: number, random = 1): ProcessFile =>
  afterDeath(before, { at, random, pace });

test('waits double, up to the slow rate, and five deaths in a minute are a crash loop', () => {
  let state: ProcessFile = fresh;
  const seen: [wait: number, looping: boolean][] = [];
  for (let at = 2_000; seen.length < 7; at = state.next + 100) {
    state = { ...die(state, at), since: at };
    seen.push([state.next - at, state.looping]);
  }
  expect(seen).toEqual([
    [500, false],
    [1_000, false],
    [2_000, false],
    [4_000, false],
    [30_000, true],
    [30_000, true],
    [30_000, true],
  ]);
});

test.each([
  ['deaths far apart are no loop', [0, 70_000, 140_000, 210_000, 280_000], false],
  ['four in a minute are none', [0, 1_000, 2_000, 3_000], false],
  ['five in a minute are one', [0, 1_000, 2_000, 3_000, 59_000], true],
  ['the fifth just after the minute is none', [0, 1_000, 2_000, 3_000, 60_000], false],
])('%s', (_, times, looping) => {
  const died = times.reduce<ProcessFile>((state, at) => die({ ...state, since: at }, at), fresh);
  expect(died.looping).toBe(looping);
});

test('a good time is forgiven all before it', () => {
  const looping = [1, 2, 3, 4, 5].reduce<ProcessFile>((s, at) => die(s, at), fresh);
  expect(looping.looping).toBe(true);
  const up = { ...looping, since: 100_000 };
  expect(afterGoodTime(up, 100_000 + pace.good - 1, pace)).toBeUndefined();
  expect(afterGoodTime(up, 100_000 + pace.good, pace)).toMatchObject({
    looping: false,
    inARow: 0,
    deaths: [],
  });
  expect(die(up, 100_000 + pace.good)).toMatchObject({ looping: false, inARow: 1 });
});

test('what is remembered is bounded, and each wait lies between half and all of its length', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(200_000), fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: 1,
        maxLength: 80,
      }),
      (deaths) => {
        let at = 2_000;
        let state: ProcessFile = fresh;
        for (const [later, random] of deaths) {
          at += later;
          state = { ...die(state, at, random), since: at };
          const wait = state.next - at;
          expect(state.deaths.length).toBeLessThanOrEqual(pace.deaths);
          expect(wait).toBeGreaterThanOrEqual(pace.first / 2);
          expect(wait).toBeLessThanOrEqual(pace.slowest);
        }
      },
    ),
  );
});
