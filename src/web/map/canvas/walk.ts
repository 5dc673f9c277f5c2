import type { DrawingAnswer } from '../../../server/api/contract-map-drawing.ts';

type Box = DrawingAnswer['boxes'][number];
type Drawing = Pick<DrawingAnswer, 'boxes' | 'lines'>;

/** Where an arrow key leads. */
export type Direction = 'left' | 'right' | 'up' | 'down';

const vectors: Readonly<Record<Direction, readonly [x: number, y: number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
/** A box counts as lying in a direction when it is at most so far beside it (cosine of 70°). */
const asideAtMost = 0.34;

/**
 * The box that an arrow key leads to: the nearest neighbour along a line that lies in that
 * direction, else the nearest box there. Undefined: the map ends.
 */
export function walk(drawing: Drawing, from: string, direction: Direction): Box | undefined {
  const start = drawing.boxes.find(({ id }) => id === from);
  if (!start) return undefined;
  const linked = new Set(
    drawing.lines.flatMap((line) =>
      line.from === from ? [line.to] : line.to === from ? [line.from] : [],
    ),
  );
  const others = drawing.boxes.filter(({ id }) => id !== from);
  return (
    nearest(
      start,
      others.filter(({ id }) => linked.has(id)),
      direction,
    ) ?? nearest(start, others, direction)
  );
}

/** The boxes one after the other, quadrant by quadrant: so that none is out of reach. Wraps around. */
export function step({ boxes }: Drawing, from: string, by: 1 | -1): Box | undefined {
  const at = boxes.findIndex(({ id }) => id === from);
  return boxes[(at + by + boxes.length) % boxes.length];
}

function nearest(start: Box, boxes: readonly Box[], direction: Direction): Box | undefined {
  const [ux, uy] = vectors[direction];
  const [sx, sy] = middleOf(start);
  let best: Box | undefined;
  let least = Infinity;
  for (const box of boxes) {
    const [x, y] = middleOf(box);
    const along = (x - sx) * ux + (y - sy) * uy;
    const distance = Math.hypot(x - sx, y - sy);
    if (along <= 0 || along / distance < asideAtMost) continue;
    // What lies straight ahead comes before what is nearer but aside.
    const cost = along + 2.5 * Math.sqrt(Math.max(0, distance ** 2 - along ** 2));
    if (cost < least) [best, least] = [box, cost];
  }
  return best;
}

/** The middle of a box. */
export const middleOf = (
  box: Pick<Box, 'x' | 'y' | 'width' | 'height'>,
): readonly [number, number] => [box.x + box.width / 2, box.y + box.height / 2];
