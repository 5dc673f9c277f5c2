import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ThreadGraph } from '../../thread/graph.ts';
import { nameOf } from '../../thread/thing.ts';
import { commit, facts, graphOf, sha } from '../../thread/thread.suite.ts';
import { commitsApart } from './commits-apart.ts';

/** Names of commits, each by its first letter. */
function apart(graph: ThreadGraph, from: string, to: string): string | undefined {
  const found = commitsApart(graph, sha(from), sha(to));
  const tell = (slots: readonly number[]): string =>
    slots.map((slot) => nameOf(graph.keyAt(slot))[0]).join('');
  return found && `+${tell(found.added)} -${tell(found.removed)}`;
}

test('what one has and the other has not, the newest first', () => {
  //   a - b - c - d (main)
  //        \- e - f (hotfix)
  const told = [
    commit(sha('a')),
    commit(sha('b'), [sha('a')]),
    commit(sha('c'), [sha('b')]),
    commit(sha('d'), [sha('c')]),
    commit(sha('e'), [sha('b')]),
    commit(sha('f'), [sha('e')]),
  ];
  const graph = graphOf(facts(told));
  expect(apart(graph, 'b', 'd')).toBe('+dc -');
  expect(apart(graph, 'd', 'b')).toBe('+ -dc');
  expect(apart(graph, 'd', 'f')).toBe('+fe -dc');
  expect(apart(graph, 'd', 'd')).toBe('+ -');
});

test('what is not all known is not told', () => {
  const graph = graphOf(facts([commit(sha('c'), [sha('b')]), commit(sha('d'), [sha('c')])]));
  expect(apart(graph, 'c', 'd')).toBe('+d -');
  // Of b, and of what is before it, nobody told.
  expect(apart(graph, 'b', 'd')).toBe('+dc -');
  expect(apart(graph, 'e', 'd')).toBeUndefined();
  const merged = graphOf(
    facts([commit(sha('d'), [sha('a'), sha('b')]), commit(sha('e'), [sha('a')])]),
  );
  expect(apart(merged, 'e', 'd')).toBeUndefined();
});

test('the same as reachability, in any history', () => {
  const letters = 'abcdef123456789';
  const histories = fc.integer({ min: 2, max: letters.length }).chain((count) =>
    fc.record({
      // Each has parents before it only; the first has none.
      parents: fc.tuple(
        ...Array.from({ length: count }, (_, at) =>
          at === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat({ max: at - 1 }), { maxLength: 3 }),
        ),
      ),
      from: fc.nat({ max: count - 1 }),
      to: fc.nat({ max: count - 1 }),
    }),
  );
  fc.assert(
    fc.property(histories, ({ parents, from, to }) => {
      const name = (at: number): string => sha(letters[at] ?? '');
      const told = parents.map((of, at) => commit(name(at), of.map(name)));
      const graph = graphOf(facts(told));
      const reach = (at: number): ReadonlySet<number> => {
        const seen = new Set([at]);
        for (const one of seen) for (const parent of parents[one] ?? []) seen.add(parent);
        return seen;
      };
      const [a, b] = [reach(from), reach(to)];
      const found = commitsApart(graph, name(from), name(to));
      const names = (slots: readonly number[] = []): string[] =>
        slots.map((slot) => nameOf(graph.keyAt(slot))).toSorted();
      const expected = (of: ReadonlySet<number>, but: ReadonlySet<number>): string[] =>
        [...of]
          .filter((at) => !but.has(at))
          .map(name)
          .toSorted();
      expect(names(found?.added)).toEqual(expected(b, a));
      expect(names(found?.removed)).toEqual(expected(a, b));
    }),
  );
});
