import type { Health, HealthById, Observed } from '../health.ts';
import type { MapModel } from '../model.ts';
import { nextToCause } from './causes.ts';
import { inferLevels } from './infer.ts';
import { needGraph, type NeedGraph } from './needs.ts';
import { down, isBad, ok, rankOf, stateOf, unknown } from './order.ts';

/**
 * How everything on the map is: what is observed of each, and what follows from what it needs. Keys
 * are ids of nodes and `processKey`s; what `observed` does not have is not observed. The rules and
 * their truth table: docs/reference/map-health.md.
 */
export function assess(model: MapModel, observed: ReadonlyMap<string, Observed>): HealthById {
  const graph = needGraph(model);
  const seen = Uint8Array.from(graph.ids, (id) => rankOf(observed.get(id)?.state ?? 'no-evidence'));
  const levels = inferLevels(graph, seen);
  const next = nextToCause(graph, seen, levels);
  const health = new Map<string, Health>();
  for (const [number, id] of graph.ids.entries()) {
    const [own, inferred] = [seen[number] ?? unknown, levels.inferred[number] ?? unknown];
    const shown = levels.shown[number] ?? unknown;
    health.set(id, {
      observed: stateOf(own),
      inferred: stateOf(inferred),
      shown: stateOf(shown),
      because: isBad(shown) ? wayFrom(number, next, graph) : [],
      contradiction: own === ok && inferred === down,
      evidence: observed.get(id)?.evidence ?? [],
    });
  }
  return health;
}

function wayFrom(number: number, next: Int32Array, { ids }: NeedGraph): string[] {
  const way: string[] = [];
  for (let at = number; at >= 0; at = next[at] ?? -1) way.push(ids[at] ?? '');
  return way;
}
