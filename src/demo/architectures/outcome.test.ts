import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type GivenItem, outcomeOf } from './outcome.ts';

const given = (feeds: string): GivenItem[] =>
  Array.from(feeds, (feed, n) => ({ n, guid: `${feed}${n}`, feed }));
const out = (...guids: readonly string[]): Map<string, number> => {
  const times = new Map<string, number>();
  for (const guid of guids) times.set(guid, (times.get(guid) ?? 0) + 1);
  return times;
};

test.each([
  ['nothing is out yet', 'aaa', [], 0, { done: 0, lost: 0, twice: 0 }],
  ['all is out', 'aab', ['a0', 'a1', 'b2'], 0, { done: 3, lost: 0, twice: 0 }],
  ['a gap within a feed is lost', 'aaa', ['a0', 'a2'], 0, { done: 2, lost: 1, twice: 0 }],
  ['a gap of another feed may still come', 'aba', ['a0', 'a2'], 0, { done: 2, lost: 0, twice: 0 }],
  ['one of two workers may be overtaken once', 'aaa', ['a1'], 1, { done: 1, lost: 0, twice: 0 }],
  ['but not twice', 'aaaa', ['a1', 'a2'], 1, { done: 2, lost: 1, twice: 0 }],
  ['out more than once', 'aa', ['a0', 'a0', 'a0', 'a1'], 0, { done: 2, lost: 0, twice: 1 }],
  ['what nobody gave does not count', 'a', ['z9'], 0, { done: 0, lost: 0, twice: 0 }],
] as const)('%s', (...row) => {
  const [, feeds, guids, overtaking, outcome] = row;
  expect(outcomeOf(given(feeds), out(...guids), overtaking)).toEqual(outcome);
});

test('what is lost never comes back by what comes out later, unless it is itself', () => {
  const story = fc.tuple(fc.stringMatching(/^[ab]{1,20}$/), fc.array(fc.nat(19)), fc.nat(2));
  fc.assert(
    fc.property(story, ([feeds, order, overtaking]) => {
      const all = given(feeds);
      const times = new Map<string, number>();
      let lost = 0;
      for (const at of order) {
        const item = all[at];
        if (!item) continue;
        const wasOut = times.has(item.guid);
        times.set(item.guid, (times.get(item.guid) ?? 0) + 1);
        const now = outcomeOf(all, times, overtaking);
        expect(now.done + now.lost).toBeLessThanOrEqual(all.length);
        expect(now.done).toBe(times.size);
        // What comes out itself is no more lost; what came out already changes nothing.
        const least = wasOut ? lost : lost - 1;
        expect(now.lost).toBeGreaterThanOrEqual(least);
        expect(wasOut && now.lost > lost).toBe(false);
        lost = now.lost;
      }
    }),
  );
});
