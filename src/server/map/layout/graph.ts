import type { ElkExtendedEdge, ElkNode, ElkPort } from 'elkjs/lib/elk-api.js';
import { type Plan, withLoners } from '../../../rooms/map/picture/plan.ts';
import type { Sheet, SheetBox, SheetLine } from '../../../rooms/map/picture/sheet.ts';
import type { Quadrant } from '../../../rooms/map/model.ts';

/** One quadrant as ELK takes it, and what ELK is not asked about. */
export interface QuadrantGraph {
  /** In several ways, of which the one that fits best is taken. */
  readonly graphs: readonly { readonly graph: ElkNode; readonly handicap: number }[];
  /** Boxes without lines in their quadrant. */
  readonly loners: readonly SheetBox[];
  /** Ids of lines that ELK was given the other way round. */
  readonly reversed: ReadonlySet<string>;
}

/** Work goes from left to right; in production the user is above and what he needs below. */
const goesDown = (quadrant: Quadrant): boolean =>
  quadrant === 'production' || quadrant === 'support';

/** With more lines the better way to place boxes takes too long, and others spread them over 30,000 px. */
const manyLines = 200;
/** From so many lines of one kind on, they leave or reach a box as one, and part on their way. */
const toBundle = 3;
/** Boxes that stand alone make rows at least so wide, px. */
const leastRow = 700;

/** A quadrant in the ways that are worth trying; pinned boxes stand where they were put. */
export function graphOf({ boxes, lines }: Sheet, quadrant: Quadrant): QuadrantGraph {
  const all = boxes.filter((box) => box.quadrant === quadrant && !box.at);
  const { inside, reversed } = linesIn(all, lines);
  const joined = new Set(inside.flatMap(({ from, to }) => [from, to]));
  const linked = all.filter(({ id }) => joined.has(id));
  const loners = all.filter(({ id }) => !joined.has(id));
  if (linked.length === 0) return { graphs: [], loners, reversed };
  const parts = partsOf(linked, inside, quadrant);
  const graphs = variants(linked.length, inside.length, quadrant).map(
    ({ options, handicap = 1 }) => ({
      graph: {
        id: quadrant,
        layoutOptions: { ...optionsOf(quadrant), ...options },
        // ELK writes into what it is given.
        ...structuredClone(parts),
      },
      handicap,
    }),
  );
  return { graphs, loners, reversed };
}

/**
 * The lines between these boxes as ELK takes them: none may lead to a box of the first row, so that it
 * is turned round. One between two of that row is left to who leads lines between quadrants.
 */
function linesIn(boxes: readonly SheetBox[], lines: readonly SheetLine[]) {
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const reversed = new Set<string>();
  const inside = lines.flatMap((line) => {
    const [from, to] = [byId.get(line.from), byId.get(line.to)];
    if (!from || !to || (from.anchor && to.anchor)) return [];
    if (!to.anchor) return [line];
    reversed.add(line.id);
    return [{ ...line, from: line.to, to: line.from }];
  });
  return { inside, reversed };
}

function optionsOf(quadrant: Quadrant): Record<string, string> {
  const down = goesDown(quadrant);
  return {
    'elk.algorithm': 'layered',
    'elk.direction': down ? 'DOWN' : 'RIGHT',
    'elk.edgeRouting': 'ORTHOGONAL',
    'elk.padding': '[top=0,left=0,bottom=0,right=0]',
    'elk.spacing.nodeNode': '18',
    'elk.spacing.edgeNode': '9',
    'elk.spacing.edgeEdge': '6',
    'elk.spacing.componentComponent': '26',
    'elk.layered.spacing.nodeNodeBetweenLayers': '32',
    'elk.layered.spacing.edgeNodeBetweenLayers': '12',
    'elk.layered.spacing.edgeEdgeBetweenLayers': '6',
    'elk.separateConnectedComponents': 'false',
    // The order in which the map is written decides where it can: a new line moves little.
    'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    'elk.layered.thoroughness': '4',
  };
}

const bounded = (bound: number): Record<string, string> => ({
  'elk.layered.layering.strategy': 'COFFMAN_GRAHAM',
  'elk.layered.layering.coffmanGraham.layerBound': String(bound),
});

