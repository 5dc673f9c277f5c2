import type { Box, Drawing, Frame, Line } from './drawing.ts';
import {
  type Candidates,
  type Plans,
  choose,
  framesOf,
  innerCorner,
  planCorner,
  sizeOf,
} from './frames.ts';
import type { Point } from './lanes.ts';
import { type Asked, routeLines } from './route.ts';
import type { Sheet, SheetBox, SheetLine } from './sheet.ts';

/**
 * Puts four quadrants together: each in its frame, and leads the lines between them. Pinned boxes
 * stand where they were put; what would be below them makes room.
 */
export function compose(sheet: Sheet, candidates: Candidates, hash: string): Drawing {
  const plans = choose(candidates, sheet.boxes);
  const frames = framesOf(plans, sheet.boxes);
  const { boxes, moved } = place(sheet.boxes, frames, plans);
  return {
    hash,
    ...sizeOf(frames),
    frames,
    boxes,
    lines: linesOf(sheet, { boxes, frames, plans, moved }),
    expandable: sheet.expandable,
    expanded: sheet.expanded,
  };
}

interface Placed {
  readonly boxes: readonly Box[];
  /** Ids of those that do not stand where they were laid out. */
  readonly moved: ReadonlySet<string>;
}

function place(boxes: readonly SheetBox[], frames: readonly Frame[], plans: Plans): Placed {
  const moved = new Set<string>();
  const placed = new Map<string, Box>();
  // The pinned ones first: others make room for them.
  for (const box of boxes.toSorted((a, b) => Number(!a.at) - Number(!b.at))) {
    const frame = frames.find(({ quadrant }) => quadrant === box.quadrant);
    if (!frame) continue;
    const from = box.at ? innerCorner(frame) : planCorner(frame, plans[box.quadrant]);
    const spot = box.at ?? plans[box.quadrant].spots.get(box.id) ?? { x: 0, y: 0 };
    const { id, quadrant, kind, title, nodes, width, height } = box;
    const pinned = box.at !== undefined;
    const wanted = { x: Math.round(from.x + spot.x), y: Math.round(from.y + spot.y) };
    const one = { id, quadrant, kind, title, ...wanted, width, height, nodes, pinned };
    const free = pinned
      ? one
      : freeSpot(
          one,
          [...placed.values()].filter((other) => other.pinned),
        );
    if (pinned || free !== one) moved.add(id);
    placed.set(id, free);
  }
  return { boxes: boxes.flatMap(({ id }) => placed.get(id) ?? []), moved };
}

/** As near as it can be, going down. */
function freeSpot(box: Box, pinned: readonly Box[]): Box {
  let free = box;
  for (let tries = 0; tries <= pinned.length; tries++) {
    const other = pinned.find((one) => overlaps(one, free));
    if (!other) return free;
    free = { ...free, y: other.y + other.height + apart };
  }
  return free;
}

/** px that a box keeps from a pinned one. */
const apart = 14;

const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width + apart &&
  b.x < a.x + a.width + apart &&
  a.y < b.y + b.height + apart &&
  b.y < a.y + a.height + apart;

interface Composed extends Placed {
  readonly frames: readonly Frame[];
  readonly plans: Plans;
}

function linesOf({ lines }: Sheet, composed: Composed): Line[] {
  const { boxes, frames } = composed;
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const ways = new Map<string, readonly Point[]>();
  const asked: Asked[] = [];
  for (const line of lines) {
    const [from, to] = [byId.get(line.from), byId.get(line.to)];
    if (!from || !to) continue;
    const way = wayWithin(line, from, composed);
    if (way) ways.set(line.id, way);
    else asked.push({ id: line.id, from, to });
  }
  const there = lines.flatMap(({ id, from, to }) => {
    const points = ways.get(id);
    return points ? [{ from, to, points }] : [];
  });
  const led = routeLines(asked, { boxes, frames, ways: there });
  return lines.flatMap((line) => {
    const points = ways.get(line.id) ?? led.get(line.id);
    return points ? [{ ...line, points }] : [];
  });
}

/** The way that the layout found, unless one of the ends stands elsewhere. */
function wayWithin(
  { id, from, to }: SheetLine,
  { quadrant }: Box,
  { frames, plans, moved }: Composed,
): readonly Point[] | undefined {
  const way = plans[quadrant].ways.get(id);
  const frame = frames.find((one) => one.quadrant === quadrant);
  if (!way || !frame || moved.has(from) || moved.has(to)) return undefined;
  const { x, y } = planCorner(frame, plans[quadrant]);
  return way.map((spot): Point => [Math.round(x + spot.x), Math.round(y + spot.y)]);
}
