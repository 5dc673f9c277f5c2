import { expect, test } from 'vitest';
import { SinceBegin, SinceStarts } from './since.ts';

const sight = (counts: object) => ({ counts, sees: [] });

test('what a program counts in memory is added up over its lives, from the first look on', () => {
  const since = new SinceStarts(['imported']);
  const heard = [3, 7, 0, 2, undefined, 1].map(
    (imported) => since.of(sight({ imported, waiting: 9 })).counts.imported,
  );
  expect(heard).toEqual([0, 4, 4, 6, undefined, 7]);
});

test('what is counted for ever is counted from the first look on, with what was in hand then', () => {
  const since = new SinceBegin();
  const at = (imported: number, done: number, waiting: number) =>
    since.of(sight({ imported, done, dead: 2, waiting, inProgress: 1 })).counts;
  expect(at(100, 90, 7)).toMatchObject({ imported: 8, done: 0, dead: 0, waiting: 7 });
  // All that was taken in is done, dead, or in hand.
  expect(at(104, 96, 5)).toMatchObject({ imported: 12, done: 6, dead: 0, waiting: 5 });
  expect(since.of(sight({})).counts).toEqual({});
});
