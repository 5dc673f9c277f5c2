import { type EdgeKind, edgeKindList, edgeKinds } from '../../thread/edge.ts';
import type { ThreadGraph } from '../../thread/graph.ts';
import { leads } from '../../thread/included.ts';
import { namesOf } from '../../thread/same.ts';

/** Also deployments that failed. By the numbers that the graph has for them: it is walked for each commit. */
const isLead = edgeKindList.map((kind) => leads.has(kind) || kind === 'attempted');
const isSame = edgeKindList.map((kind) => edgeKinds[kind].way === 'same');

/** From a commit to its deployment: commit, build, job, artefact, release; one for another name. */
const maxSteps = 6;
/** Things that are looked at for one commit or deployment. */
const maxThings = 200;

/** Builds, jobs, artefacts, releases and deployments that are made of something, itself first. */
export const madeOf = (graph: ThreadGraph, slot: number): number[] => walk(graph, slot, 'down');

/** What a deployment was made of, itself first: commits and changes are not gone beyond. */
export const madeFrom = (graph: ThreadGraph, slot: number): number[] => walk(graph, slot, 'up');

function walk(graph: ThreadGraph, from: number, way: 'up' | 'down'): number[] {
  const found = new Set(namesOf(graph, from));
  let ring = [...found];
  for (let step = 0; step < maxSteps && ring.length > 0; step++) {
    const next = ring.flatMap((slot) => beside(graph, slot, way));
    const fresh = [...new Set(next)].filter((slot) => !found.has(slot));
    for (const slot of fresh.slice(0, maxThings - found.size)) found.add(slot);
    ring = fresh.filter((slot) => found.has(slot) && !isEnd(graph, slot, way));
  }
  return [...found];
}

/** Upwards a commit or change is where it comes from; downwards nothing runs behind a deployment. */
function isEnd(graph: ThreadGraph, slot: number, way: 'up' | 'down'): boolean {
  const kind = graph.kindAt(slot);
  return way === 'down' ? kind === 'deployment' : kind === 'commit' || kind === 'change';
}

const beside = (graph: ThreadGraph, slot: number, way: 'up' | 'down'): number[] => [
  ...ahead(graph, slot, way),
  ...behind(graph, slot, way),
];

function ahead({ edges, things }: ThreadGraph, slot: number, way: 'up' | 'down'): number[] {
  const found: number[] = [];
  for (let edge = things.out[slot] ?? 0; edge !== 0; edge = edges.nextOut[edge] ?? 0) {
    const kind = edges.kind[edge] ?? 0;
    if (isSame[kind] || (way === 'down' && isLead[kind])) found.push(edges.to[edge] ?? 0);
  }
  return found;
}

function behind(graph: ThreadGraph, slot: number, way: 'up' | 'down'): number[] {
  const { edges, things } = graph;
  const found: number[] = [];
  for (let edge = things.in[slot] ?? 0; edge !== 0; edge = edges.nextIn[edge] ?? 0) {
    const kind = edges.kind[edge] ?? 0;
    const from = edges.from[edge] ?? 0;
    // A test that names what it tests stands before it, as a job does that made it.
    const leadsHere = isLead[kind] && (way === 'up' || graph.kindAt(from) === 'task');
    if (isSame[kind] || leadsHere) found.push(from);
  }
  return found;
}

/** Where edges of one kind come from, without what else they say: walked for each commit. */
export function sources(graph: ThreadGraph, slot: number, kind: EdgeKind): number[] {
  const { edges, things } = graph;
  const code = edgeKindList.indexOf(kind);
  const found: number[] = [];
  for (let edge = things.in[slot] ?? 0; edge !== 0; edge = edges.nextIn[edge] ?? 0)
    if (edges.kind[edge] === code) found.push(edges.from[edge] ?? 0);
  return found;
}

/** The parents of a commit, in no order. */
export const parentsOf = (graph: ThreadGraph, commit: number): number[] =>
  sources(graph, commit, 'parent');

/** Commits of one change that are looked at: more and it is taken as its head alone. */
const maxBranch = 1000;

/**
 * The commits that a change adds: those behind its head that are not behind what it was merged into.
 * Both are walked from the newest on, as git finds a merge base.
 */
export function branchOf(graph: ThreadGraph, head: number, base: readonly number[]): number[] {
  const side = new Map<number, 'head' | 'base'>([[head, 'head']]);
  const open = [head];
  for (const one of base) {
    if (!side.has(one)) open.push(one);
    side.set(one, 'base');
  }
  for (let looked = 0; looked < maxBranch; looked++) {
    const here = takeNewest(graph, open);
    if (here === undefined || !open.concat(here).some((one) => side.get(one) === 'head'))
      return [...side].flatMap(([slot, of]) => (of === 'head' ? [slot] : []));
    for (const parent of parentsOf(graph, here)) {
      const known = side.get(parent);
      const mine = side.get(here) ?? 'base';
      // What was taken for the change's own may turn out to be older than where it began.
      if (known !== undefined && (known === 'base' || mine === 'head')) continue;
      side.set(parent, mine);
      open.push(parent);
    }
  }
  return [head];
}

/** Commits of an open change at most, behind its head. */
const maxOpen = 100;

/**
 * The commits of a change that is not merged: those behind its head up to where others go on from, or
 * what is `known` to be no part of it. Without such an end it is taken as its head alone.
 */
export function openBranchOf(
  graph: ThreadGraph,
  head: number,
  known: (commit: number) => boolean,
): number[] {
  const found = new Set([head]);
  for (const here of found) {
    if (found.size > maxOpen) return [head];
    for (const parent of parentsOf(graph, here))
      if (!known(parent) && graph.targets(parent, 'parent').length < 2) found.add(parent);
  }
  return [...found];
}

function takeNewest(graph: ThreadGraph, open: number[]): number | undefined {
  let best = 0;
  for (let at = 1; at < open.length; at++)
    if (graph.seenAt(open[at] ?? 0) > graph.seenAt(open[best] ?? 0)) best = at;
  return open.splice(best, 1)[0];
}

/** Which service in which environment something runs in, as far as it is said. */
export function placeOf(graph: ThreadGraph, deployment: number): string {
  const hubs: string[] = [];
  for (const { to, kind } of graph.outgoing(deployment)) {
    const where = graph.kindAt(to);
    if (kind === 'at' && (where === 'service' || where === 'environment'))
      hubs.push(graph.keyAt(to));
  }
  return hubs.sort().join('\n');
}
