import { type EdgeKind, edgeKinds } from './edge.ts';
import type { Evidence, ThreadGraph } from './graph.ts';
import { isBare, namesOf } from './same.ts';

/** Commits that are looked at for one answer; what was deployed behind more is not found. */
export const maxDescendants = 10_000;
/** After so many commits without a new place it is enough: most are deployed soon or never. */
const quietAfter = 1_000;
/** Places in which a commit is looked for. */
const maxPlaces = 50;
/** From a commit to its deployment: commit, build, job, artefact, release. */
const maxSteps = 5;

/** A deployment that a commit is in without being named. */
export interface Included {
  readonly slot: number;
  readonly evidence: Evidence;
}

/** From what a commit is to what is made of it and where that went. */
export const leads: ReadonlySet<EdgeKind> = new Set([
  'tagged',
  'released',
  'built',
  'ran',
  'produced',
  'packaged',
  'deployed',
]);

/**
 * The first deployment in each environment of a commit that descends from this one: it is live there
 * since. Where the commit itself was deployed nothing is added. Parents are known from the facts of
 * commits; the walk is bounded.
 */
export function includedIn(graph: ThreadGraph, commit: number): Included[] {
  const names = namesOf(graph, commit);
  const own = new Set(deploymentsOf(graph, names).map(({ slot }) => placeOf(graph, slot)));
  const first = new Map<string, Included>();
  const descendants = new Set<number>(names);
  let looked = 0;
  let quiet = 0;
  for (const here of descendants) {
    if (looked++ > maxDescendants || (own.size + first.size > 0 && quiet++ > quietAfter)) break;
    const fresh = !names.includes(here);
    for (const found of fresh && !isBare(graph, here)
      ? deploymentsOf(graph, namesOf(graph, here))
      : [])
      if (keep(graph, { found, own, first })) quiet = 0;
    for (const child of graph.targets(here, 'parent')) descendants.add(child);
  }
  return [...first.values()];
}

/** Whether the place is new. */
function keep(
  graph: ThreadGraph,
  {
    found,
    own,
    first,
  }: {
    readonly found: Included;
    readonly own: ReadonlySet<string>;
    readonly first: Map<string, Included>;
  },
): boolean {
  const place = placeOf(graph, found.slot);
  if (own.has(place)) return false;
  const known = first.get(place);
  if (!known && first.size >= maxPlaces) return false;
  const before = known?.evidence;
  if (
    !before ||
    found.evidence.time < before.time ||
    (found.evidence.time === before.time && found.evidence.offset < before.offset)
  )
    first.set(place, found);
  return known === undefined;
}

/** Deployments that things lead to by being built, packaged and the like. */
function deploymentsOf(graph: ThreadGraph, from: readonly number[]): Included[] {
  const found: Included[] = [];
  if (from.length === 0) return found;
  const seen = new Set(from);
  let ring = [...from];
  for (let step = 0; step < maxSteps && ring.length > 0; step++) {
    const ahead = ring.flatMap((slot) => ledTo(graph, slot)).filter(({ slot }) => !seen.has(slot));
    for (const { slot } of ahead) seen.add(slot);
    found.push(...ahead.filter(({ slot }) => graph.kindAt(slot) === 'deployment'));
    ring = ahead.map(({ slot }) => slot).filter((slot) => graph.kindAt(slot) !== 'deployment');
  }
  return found;
}

function ledTo(graph: ThreadGraph, from: number): Included[] {
  const found: Included[] = [];
  for (const { to, kind, evidence } of graph.outgoing(from))
    if (leads.has(kind) || edgeKinds[kind].way === 'same') found.push({ slot: to, evidence });
  return found;
}

/** Which service in which environment, as far as it is said. */
function placeOf(graph: ThreadGraph, deployment: number): string {
  const hubs: string[] = [];
  for (const { to, kind } of graph.outgoing(deployment)) {
    const where = graph.kindAt(to);
    if (kind === 'at' && (where === 'service' || where === 'environment'))
      hubs.push(graph.keyAt(to));
  }
  return hubs.sort().join('\n');
}
