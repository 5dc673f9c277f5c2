import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Plan } from '../../../rooms/map/picture/compose.ts';
import type { Sheet } from '../../../rooms/map/picture/sheet.ts';
import type { Quadrant } from '../../../rooms/map/model.ts';

/** Work goes from left to right; in production the user is above and what he needs below. */
const direction: Readonly<Record<Quadrant, 'RIGHT' | 'DOWN'>> = {
  development: 'RIGHT',
  pipeline: 'RIGHT',
  production: 'DOWN',
  support: 'DOWN',
};

/** So many boxes stand beside each other at most, before a row is broken. */
const rowBound = 9;
const columnBound = 5;
/** Above this the bounds above take longer than anybody waits. */
const manyBoxes = 120;

/** One quadrant as ELK takes it; pinned boxes stand where they were put, and are not in it. */
export function graphOf(map: Sheet, quadrant: Quadrant): ElkNode {
  const boxes = map.boxes.filter((box) => box.quadrant === quadrant && !box.at);
  const ids = new Set(boxes.map(({ id }) => id));
  const edges = map.lines
    .filter(({ from, to }) => ids.has(from) && ids.has(to))
    .map(({ id, from, to }): ElkExtendedEdge => ({ id, sources: [from], targets: [to] }));
  const down = direction[quadrant] === 'DOWN';
  return {
    id: quadrant,
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': direction[quadrant],
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.aspectRatio': down ? '1.7' : '2.2',
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
      'elk.spacing.nodeNode': '18',
      'elk.spacing.edgeNode': '10',
      'elk.spacing.edgeEdge': '7',
      'elk.spacing.componentComponent': '22',
      'elk.layered.spacing.nodeNodeBetweenLayers': down ? '30' : '34',
      'elk.layered.spacing.edgeNodeBetweenLayers': '12',
      'elk.layered.spacing.edgeEdgeBetweenLayers': '6',
      // The order in which the map is written decides where it can: a new line moves little.
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      ...(boxes.length <= manyBoxes && {
        'elk.layered.layering.strategy': 'COFFMAN_GRAHAM',
        'elk.layered.layering.coffmanGraham.layerBound': String(down ? rowBound : columnBound),
        'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
        'elk.layered.thoroughness': '10',
      }),
    },
    children: boxes.map((box) => ({
      id: box.id,
      width: box.width,
      height: box.height,
      ...(box.anchor && {
        layoutOptions: { 'elk.layered.layering.layerConstraint': 'FIRST' },
      }),
    })),
    edges,
  };
}

/** What ELK answers, as a plan. */
export function planOf({ width = 0, height = 0, children = [], edges = [] }: ElkNode): Plan {
  return {
    width,
    height,
    spots: new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    ways: new Map(
      edges.flatMap(({ id, sections = [] }) =>
        sections.slice(0, 1).map(({ startPoint, bendPoints = [], endPoint }) => {
          const way = [startPoint, ...bendPoints, endPoint].map(({ x, y }) => ({ x, y }));
          return [id, way] as const;
        }),
      ),
    ),
  };
}

/** The boxes of a quadrant in rows, when nothing better can be had. */
export function gridOf(map: Sheet, quadrant: Quadrant): Plan {
  const boxes = map.boxes.filter((box) => box.quadrant === quadrant && !box.at);
  const columns = Math.max(1, Math.ceil(Math.sqrt(boxes.length * 1.2)));
  const [wide, high] = [240, 84];
  return {
    width: Math.min(columns, boxes.length) * wide,
    height: Math.ceil(boxes.length / columns) * high,
    spots: new Map(
      boxes.map(({ id }, i) => [
        id,
        { x: (i % columns) * wide, y: Math.floor(i / columns) * high },
      ]),
    ),
    ways: new Map(),
  };
}
