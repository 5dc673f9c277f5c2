import { isHub, type Key } from './thing.ts';
import type { ThreadGraph } from './graph.ts';

/** Share of the bound that goes at once. */
const share = 0.1;
/** Times that are looked at to find how old the oldest are. */
const samples = 4_096;

/**
 * Forgets a tenth of what there may be: things without links before those with some, the oldest
 * first. Hubs stay, they are few. Some ten milliseconds for half a million things.
 */
export function forget(graph: ThreadGraph): void {
  const wanted = Math.ceil(graph.bounds.things * share);
  const gone = new Set<number>();
  for (const linked of [false, true])
    if (gone.size < wanted) choose(graph, linked, { gone, wanted: wanted - gone.size });
  for (const slot of gone) drop(graph, slot);
  relink(graph, gone);
  graph.counters.forgottenThings += gone.size;
}

function choose(
  graph: ThreadGraph,
  linked: boolean,
  { gone, wanted }: { readonly gone: Set<number>; readonly wanted: number },
): void {
  const candidates: number[] = [];
  for (let slot = 1; slot < graph.usedThings; slot++) {
    if (graph.keys[slot] === undefined || isHub(graph.kindAt(slot))) continue;
    if ((graph.things.links[slot] ?? 0) > 0 === linked) candidates.push(slot);
  }
  const age = (slot: number): number =>
    Math.max(graph.things.lastTime[slot] ?? 0, graph.seenAt(slot));
  const step = Math.max(1, Math.floor(candidates.length / samples));
  const times = Float64Array.from({ length: Math.ceil(candidates.length / step) }, (_, at) =>
    age(candidates[at * step] ?? 0),
  ).sort();
  const at = Math.min(
    times.length - 1,
    Math.ceil((times.length * wanted) / (candidates.length || 1)),
  );
  const oldest = times[at] ?? 0;
  const most = gone.size + wanted;
  for (const slot of candidates) if (gone.size < most && age(slot) <= oldest) gone.add(slot);
}

function drop(graph: ThreadGraph, slot: number): void {
  const { things, slots, keys, freeThings } = graph;
  slots.delete(keys[slot] as Key); // chosen from those that have one
  keys[slot] = undefined;
  things.firstOffset[slot] = 0;
  things.lastOffset[slot] = 0;
  things.firstTime[slot] = 0;
  things.lastTime[slot] = 0;
  freeThings.push(slot);
}

/** Takes the edges of what is gone out, and makes all lists anew. */
function relink(graph: ThreadGraph, gone: ReadonlySet<number>): void {
  const { things, edges, names } = graph;
  for (const column of [
    things.out,
    things.in,
    things.outDegree,
    things.inDegree,
    things.links,
    names,
  ])
    column.fill(0);
  for (let slot = 1; slot < graph.usedThings; slot++) {
    const key = graph.keys[slot];
    if (key !== undefined) graph.place(slot, key);
  }
  for (let edge = 1; edge < graph.usedEdges; edge++) {
    const from = edges.from[edge] ?? 0;
    if (from === 0) continue;
    if (gone.has(from) || gone.has(edges.to[edge] ?? 0)) {
      edges.from[edge] = 0;
      graph.freeEdges.push(edge);
      graph.counters.forgottenEdges++;
    } else graph.attach(edge);
  }
}
