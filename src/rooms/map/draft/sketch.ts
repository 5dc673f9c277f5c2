import type { DraftEdge, DraftNode, MapDraft } from '../draft-map.ts';
import { countedText } from '../problems/words.ts';
import type { Seen } from '../seen.ts';
import { freeId } from './kinds.ts';

/** Nodes and edges of a draft as they come together. */
export class Sketch {
  readonly nodes: DraftNode[] = [];
  readonly #ids = new Set<string>();
  readonly #edges = new Map<string, DraftEdge>();

  /** Adds a node with an id made of `name`; returns the id. */
  node(name: string, rest: Omit<DraftNode, 'id'>): string {
    const id = freeId(name, (one) => this.#ids.has(one));
    this.#ids.add(id);
    // What its id does not say any more is its title.
    const title = rest.title ?? (name.toLowerCase() === id ? undefined : name);
    this.nodes.push({ id, ...rest, ...(title !== undefined && { title }) });
    return id;
  }

  /** Adds an edge; the first between two nodes stays. */
  edge(edge: DraftEdge): void {
    const key = `${edge.from} ${edge.to}`;
    if (edge.from !== edge.to && !this.#edges.has(key)) this.#edges.set(key, edge);
  }

  /** Joins nodes in their order by flow. */
  flow(ids: readonly (string | undefined)[]): void {
    const there = ids.filter((id) => id !== undefined);
    for (const [i, to] of there.slice(1).entries())
      this.edge({ from: there[i] ?? '', to, kind: 'flow' });
  }

  draft(): MapDraft {
    return { nodes: this.nodes, edges: [...this.#edges.values()] };
  }
}

/** `seen 1,204 times, last 2026-11-26T03:00:00Z` */
export function seenComment(seen: readonly Pick<Seen, 'count' | 'last'>[]): string {
  const count = seen.reduce((sum, one) => sum + one.count, 0);
  return `seen ${countedText(count, 'time')}, last ${instantText(lastOf(seen))}`;
}

export const instantText = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 19)}Z`;

export const lastOf = (seen: readonly Pick<Seen, 'last'>[]): number =>
  seen.reduce((last, one) => Math.max(last, one.last), 0);

/** Things by a key, in the order in which each key came first. */
export function grouped<T>(
  list: readonly T[],
  keyOf: (one: T) => string | undefined,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
