// PLACEHOLDER of the lead until the real one is there: overwrite it.
import type { MapModel } from '../model.ts';
export function compareMaps(before: MapModel, after: MapModel) {
  const a = new Set([...before.nodes.keys(), ...before.edges.map((e) => e.id)]);
  const b = new Set([...after.nodes.keys(), ...after.edges.map((e) => e.id)]);
  return {
    added: [...b].filter((x) => !a.has(x)),
    removed: [...a].filter((x) => !b.has(x)),
    changed: [] as string[],
  };
}
