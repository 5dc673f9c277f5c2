import type { ThreadGraph } from './graph.ts';
import { isWholeSha } from './names.ts';
import { leastSha, nameOf, shortName } from './thing.ts';

/** More names than this one thing does not have. */
const maxNames = 50;

/** All slots under which a thing is known, itself first: short commits, links to its events, digests. */
export function namesOf(graph: ThreadGraph, slot: number): readonly number[] {
  const found = new Set([slot]);
  for (const one of found) {
    if (found.size >= maxNames) break;
    for (const other of others(graph, one)) found.add(other);
  }
  return [...found];
}

function others(graph: ThreadGraph, slot: number): number[] {
  const kind = graph.kindAt(slot);
  if (kind === 'commit') return otherCommits(graph, slot);
  if (kind === 'tag') return [...otherTags(graph, slot), ...tied(graph, slot)];
  return tied(graph, slot);
}

/** Tied by a fact. The name of an event that is about two things is nobody's. */
function tied(graph: ThreadGraph, slot: number): number[] {
  const ahead = graph.targets(slot, 'same');
  const own = graph.kindAt(slot) === 'event' && ahead.length > 1 ? [] : ahead;
  for (const { from, kind } of graph.incoming(slot)) {
    if (kind !== 'same') continue;
    if (graph.kindAt(from) === 'event' && graph.targets(from, 'same').length > 1) continue;
    own.push(from);
    if (own.length >= maxNames) break;
  }
  return own;
}

/** Short and whole names of one commit: a short one counts only where it can mean no other. */
function otherCommits(graph: ThreadGraph, slot: number): number[] {
  const name = nameOf(graph.keyAt(slot));
  const near = commitsBy(graph, name.slice(0, leastSha));
  if (near.length === 1) return tied(graph, slot);
  if (!isWholeSha(name)) {
    const whole = near.filter((one) => isWhole(graph, one) && startsWith(graph, one, name));
    return [...(whole.length === 1 ? whole : []), ...tied(graph, slot)];
  }
  const short = near.filter((one) => {
    if (one === slot || isWhole(graph, one)) return false;
    const prefix = nameOf(graph.keyAt(one));
    const meant = near.filter((other) => isWhole(graph, other) && startsWith(graph, other, prefix));
    return meant.length === 1 && meant[0] === slot;
  });
  return [...short, ...tied(graph, slot)];
}

const isWhole = (graph: ThreadGraph, slot: number): boolean =>
  isWholeSha(nameOf(graph.keyAt(slot)));

const startsWith = (graph: ThreadGraph, slot: number, prefix: string): boolean =>
  graph.keyAt(slot).startsWith(prefix, 'commit/'.length);

/** Whether nothing hangs on a commit but parents, and it has no other name. Most are so: cheap. */
export function isBare(graph: ThreadGraph, slot: number): boolean {
  if ((graph.things.links[slot] ?? 0) > 0) return false;
  const prefix = nameOf(graph.keyAt(slot)).slice(0, leastSha);
  let one = graph.names[graph.bucketOf(prefix)] ?? 0;
  for (; one !== 0; one = graph.things.nextName[one] ?? 0)
    if (one !== slot && startsWith(graph, one, prefix)) return false;
  return true;
}

/** Commits whose names begin so; at least seven characters. */
export function commitsBy(graph: ThreadGraph, prefix: string): number[] {
  const found: number[] = [];
  for (const slot of graph.named(prefix.slice(0, leastSha)))
    if (graph.kindAt(slot) === 'commit' && startsWith(graph, slot, prefix)) found.push(slot);
  return found;
}

/** A tag that was named without its repository is that of the only repository with one. */
function otherTags(graph: ThreadGraph, slot: number): number[] {
  const name = nameOf(graph.keyAt(slot));
  const short = shortName('tag', name);
  const near = [...graph.named(short)].filter(
    (one) => graph.kindAt(one) === 'tag' && shortName('tag', nameOf(graph.keyAt(one))) === short,
  );
  const isScoped = (one: number): boolean => nameOf(graph.keyAt(one)).includes('@');
  const scoped = near.filter(isScoped);
  if (scoped.length !== 1) return [];
  return near.filter((one) => one !== slot);
}

/** The name to show of those that a thing has: never that of an event, the whole rather than the short. */
export function mainName(graph: ThreadGraph, slots: readonly number[]): number {
  const rank = (slot: number): string => {
    const kind = graph.kindAt(slot);
    const key = graph.keyAt(slot);
    const told = (graph.things.firstOffset[slot] ?? 0) > 0;
    const short = kind === 'commit' && !isWholeSha(nameOf(key));
    return `${kind === 'event' ? 1 : 0}${short ? 1 : 0}${told ? 0 : 1}${key}`;
  };
  return slots.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))[0] ?? 0;
}
