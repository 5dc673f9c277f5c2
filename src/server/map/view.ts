import { criticalityOf } from '../../rooms/map/health/criticality.ts';
import type { MapEdge, MapModel, MapNode, MapProcess } from '../../rooms/map/model.ts';
import { processKey } from '../../rooms/map/health.ts';
import { defined } from '../../rooms/alerts/facts.ts';
import type {
  MapAnswer,
  MapEdgeView,
  MapHealth,
  MapNodeView,
  MapProcessView,
} from '../api/contract-map.ts';
import { sliQueryOf } from './sli-query.ts';
import type { SliFinding } from './sli/watch.ts';

/** What is known of the nodes and processes at the moment that is shown. */
export interface Moment {
  readonly healthOf: (id: string) => MapHealth;
  /** When a node was heard of last, ms since the epoch. */
  readonly lastEvent: (id: string) => number | undefined;
  readonly sli: (process: string) => SliFinding | undefined;
}

type Declared = Pick<MapAnswer, 'title' | 'nodes' | 'edges' | 'processes' | 'streams'>;

/** The map as the API shows it, at some moment. */
export function mapView(model: MapModel, moment: Moment): Declared {
  const criticality = criticalityOf(model);
  const needs = new Map(model.groups.map(({ id, need }) => [id, need]));
  return {
    title: model.title,
    nodes: [...model.nodes.values()].map((node) => ({
      ...nodeView(node),
      processes: [...(criticality.get(node.id)?.processes ?? [])],
      criticality: criticality.get(node.id)?.criticality ?? null,
      lastEvent: moment.lastEvent(node.id) ?? null,
      health: moment.healthOf(node.id),
    })),
    edges: model.edges.map((edge) => edgeView(edge, needs)),
    processes: [...model.processes.values()].map((process) => processView(process, model, moment)),
    streams: model.streams.map(({ id, title, item, stages }) => ({
      id,
      title,
      item,
      stages: stages.map((stage) => ({ id: stage.id, title: stage.title, node: stage.node })),
    })),
  };
}

type NodePart = Omit<MapNodeView, 'processes' | 'criticality' | 'lastEvent' | 'health'>;

function nodeView(node: MapNode): NodePart {
  const { id, quadrant, kind, title, anchor, release, roles, mix, names, links, limits } = node;
  const { description, owner, group, supplier, runbook, rota, members, wip } = node;
  return {
    id,
    quadrant,
    kind,
    title,
    anchor,
    release,
    roles: [...roles],
    mix: { ...mix },
    names: { ...names },
    links: [...links],
    metrics: [...new Set(limits.map(({ metric }) => metric))],
    limits: limits.map((limit) => ({ ...limit })),
    declared: { ...node.place },
    ...defined({ description, owner, group, supplier, runbook, rota, members, wip }),
  };
}

function edgeView(edge: MapEdge, needs: ReadonlyMap<string, number>): MapEdgeView {
  const { id, from, to, kind, group, after } = edge;
  const need = group === undefined ? undefined : needs.get(group);
  return { id, from, to, kind, ...defined({ group, need, after }) };
}

function processView(process: MapProcess, model: MapModel, moment: Moment): MapProcessView {
  const { id, title, description, owner, criticality, sli, place } = process;
  const found = sli && moment.sli(id);
  const members = model.groups
    .filter(({ from }) => from === processKey(id) || from === id)
    .flatMap((group) => group.members.map((member) => ({ id: member, kind: 'member' as const })));
  return {
    id,
    title,
    criticality,
    needs: [...process.needs.map((need) => ({ ...need })), ...members],
    health: moment.healthOf(processKey(id)),
    declared: { ...place },
    ...(sli && {
      sli: {
        measure: sli.measure,
        ok: sli.ok,
        value: found?.value ?? null,
        against: found?.against ?? null,
        at: found?.at ?? null,
        text: found?.text ?? 'not measured yet',
        ...defined({ query: sliQueryOf(sli) }),
      },
    }),
    ...defined({ description, owner }),
  };
}
