import {
  type Binding,
  type MapModel,
  type MapNode,
  type MapProcess,
  type NodeNames,
  emptyMap,
} from '../model.ts';

const place = { file: 'map.yaml', line: 1, column: 1 };

/** A node for tests, with what is said of it. */
export function nodeOf(id: string, names: NodeNames, more: Partial<MapNode> = {}): MapNode {
  return {
    id,
    quadrant: 'production',
    kind: 'app',
    title: id,
    anchor: false,
    names,
    release: false,
    roles: [],
    mix: {},
    limits: [],
    links: [],
    place,
    ...more,
  };
}

/** A process for tests. */
export function processOf(id: string, more: Partial<MapProcess> = {}): MapProcess {
  return { id, title: id, criticality: 1, needs: [], names: {}, place, ...more };
}

/** A binding for tests. */
export const bindingOf = (match: Binding['match'], node?: string): Binding => ({
  match,
  ...(node !== undefined && { node }),
  place,
});

/** A map for tests of these nodes and processes. */
export function mapOf(
  nodes: readonly MapNode[],
  more: { readonly processes?: readonly MapProcess[] } & Partial<Omit<MapModel, 'processes'>> = {},
): MapModel {
  const { processes = [], ...rest } = more;
  return {
    ...emptyMap,
    nodes: new Map(nodes.map((node) => [node.id, node])),
    processes: new Map(processes.map((process) => [process.id, process])),
    ...rest,
  };
}
