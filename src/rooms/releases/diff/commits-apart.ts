import { findThings } from '../../thread/find.ts';
import type { ThreadGraph } from '../../thread/graph.ts';

/** Commits that are looked at for one answer; what is further apart is not told. */
const maxLooked = 5_000;

/** Commits by their slots in the graph of threads, the newest first. */
export interface Apart {
  /** `to` has them, `from` does not. */
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

/**
 * The commits that are in one of two and not in the other, as `git rev-list --left-right A...B` has
 * them: the newest first, painted with who reaches them. Undefined where the parents are not all
 * known from facts, or it is too far. Pure.
 */
export function commitsApart(graph: ThreadGraph, from: string, to: string): Apart | undefined {
  const [a, b] = [commitIn(graph, from), commitIn(graph, to)];
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return { added: [], removed: [] };
  const painted = new Map([
    [a, onlyFrom],
    [b, onlyTo],
  ]);
  const ring = new Set(painted.keys());
  const taken: number[] = [];
  for (let looked = 0; looked < maxLooked; looked++) {
    if (![...ring].some((slot) => painted.get(slot) !== inBoth)) return sorted(taken, painted);
    const slot = newestOf(graph, ring);
    ring.delete(slot);
    const paint = painted.get(slot) ?? 0;
    // Only named and never told: what it descends from is not known.
    if (paint !== inBoth && graph.things.firstOffset[slot] === 0) return undefined;
    if (paint !== inBoth) taken.push(slot);
    for (const parent of repainted(painted, parentsOf(graph, slot), paint)) ring.add(parent);
  }
  return undefined;
}

/** Those that get a paint which they did not have. */
function repainted(
  painted: Map<number, number>,
  slots: readonly number[],
  paint: number,
): readonly number[] {
  return slots.filter((slot) => {
    const before = painted.get(slot) ?? 0;
    painted.set(slot, before | paint);
    return (before | paint) !== before;
  });
}

const onlyFrom = 1;
const onlyTo = 2;
const inBoth = onlyFrom | onlyTo;

/** A clock that was wrong may have had one painted again after it was taken. */
function sorted(taken: readonly number[], painted: ReadonlyMap<number, number>): Apart {
  const once = [...new Set(taken)];
  return {
    added: once.filter((slot) => painted.get(slot) === onlyTo),
    removed: once.filter((slot) => painted.get(slot) === onlyFrom),
  };
}

function commitIn(graph: ThreadGraph, sha: string): number | undefined {
  const slots = findThings(graph, sha).filter((slot) => graph.kindAt(slot) === 'commit');
  return slots.length === 1 ? slots[0] : undefined;
}

function newestOf(graph: ThreadGraph, ring: ReadonlySet<number>): number {
  let newest = -1;
  for (const slot of ring)
    if (newest < 0 || timeOf(graph, slot) > timeOf(graph, newest)) newest = slot;
  return newest;
}

function parentsOf(graph: ThreadGraph, slot: number): number[] {
  const parents: number[] = [];
  for (const { from, kind } of graph.incoming(slot)) if (kind === 'parent') parents.push(from);
  return parents;
}

const timeOf = (graph: ThreadGraph, slot: number): number => graph.things.firstTime[slot] ?? 0;
