import type {
  HealthWord,
  MapAnswer,
  MapEdgeView,
  MapHealth,
  MapNodeView,
  MapProcessView,
} from '../../../server/api/contract-map.ts';

/** How a node is called where nodes and processes stand together. */
export const processId = (id: string): string => `process:${id}`;

/** A node or a process, as far as they are read alike. */
export interface Thing {
  /** Of a process with `process:` before it. */
  readonly id: string;
  readonly title: string;
  readonly health: MapHealth;
  readonly node?: MapNodeView;
  readonly process?: MapProcessView;
}

/** One line of what something needs, or is needed for. */
export interface Need {
  readonly kind: MapEdgeView['kind'];
  /** Ids of things: several only in a group of which some are enough. */
  readonly ids: readonly string[];
  /** So many of them are enough. */
  readonly need?: number;
  /** Of a group: as it is declared, `web/*`. */
  readonly name?: string;
  /** Of an escalation: after so long, ms. */
  readonly after?: number;
}

/** The map as it is walked through in reading: by id, and along needs in both directions. */
export interface MapIndex {
  readonly thing: (id: string) => Thing | undefined;
  readonly titleOf: (id: string) => string;
  readonly stateOf: (id: string) => HealthWord | undefined;
  readonly needs: (id: string) => readonly Need[];
  readonly neededBy: (id: string) => readonly Need[];
}

/** Makes it; once for each answer of the server. */
export function indexOf(map: Pick<MapAnswer, 'nodes' | 'processes' | 'edges'>): MapIndex {
  const things = new Map<string, Thing>();
  for (const node of map.nodes)
    things.set(node.id, { id: node.id, title: node.title, health: node.health, node });
  for (const process of map.processes) {
    const id = processId(process.id);
    things.set(id, { id, title: process.title, health: process.health, process });
  }
  const needs = new Map<string, Need[]>();
  const neededBy = new Map<string, Need[]>();
  for (const edge of linesOf(map)) {
    add(needs, edge.from, edge.to, edge);
    add(neededBy, edge.to, edge.from, { ...edge, group: undefined });
  }
  return {
    thing: (id) => things.get(id),
    titleOf: (id) => things.get(id)?.title ?? id,
    stateOf: (id) => things.get(id)?.health.shown,
    needs: (id) => needs.get(id) ?? [],
    neededBy: (id) => neededBy.get(id) ?? [],
  };
}

type Edge = Pick<MapEdgeView, 'from' | 'to' | 'kind'> & {
  readonly group?: string | undefined;
  readonly need?: number | undefined;
  readonly after?: number | undefined;
};

/** The edges, and what processes need: those of a process may stand in either place. */
function linesOf(map: Pick<MapAnswer, 'processes' | 'edges'>): Edge[] {
  const known = new Set(map.edges.map(({ from, to }) => `${from} ${to}`));
  const ofProcesses = map.processes.flatMap(({ id, needs }) =>
    needs
      .map(({ id: to, kind }) => ({ from: processId(id), to, kind, group: groupOf(kind, id) }))
      .filter(({ from, to }) => !known.has(`${from} ${to}`)),
  );
  return [...map.edges, ...ofProcesses];
}
const groupOf = (kind: string, id: string): string | undefined =>
  kind === 'member' ? `process:${id}` : undefined;

interface Grouped extends Need {
  readonly group?: string | undefined;
}

function add(to: Map<string, Grouped[]>, key: string, id: string, edge: Edge): void {
  const list = to.get(key) ?? [];
  to.set(key, list);
  const { kind, group, need, after } = edge;
  const at = group === undefined ? -1 : list.findIndex((one) => one.group === group);
  const known = list[at];
  if (known) list[at] = { ...known, ids: [...known.ids, id] };
  else
    list.push({
      kind,
      ids: [id],
      group,
      ...(need !== undefined && { need }),
      ...(group?.includes('=>') && { name: group.slice(group.indexOf('=>') + 2) }),
      ...(after !== undefined && { after }),
    });
}
