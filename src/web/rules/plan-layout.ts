import { Graph, layout } from '@dagrejs/dagre';
import type { RuleState } from '../../server/api/contract-rules.ts';

/** An operator of a rule, with how much has passed it. */
export type PlanNode = RuleState['plan']['nodes'][number];

/** A box of the picture; x and y are its middle, px. */
export interface Box {
  readonly node: PlanNode;
  readonly x: number;
  readonly y: number;
  readonly isEnd: boolean;
}

/** A line from one box to another. */
export interface Line {
  readonly from: PlanNode;
  readonly to: PlanNode;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Where its count stands. */
  readonly label: { readonly x: number; readonly y: number };
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

export const boxWidth = 248;
export const boxHeight = 46;
const labelSize = { width: 96, height: 16 };

/** Places the operators of a plan in layers, from what comes in on top to what is decided below. */
export function pictureOf(nodes: readonly PlanNode[]): Picture {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 20, ranksep: 18, marginx: 2, marginy: 2 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(String(node.id), { width: boxWidth, height: boxHeight });
  const pairs = nodes.flatMap((to) =>
    to.inputs.flatMap((id) => {
      const from = nodes.find((node) => node.id === id);
      return from ? [{ from, to }] : [];
    }),
  );
  for (const { from, to } of pairs)
    graph.setEdge(String(from.id), String(to.id), { ...labelSize, labelpos: 'r', labeloffset: 6 });
  layout(graph);
  const feeding = new Set(pairs.map(({ from }) => from.id));
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    boxes: nodes.map((node) => {
      const { x = 0, y = 0 } = graph.node(String(node.id));
      return { node, x, y, isEnd: !feeding.has(node.id) };
    }),
    lines: pairs.map(({ from, to }) => {
      const edge = graph.edge(String(from.id), String(to.id));
      const { points = [], x = 0, y = 0 } = edge;
      return { from, to, points, label: { x, y } };
    }),
  };
}
