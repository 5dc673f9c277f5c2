import { findThings } from '../thread/find.ts';
import type { ThreadGraph } from '../thread/graph.ts';
import type { Deploy } from './fold.ts';

/** Commits that are looked at for one answer; further behind is not counted. */
const maxLooked = 2_000;

/** The commit that was deployed, as threads know it; undefined where they know none. */
export function commitOf(graph: ThreadGraph, deploy: Deploy): number | undefined {
  const { commit, version } = deploy;
  if (commit !== undefined) return onlyOf(graph, commit, 'commit');
  const tag = version === undefined ? undefined : onlyOf(graph, version, 'tag');
  if (tag === undefined) return undefined;
  const tagged: number[] = [];
  for (const { from, kind } of graph.incoming(tag)) if (kind === 'tagged') tagged.push(from);
  return tagged.length === 1 ? tagged[0] : undefined;
}

function onlyOf(graph: ThreadGraph, text: string, kind: 'commit' | 'tag'): number | undefined {
  const slots = findThings(graph, text).filter((slot) => graph.kindAt(slot) === kind);
  return slots.length === 1 ? slots[0] : undefined;
}

/**
 * How many commits one has that another has not, as `git rev-list --count other..one` counts them:
 * the newest first, painted with who reaches them. Undefined where the parents are not all known,
 * or it is too far.
 */
export function commitsBetween(graph: ThreadGraph, other: number, one: number): number | undefined {
  if (one === other) return 0;
  const painted = new Map<number, number>([
    [one, fromOne],
    [other, fromOther],
  ]);
  const ring = new Set(painted.keys());
  let count = 0;
  for (let looked = 0; looked < maxLooked; looked++) {
    const slot = newestOf(graph, ring);
    if (slot === undefined || ![...ring].some((at) => painted.get(at) === fromOne)) return count;
    ring.delete(slot);
    const paint = painted.get(slot) ?? 0;
    // Only named and never told: what it descends from is not known.
    if (paint === fromOne && graph.things.firstOffset[slot] === 0) return undefined;
    if (paint === fromOne) count++;
    for (const parent of parentsOf(graph, slot)) {
      const before = painted.get(parent) ?? 0;
      if ((before | paint) === before) continue;
      painted.set(parent, before | paint);
      ring.add(parent);
    }
  }
  return undefined;
}

const fromOne = 1;
const fromOther = 2;

function newestOf(graph: ThreadGraph, ring: ReadonlySet<number>): number | undefined {
  let newest: number | undefined;
  for (const slot of ring)
    if (newest === undefined || timeOf(graph, slot) > timeOf(graph, newest)) newest = slot;
  return newest;
}

function parentsOf(graph: ThreadGraph, slot: number): number[] {
  const parents: number[] = [];
  for (const { from, kind } of graph.incoming(slot)) if (kind === 'parent') parents.push(from);
  return parents;
}

const timeOf = (graph: ThreadGraph, slot: number): number => graph.things.firstTime[slot] ?? 0;
