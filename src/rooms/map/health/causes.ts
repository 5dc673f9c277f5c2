import { groupLevel, type Levels } from './infer.ts';
import type { NeedGraph, Needs } from './needs.ts';
import { atRisk, degraded, isBad, type Rank } from './order.ts';

const none = -1;

/**
 * For each node that is bad because of a need: which one, by number; -1 for others. Following it
 * leads to the nearest cause, and never back: the steps are found from the causes outwards, one
 * need further at a time. Of several at the same distance the first by id is taken.
 */
export function nextToCause(graph: NeedGraph, observed: Uint8Array, levels: Levels): Int32Array {
  const size = graph.ids.length;
  const next = new Int32Array(size).fill(none);
  const reached = new Uint8Array(size);
  const because = graph.needs.map((needs, number) =>
    isInferred(number, observed, levels) ? reasons(needs, number, levels) : [],
  );
  const whom = effects(because);
  const bad = [...graph.ids.keys()].filter((number) => isBad(levels.shown[number] ?? 0));
  const search = { next, reached, whom };
  spread(
    bad.filter((number) => because[number]?.length === 0),
    search,
  );
  // Those that need each other in a ring and are all seen to be bad: each speaks for itself.
  spread(
    bad.filter((number) => !reached[number] && observed[number] === levels.shown[number]),
    search,
  );
  return next;
}

/**
 * Whether its needs explain how it is shown. Where it is seen to be as bad by itself they still do:
 * the database is the cause, and not the application whose check fails as well.
 */
function isInferred(number: number, observed: Uint8Array, { inferred }: Levels): boolean {
  const rank = inferred[number] ?? 0;
  return isBad(rank) && rank >= (observed[number] ?? 0);
}

/** Which needs make it as bad as is inferred. */
function reasons(needs: Needs, number: number, { inferred, shown }: Levels): number[] {
  const rank = inferred[number] ?? 0;
  const worse = (numbers: readonly number[], than: Rank): number[] =>
    numbers.filter((one) => (shown[one] ?? 0) >= than);
  return [
    ...worse(needs.hard, rank),
    ...(rank === atRisk ? worse(needs.soft, atRisk) : []),
    ...needs.groups.flatMap((group) => {
      const { working, noSpare } = groupLevel(group, shown);
      if (working === rank) return worse(group.members, rank);
      return noSpare && rank === atRisk ? worse(group.members, degraded) : [];
    }),
  ];
}

function effects(because: readonly (readonly number[])[]): number[][] {
  const whom = because.map((): number[] => []);
  for (const [number, causes] of because.entries())
    for (const cause of causes) whom[cause]?.push(number);
  return whom;
}

interface Search {
  readonly next: Int32Array;
  readonly reached: Uint8Array;
  readonly whom: readonly (readonly number[])[];
}

/** Goes from the causes outwards, all that are one need further at a time. */
function spread(from: readonly number[], search: Search): void {
  for (const number of from) search.reached[number] = 1;
  let frontier = from;
  while (frontier.length > 0) {
    const further = new Set<number>();
    for (const cause of frontier) explain(cause, further, search);
    for (const number of further) search.reached[number] = 1;
    frontier = [...further];
  }
}

/** Those that are bad because of it and were not reached before. */
function explain(cause: number, further: Set<number>, { next, reached, whom }: Search): void {
  for (const number of whom[cause] ?? []) {
    if (reached[number]) continue;
    if (!further.has(number) || cause < (next[number] ?? none)) next[number] = cause;
    further.add(number);
  }
}
