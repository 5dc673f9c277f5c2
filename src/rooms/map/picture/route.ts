import type { Box, Frame } from './drawing.ts';

type Point = readonly [x: number, y: number];

interface Ends {
  readonly from: Box;
  readonly to: Box;
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
}

/** px: lines keep so far from boxes, and so far from each other in the gutter. */
const clear = 7;
const laneWidth = 5;
const lanesAtMost = 9;

/**
 * A way between boxes of two quadrants: out of the box into the room above or below its row, along it
 * to the gutter between the columns, along the gutter, and in again. It does not go through boxes
 * where there is another way. `lanes` counts who uses the gutter, so that lines lie beside each other.
 */
export function routeAcross(ends: Ends, lanes: Map<string, number>): Point[] {
  const { from, to, boxes, frames } = ends;
  const middle = gutterOf(frames);
  const lane = lanes.get('gutter') ?? 0;
  lanes.set('gutter', lane + 1);
  const x = middle + ((lane % lanesAtMost) - (lanesAtMost - 1) / 2) * laneWidth;
  return simplified([...wayOut(from, x, boxes), ...wayOut(to, x, boxes).toReversed()]);
}

/** The middle of the room between the two columns. */
function gutterOf(frames: readonly Frame[]): number {
  const left = Math.min(...frames.map(({ x }) => x));
  const leftEnds = frames.filter(({ x }) => x === left).map(({ x, width }) => x + width);
  const rightStarts = frames.filter(({ x }) => x !== left).map(({ x }) => x);
  return (Math.max(...leftEnds) + Math.min(...rightStarts)) / 2;
}

/** From a box to the gutter at `x`. */
function wayOut(box: Box, x: number, boxes: readonly Box[]): Point[] {
  const middle = box.x + box.width / 2;
  const side: Point = [x > middle ? box.x + box.width : box.x, box.y + box.height / 2];
  if (isFree(side[1], side[0], x, { box, boxes })) return [side, [x, side[1]]];
  for (let step = 1; step < 60; step++)
    for (const y of [box.y + box.height + step * clear, box.y - step * clear]) {
      if (!isFree(y, middle, x, { box, boxes }) || !isFreeDown(middle, box, y, boxes)) continue;
      const edge = y > box.y ? box.y + box.height : box.y;
      return [
        [middle, edge],
        [middle, y],
        [x, y],
      ];
    }
  return [side, [x, side[1]]];
}

/** Whether no box is on the way along `y`. */
function isFree(
  y: number,
  from: number,
  to: number,
  { box, boxes }: { readonly box: Box; readonly boxes: readonly Box[] },
): boolean {
  const [left, right] = from < to ? [from, to] : [to, from];
  return boxes.every(
    (one) =>
      one === box ||
      one.x > right ||
      one.x + one.width < left ||
      y < one.y - clear / 2 ||
      y > one.y + one.height + clear / 2,
  );
}

/** Whether no other box is on the way from a box up or down to `y`. */
function isFreeDown(x: number, box: Box, y: number, boxes: readonly Box[]): boolean {
  const [top, bottom] = y > box.y ? [box.y + box.height, y] : [y, box.y];
  return boxes.every(
    (one) =>
      one === box ||
      one.y > bottom ||
      one.y + one.height < top ||
      x < one.x - clear / 2 ||
      x > one.x + one.width + clear / 2,
  );
}

/** Without corners that are none; whole px. */
function simplified(points: readonly Point[]): Point[] {
  const whole = points.map(([x, y]): Point => [Math.round(x), Math.round(y)]);
  return whole.filter((point, at) => {
    const before = whole[at - 1];
    const after = whole[at + 1];
    if (!before) return true;
    if (before[0] === point[0] && before[1] === point[1]) return false;
    if (!after) return true;
    const straight =
      (before[0] === point[0] && point[0] === after[0]) ||
      (before[1] === point[1] && point[1] === after[1]);
    return !straight;
  });
}
