import { type Quadrant, quadrants } from '../model.ts';
import type { Box, Drawing, Frame, Line } from './drawing.ts';
import { routeAcross } from './route.ts';
import type { Sheet, SheetBox } from './sheet.ts';

/** Where one box stands within its quadrant, px. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** One quadrant as it was laid out by itself. */
export interface Plan {
  readonly width: number;
  readonly height: number;
  /** By id of the box. */
  readonly spots: ReadonlyMap<string, Spot>;
  /** By id of the link: the corners. */
  readonly ways: ReadonlyMap<string, readonly Spot[]>;
}

/** px */
const pad = 18;
const head = 34;
const gutter = 56;
const between = 20;
const leastWidth = 300;
const leastHeight = 130;
const round = Math.round;

type Columns = readonly [readonly Quadrant[], readonly Quadrant[]];

/** Development above the pipeline on the left, production above support on the right. */
const columns: Columns = [
  ['development', 'pipeline'],
  ['production', 'support'],
];

/**
 * Puts four quadrants together: each in its frame, two above each other in a column. The frames of a
 * column are equally wide, and both columns equally high; what is left over goes to the last frame.
 */
export function compose(map: Sheet, plans: ReadonlyMap<Quadrant, Plan>, hash: string): Drawing {
  const frames = framesOf(map, plans);
  const frameOf = new Map(frames.map((frame) => [frame.quadrant, frame]));
  const boxes = map.boxes.flatMap((box) => {
    const frame = frameOf.get(box.quadrant);
    return frame ? [placed(box, frame, plans.get(box.quadrant))] : [];
  });
  const width = Math.max(...frames.map(({ x, width: wide }) => x + wide));
  const height = Math.max(...frames.map(({ y, height: high }) => y + high));
  return {
    hash,
    width,
    height,
    frames,
    boxes,
    lines: linesOf(map, { boxes, frames, frameOf, plans }),
    expandable: map.expandable,
    expanded: map.expanded,
  };
}

function framesOf({ boxes }: Sheet, plans: ReadonlyMap<Quadrant, Plan>): Frame[] {
  const sizes = new Map(
    quadrants.map((quadrant) => {
      const pinned = boxes.filter((box) => box.quadrant === quadrant && box.at);
      return [quadrant, frameSize(plans.get(quadrant), pinned)] as const;
    }),
  );
  const sizeIn = (quadrant: Quadrant) =>
    sizes.get(quadrant) ?? { width: leastWidth, height: leastHeight };
  const heights = columns.map((column) =>
    column.reduce((sum, quadrant) => sum + sizeIn(quadrant).height, between),
  );
  const height = Math.max(...heights);
  let x = 0;
  return columns.flatMap((column, at) => {
    const width = Math.max(...column.map((quadrant) => sizeIn(quadrant).width));
    const spare = height - (heights[at] ?? height);
    const [above, below] = shareOf(
      column.map((quadrant) => sizeIn(quadrant).height),
      spare,
    );
    const left = x;
    x += width + gutter;
    const top = (sizeIn(column[0] ?? 'production').height ?? 0) + above;
    return column.map((quadrant, row): Frame => {
      const own = sizeIn(quadrant).height + (row === 0 ? above : below);
      return { quadrant, x: left, y: row === 0 ? 0 : top + between, width, height: own };
    });
  });
}

/** What a column has to spare goes to its frames in the measure of their heights. */
function shareOf([first = 1, second = 1]: readonly number[], spare: number): [number, number] {
  const above = round((spare * first) / (first + second));
  return [above, spare - above];
}

function frameSize(plan: Plan | undefined, pinned: readonly SheetBox[]) {
  const right = pinned.map((box) => (box.at?.x ?? 0) + box.width);
  const below = pinned.map((box) => (box.at?.y ?? 0) + box.height);
  return {
    width: round(
      Math.max(leastWidth, (plan?.width ?? 0) + 2 * pad, ...right.map((x) => x + 2 * pad)),
    ),
    height: round(
      Math.max(leastHeight, (plan?.height ?? 0) + head + pad, ...below.map((y) => y + head + pad)),
    ),
  };
}

/** What was laid out stands in the middle of its frame; a pinned box where it was put. */
function placed(box: SheetBox, frame: Frame, plan: Plan | undefined): Box {
  const offset = offsetIn(frame, plan);
  const spot = box.at ?? plan?.spots.get(box.id) ?? { x: 0, y: 0 };
  const from = box.at ? { x: frame.x + pad, y: frame.y + head } : offset;
  const { id, quadrant, kind, title, nodes, width, height } = box;
  return {
    id,
    quadrant,
    kind,
    title,
    x: round(from.x + spot.x),
    y: round(from.y + spot.y),
    width,
    height,
    nodes,
    pinned: box.at !== undefined,
  };
}

function offsetIn(frame: Frame, plan: Plan | undefined): Spot {
  const spare = Math.max(0, frame.width - 2 * pad - (plan?.width ?? 0));
  return { x: frame.x + pad + round(spare / 2), y: frame.y + head };
}

interface Composed {
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
  readonly frameOf: ReadonlyMap<Quadrant, Frame>;
  readonly plans: ReadonlyMap<Quadrant, Plan>;
}

function linesOf({ lines: links }: Sheet, composed: Composed): Line[] {
  const boxOf = new Map(composed.boxes.map((box) => [box.id, box]));
  const lanes = new Map<string, number>();
  return links.flatMap((link): Line[] => {
    const from = boxOf.get(link.from);
    const to = boxOf.get(link.to);
    if (!from || !to) return [];
    const own =
      from.quadrant === to.quadrant ? wayWithin(link.id, from.quadrant, composed) : undefined;
    const points = own ?? routeAcross({ from, to, ...composed }, lanes);
    const { id, kind, edges, label } = link;
    return [
      { id, from: from.id, to: to.id, kind, edges, points, ...(label !== undefined && { label }) },
    ];
  });
}

/** The way that the layout found, unless one of the ends was pinned. */
function wayWithin(
  id: string,
  quadrant: Quadrant,
  { plans, frameOf }: Composed,
): (readonly [number, number])[] | undefined {
  const plan = plans.get(quadrant);
  const frame = frameOf.get(quadrant);
  const way = plan?.ways.get(id);
  if (!way || way.length < 2 || !frame) return undefined;
  const { x, y } = offsetIn(frame, plan);
  return way.map((spot) => [round(x + spot.x), round(y + spot.y)] as const);
}
