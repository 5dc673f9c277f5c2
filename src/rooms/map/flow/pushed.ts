import type { ThreadGraph } from '../../thread/graph.ts';
import type { Key } from '../../thread/thing.ts';

interface Change {
  readonly slot: number;
  readonly merged: readonly number[];
}

/**
 * A forge tells of the commits of a push without their parents, but with their branch: such a commit
 * is of the change that asks to merge the branch, of several the first that was told of since. Branches
 * that changes are merged into are nobody's. Yields between its steps.
 *
 * @param branchOf the branch of a commit that came without parents
 * @returns the commits of each change
 */
export function* pushedCommits(
  graph: ThreadGraph,
  changes: readonly Change[],
  commits: readonly number[],
  branchOf: (commit: Key) => Key | undefined,
): Generator<void, ReadonlyMap<number, readonly number[]>> {
  const found = new Map<number, number[]>();
  const pushed = new Map<number, Key>();
  let seen = 0;
  for (const commit of commits) {
    if (seen++ % 500 === 0) yield;
    const branch = branchOf(graph.keyAt(commit));
    if (branch !== undefined) pushed.set(commit, branch);
  }
  if (pushed.size === 0) return found;
  const byBranch = yield* changesByBranch(graph, changes, pushed);
  for (const [commit, branch] of pushed) {
    if (seen++ % 500 === 0) yield;
    const time = graph.seenAt(commit);
    const change = byBranch.get(branch)?.find((slot) => lastOf(graph, slot) >= time);
    if (change !== undefined) found.set(change, [...(found.get(change) ?? []), commit]);
  }
  return found;
}

const lastOf = (graph: ThreadGraph, slot: number): number => graph.things.lastTime[slot] ?? 0;

function* changesByBranch(
  graph: ThreadGraph,
  changes: readonly Change[],
  pushed: ReadonlyMap<number, Key>,
): Generator<void, Map<Key, number[]>> {
  const byBranch = new Map<Key, number[]>();
  const targets = new Set<Key>();
  for (const [at, { slot, merged }] of changes.entries()) {
    if (at % 100 === 0) yield;
    for (const branch of branchesOf(graph, slot))
      byBranch.set(branch, [...(byBranch.get(branch) ?? []), slot]);
    for (const commit of merged) targets.add(pushed.get(commit) ?? 'branch/');
  }
  for (const branch of targets) byBranch.delete(branch);
  for (const slots of byBranch.values()) slots.sort((a, b) => lastOf(graph, a) - lastOf(graph, b));
  return byBranch;
}

function branchesOf(graph: ThreadGraph, change: number): Key[] {
  const found: Key[] = [];
  for (const { to, kind } of graph.outgoing(change))
    if (kind === 'at' && graph.kindAt(to) === 'branch') found.push(graph.keyAt(to));
  return found;
}
