import type {
  MapAnswer,
  MapHealth,
  MapNodeView,
  MapProcessView,
} from '../../../server/api/contract-map.ts';

/** How a process is called where health is kept by id. */
export const processKey = (id: string): string => `process:${id}`;

/** What is declared. It changes when the map is declared anew, and never with health. */
export interface MapModel {
  readonly title: string;
  readonly version: MapAnswer['version'];
  readonly nodes: readonly Omit<MapNodeView, 'health' | 'lastEvent'>[];
  readonly edges: MapAnswer['edges'];
  readonly processes: readonly Omit<MapProcessView, 'health' | 'sli'>[];
  readonly streams: MapAnswer['streams'];
  readonly node: (id: string) => Omit<MapNodeView, 'health' | 'lastEvent'> | undefined;
  /** By the id of a process, without `process:`. */
  readonly process: (id: string) => Omit<MapProcessView, 'health' | 'sli'> | undefined;
  /** Of a node, or of `process:<id>`; the id itself where nothing has it. */
  readonly titleOf: (id: string) => string;
}

/** Nothing is known of it. */
export const unknownHealth: MapHealth = {
  observed: 'no-evidence',
  inferred: 'no-evidence',
  shown: 'no-evidence',
  because: [],
  since: null,
  contradiction: false,
  evidence: [],
};

/** The map at one moment, as it is shown: what is declared, and how everything is. */
export interface Moment {
  readonly answer: MapAnswer;
  readonly model: MapModel;
  /** By id of a node or `process:<id>`; written to by the feed. */
  readonly health: Map<string, MapHealth>;
}

/** Takes an answer apart. The model of `before` is kept when the same map is declared. */
export function momentOf(answer: MapAnswer, before: Moment | undefined): Moment {
  const isSame = before !== undefined && before.answer.version?.hash === answer.version?.hash;
  const health = new Map<string, MapHealth>();
  for (const node of answer.nodes) health.set(node.id, node.health);
  for (const process of answer.processes) health.set(processKey(process.id), process.health);
  return { answer, model: isSame ? before.model : modelOf(answer), health };
}

function modelOf(answer: MapAnswer): MapModel {
  const { title, version, nodes, edges, processes, streams } = answer;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const byProcess = new Map(processes.map((process) => [process.id, process]));
  const titles = new Map([
    ...nodes.map((node) => [node.id, node.title] as const),
    ...processes.map((process) => [processKey(process.id), process.title] as const),
  ]);
  return {
    title,
    version,
    nodes,
    edges,
    processes,
    streams,
    node: (id) => byId.get(id),
    process: (id) => byProcess.get(id),
    titleOf: (id) => titles.get(id) ?? id,
  };
}

/** The whole answer with health as it is now. */
export function answerOf({ answer, health }: Moment, freshest: number | null): MapAnswer {
  return {
    ...answer,
    freshest,
    nodes: answer.nodes.map((node) => ({ ...node, health: health.get(node.id) ?? node.health })),
    processes: answer.processes.map((process) => ({
      ...process,
      health: health.get(processKey(process.id)) ?? process.health,
    })),
  };
}

/** Ids whose health differs between two moments. */
export function differing(
  before: ReadonlyMap<string, MapHealth>,
  after: ReadonlyMap<string, MapHealth>,
): string[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => !isSameHealth(before.get(id), after.get(id)));
}

function isSameHealth(a: MapHealth | undefined, b: MapHealth | undefined): boolean {
  if (a === b) return true;
  return JSON.stringify(a) === JSON.stringify(b);
}
