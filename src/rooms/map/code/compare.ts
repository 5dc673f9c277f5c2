import { processKey } from '../health.ts';
import type { MapModel } from '../model.ts';
import { contentOf } from './content-hash.ts';

/** Ids of nodes, edges and groups; processes as `process:<id>`, streams as `stream:<id>`. */
export interface MapDifference {
  readonly added: string[];
  readonly removed: string[];
  /** Also `bind` and `map`: the bindings; the title and what else is said of the map as a whole. */
  readonly changed: string[];
}

/**
 * What is different in another map, each list in the order of its ids. Nothing is if, and only if,
 * both have the same hash. Where something is declared is no difference.
 */
export function compareMaps(before: MapModel, after: MapModel): MapDifference {
  const [old, now] = [contents(before), contents(after)];
  const added = [...now.keys()].filter((id) => !old.has(id));
  const removed = [...old.keys()].filter((id) => !now.has(id));
  const changed = [...now].flatMap(([id, content]) => {
    const was = old.get(id);
    return was === undefined || was === content ? [] : [id];
  });
  return { added: added.toSorted(), removed: removed.toSorted(), changed: changed.toSorted() };
}

function contents(model: MapModel): Map<string, string> {
  const { title, nodes, edges, groups, processes, streams, bind, staleAfter } = model;
  const things: (readonly [string, object])[] = [
    ...[...nodes.values()].map((node) => [node.id, node] as const),
    ...edges.map((edge) => [edge.id, edge] as const),
    ...groups.map((group) => [group.id, group] as const),
    ...[...processes.values()].map((process) => [processKey(process.id), process] as const),
    ...streams.map((stream) => [`stream:${stream.id}`, stream] as const),
    ['bind', bind],
    ['map', { title, staleAfter }],
  ];
  return new Map(things.map(([id, thing]) => [id, contentOf(thing)]));
}
