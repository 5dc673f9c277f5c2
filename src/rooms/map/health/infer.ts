import type { GroupNeed, NeedGraph, Needs } from './needs.ts';
import { atRisk, degraded, isBad, ok, unknown, type Rank } from './order.ts';

/** Ranks by number of node. */
export interface Levels {
  readonly inferred: Uint8Array;
  readonly shown: Uint8Array;
}

/**
 * The least state of each that fits what is observed and what it needs, beginning with all ok: so
 * things that need each other are not bad because of each other. Each can only get worse, and that
 * four times, so that it ends; the order in which they are looked at does not matter, because what
 * is shown is monotone in what it needs (Tarski's least fixpoint, by a worklist).
 */
export function inferLevels(graph: NeedGraph, observed: Uint8Array): Levels {
  const size = graph.ids.length;
  const levels = { inferred: new Uint8Array(size), shown: new Uint8Array(size) };
  settle(graph, observed, levels);
  if (graph.sumsOfSums.every((number) => levels.shown[number] !== ok)) return levels;
  // Processes that are nothing but each other would be ok because nothing says otherwise: what is
  // good must be seen somewhere.
  const seen = seenGood(graph, observed, levels.shown);
  for (const [number, isSum] of graph.isSum.entries())
    if (isSum && levels.shown[number] === ok && !seen.has(number)) levels.shown[number] = unknown;
  settle(graph, observed, levels);
  return levels;
}

/** What is seen to be ok, and the sums that are ok and need some of it, however indirectly. */
function seenGood({ isSum, neededBy }: NeedGraph, observed: Uint8Array, shown: Uint8Array) {
  const good = [...shown.keys()].filter((number) => shown[number] === ok);
  const reached = new Set(good.filter((number) => observed[number] === ok));
  // A Set gives what is added while it is gone through.
  for (const number of reached)
    for (const one of neededBy[number] ?? []) if (isSum[one] && shown[one] === ok) reached.add(one);
  return reached;
}

/** Looks at each until none changes any more. */
function settle(graph: NeedGraph, observed: Uint8Array, { inferred, shown }: Levels): void {
  const { needs, neededBy, isSum } = graph;
  const waiting = needs.map((_, number) => number);
  const queued = new Uint8Array(needs.length).fill(1);
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    queued[number] = 0;
    inferred[number] = inferredFrom(needs[number], shown);
    const own = observed[number] ?? unknown;
    const from = inferred[number] ?? unknown;
    // Of a process that is nothing but what it needs, nothing else could be seen.
    const rank = isSum[number] && own === unknown ? from : shownAs(own, from);
    if (rank === shown[number]) continue;
    shown[number] = rank;
    for (const one of neededBy[number] ?? []) {
      if (queued[one]) continue;
      queued[one] = 1;
      waiting.push(one);
    }
  }
}

/** What is shown: the worse of the two, but what is seen to be good is at risk at worst. */
export function shownAs(observed: Rank, inferred: Rank): Rank {
  if (observed === ok) return isBad(inferred) ? atRisk : ok;
  return Math.max(observed, inferred);
}

function inferredFrom(needs: Needs | undefined, shown: Uint8Array): Rank {
  if (needs === undefined) return unknown;
  const { hard, soft, groups } = needs;
  if (hard.length + soft.length + groups.length === 0) return unknown;
  let worst = ok;
  for (const need of hard) worst = Math.max(worst, shown[need] ?? ok);
  for (const need of soft) worst = Math.max(worst, softly(shown[need] ?? ok));
  for (const group of groups) {
    const { working, noSpare } = groupLevel(group, shown);
    worst = Math.max(worst, working, noSpare ? atRisk : ok);
  }
  return worst;
}

/** What is only nice to have can do no more than put at risk. */
const softly = (rank: Rank): Rank => Math.min(rank, atRisk);

/** How a group is as a whole. */
interface GroupLevel {
  /** Of the worst member that is needed, when the best are taken. */
  readonly working: Rank;
  /** It has more members than are needed, and the next best one could not stand in. */
  readonly noSpare: boolean;
}

/**
 * The state of the `need`-th best member: what all members have in common passes through, which a
 * count of members that are up would hide. The spare is the next best one; it is lost when it is
 * degraded or worse. A group that needs all its members never had one.
 */
export function groupLevel({ members, need }: GroupNeed, shown: Uint8Array): GroupLevel {
  const ranks = members.map((member) => shown[member] ?? ok).toSorted((a, b) => a - b);
  const spare = ranks[need];
  return { working: ranks[need - 1] ?? ok, noSpare: spare !== undefined && spare >= degraded };
}