interface Variant {
  readonly options: Readonly<Record<string, string>>;
  /** Of the plan that comes of it. */
  readonly handicap?: number;
}

/** By how many boxes stand beside each other at most: what fits best depends on the other quadrants. */
function variants(boxes: number, lines: number, quadrant: Quadrant): Variant[] {
  const strategy = lines > manyLines ? 'SIMPLE' : 'NETWORK_SIMPLEX';
  const placing = { 'elk.layered.nodePlacement.strategy': strategy };
  const shapes: Variant[] = [];
  const across = Math.sqrt(boxes);
  const wide = lines > 110 ? [1.6, 1.15] : [1.15, 0.8, 1.6];
  const bounds = goesDown(quadrant) ? wide : [1.2];
  // Each takes longer the more lines there are, and what they show differs less.
  const worth = lines > manyLines ? 1 : lines > 110 ? 2 : 3;
  if (boxes > 8)
    for (const bound of bounds.slice(0, worth))
      shapes.push({ options: bounded(Math.round(across * bound)) });
  if (shapes.length === 0 || lines <= 60) shapes.push({ options: {} });
  if (!goesDown(quadrant) && boxes > 4) shapes.push({ options: wrapped, handicap: 1.15 });
  return shapes.map(({ options, ...rest }) => ({ options: { ...placing, ...options }, ...rest }));
}

/** A long row goes on below its beginning. */
const wrapped = {
  'elk.layered.wrapping.strategy': 'MULTI_EDGE',
  'elk.layered.wrapping.additionalEdgeSpacing': '12',
  'elk.aspectRatio': '1.1',
};

interface Parts {
  readonly children: ElkNode[];
  readonly edges: ElkExtendedEdge[];
}

function partsOf(
  boxes: readonly SheetBox[],
  lines: readonly SheetLine[],
  quadrant: Quadrant,
): Parts {
  const counts = new Map<string, number>();
  for (const line of lines)
    for (const port of portsOf(line)) counts.set(port, (counts.get(port) ?? 0) + 1);
  const bundled = [...counts].filter(([, count]) => count >= toBundle).map(([port]) => port);
  const used = new Set(bundled);
  const [before, behind] = goesDown(quadrant) ? ['NORTH', 'SOUTH'] : ['WEST', 'EAST'];
  const children = boxes.map(({ id, width, height, anchor }): ElkNode => {
    const ports = bundled
      .filter((port) => port.endsWith(` ${id}`))
      .map((port): ElkPort => {
        const side = port.startsWith('out') ? behind : before;
        return { id: port, width: 0, height: 0, layoutOptions: { 'elk.port.side': side ?? '' } };
      });
    const first = anchor ? { 'elk.layered.layering.layerConstraint': 'FIRST' } : {};
    return {
      id,
      width,
      height,
      ports,
      layoutOptions: { 'elk.portConstraints': 'FIXED_SIDE', ...first },
    };
  });
  const edges = lines.map((line): ElkExtendedEdge => {
    const [out, into] = portsOf(line);
    return {
      id: line.id,
      sources: [used.has(out) ? out : line.from],
      targets: [used.has(into) ? into : line.to],
    };
  });
  return { children, edges };
}

/** Lines of one kind share a port: a solid and a dashed line do not run as one. */
const portsOf = ({ kind, from, to }: SheetLine): readonly [string, string] => [
  `out ${kind} ${from}`,
  `in ${kind} ${to}`,
];

/** What ELK answers, as a plan; boxes without lines stand below. */
export function planOf(
  { width = 0, height = 0, children = [], edges = [] }: ElkNode,
  { loners, reversed }: Pick<QuadrantGraph, 'loners' | 'reversed'>,
): Plan {
  const plan = {
    width,
    height,
    spots: new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
    ways: new Map(
      edges.flatMap(({ id, sections = [] }) =>
        sections.slice(0, 1).map(({ startPoint, bendPoints = [], endPoint }) => {
          const way = [startPoint, ...bendPoints, endPoint].map(({ x, y }) => ({ x, y }));
          return [id, reversed.has(id) ? way.toReversed() : way] as const;
        }),
      ),
    ),
  };
  return withLoners(plan, loners, leastRow);
}
