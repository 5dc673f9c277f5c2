import type { SheetBox } from './sheet.ts';

/** A place within a quadrant, px. */
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
  /** By id of the line: the corners. */
  readonly ways: ReadonlyMap<string, readonly Spot[]>;
  /** Above 1: how much larger the picture must become by it before it is taken. */
  readonly handicap?: number;
}

/** px between boxes that stand beside each other. */
const gap = 22;

/** Boxes without lines in rows below a plan, no wider than it or than `least`. */
export function withLoners(plan: Plan, loners: readonly SheetBox[], least: number): Plan {
  if (loners.length === 0) return plan;
  const room = Math.max(plan.width, least);
  const spots = new Map(plan.spots);
  let x = 0;
  let y = plan.height === 0 ? 0 : plan.height + gap;
  let width = plan.width;
  for (const box of loners) {
    if (x > 0 && x + box.width > room) [x, y] = [0, y + box.height + gap];
    spots.set(box.id, { x, y });
    x += box.width + gap;
    width = Math.max(width, x - gap);
  }
  return { ...plan, width, height: y + (loners[0]?.height ?? 0), spots };
}

/** Boxes in rows, when nothing better can be had. */
export function gridPlan(boxes: readonly SheetBox[]): Plan {
  const nothing = { width: 0, height: 0, spots: new Map(), ways: new Map() };
  const area = boxes.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  return withLoners(nothing, boxes, Math.sqrt(area * 1.7));
}
