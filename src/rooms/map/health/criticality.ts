import { processKey } from '../health.ts';
import type { MapModel } from '../model.ts';
import { allNeeds, needGraph, type Needs } from './needs.ts';

/** How critical a node is, and which processes it is so for. */
export interface Criticality {
  /** The least of these processes'; 1 is the most critical. */
  readonly criticality: number;
  /** Ids of the processes that need it, however indirectly; the most critical first. */
  readonly processes: readonly string[];
}

/**
 * By id of a node or key of a process: what needs it in the end. It flows the other way than health:
 * from the processes down to all that they need, in whatever way. What no process needs is not in it.
 */
export function criticalityOf(model: MapModel): ReadonlyMap<string, Criticality> {
  const { ids, numbers, needs } = needGraph(model);
  const found = new Map<string, { criticality: number; processes: string[] }>();
  const all = [...model.processes.values()].toSorted(
    (a, b) => a.criticality - b.criticality || (a.id < b.id ? -1 : 1),
  );
  for (const { id, criticality } of all) {
    const start = numbers.get(processKey(id));
    for (const number of start === undefined ? [] : reachedFrom(start, needs)) {
      const key = ids[number] ?? '';
      const known = found.get(key);
      if (known) known.processes.push(id);
      else found.set(key, { criticality, processes: [id] });
    }
  }
  return found;
}

/** It and all that it needs, however indirectly. */
function reachedFrom(start: number, needs: readonly Needs[]): Set<number> {
  const reached = new Set([start]);
  // A Set gives what is added while it is gone through.
  for (const number of reached) {
    const of = needs[number];
    for (const need of of ? allNeeds(of) : []) reached.add(need);
  }
  return reached;
}
