import type { Box, Frame } from './drawing.ts';
import { Heap } from './heap.ts';
import { Lanes, type Point, clear, middle } from './lanes.ts';

/** A line to be led from box to box. */
export interface Asked {
  readonly id: string;
  readonly from: Box;
  readonly to: Box;
}

/** What is there already. */
export interface Scene {
  readonly boxes: readonly Box[];
  readonly frames: readonly Frame[];
  readonly ways: readonly {
    readonly from: string;
    readonly to: string;
    readonly points: readonly Point[];
  }[];
}

/** What a corner costs, in px of way. */
const corner = 26;
/** Lines with a common end may run as one; others are kept apart, if that does not take them far. */
const together = 0.55;
const onTop = 2.2;
/** Within frames a way costs more than between them. */
const inFrame = 1.5;
/** px from the corners of a box in which no line begins. */
const fromCorner = 14;
/** Work on one drawing, in steps: more than that, and the rest is led without looking around. */
const mostSteps = 1_500_000;
/** With more boxes nobody can follow a line by eye, and looking around takes seconds. */
const manyBoxes = 200;

/**
 * Leads lines along lanes: around boxes, with few corners, beside each other where they have nothing
 * in common. The same scene gives the same ways.
 */
export function routeLines(asked: readonly Asked[], scene: Scene): Map<string, readonly Point[]> {
  if (scene.boxes.length > manyBoxes)
    return new Map(asked.map((line) => [line.id, plainWay(line, scene.frames)]));
  const router = new Router(scene);
  const shortFirst = asked.toSorted(
    (a, b) => distance(a.from, a.to) - distance(b.from, b.to) || (a.id < b.id ? -1 : 1),
  );
  return new Map(shortFirst.map((line) => [line.id, router.lead(line)]));
}

interface Ends {
  readonly from: string;
  readonly to: string;
}

class Router {
  readonly #scene: Scene;
  readonly #lanes: Lanes;
  /** Who runs along a stretch. */
  readonly #users = new Map<number, Ends[]>();
  /** Where lines are at boxes already. */
  readonly #docks = new Map<string, { readonly point: Point; readonly out: boolean }[]>();
  #steps = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#lanes = new Lanes(scene.boxes, scene.frames);
    for (const way of scene.ways) {
      this.#use(this.#lanes.near(way.points), way);
      this.#dock(way);
    }
  }

  lead(line: Asked): readonly Point[] {
    const found = this.#search(line);
    if (!found) return plainWay(line, this.#scene.frames);
    const ends = { from: line.from.id, to: line.to.id };
    const stretches = found.slice(1).map((to, at) => this.#lanes.stretchOf(found[at] ?? to, to));
    this.#use(stretches, ends);
    const points = found.map((crossing) => this.#lanes.pointOf(crossing));
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return plainWay(line, this.#scene.frames);
    const way = withoutStops([edgePoint(line.from, first), ...points, edgePoint(line.to, last)]);
    this.#dock({ ...ends, points: way });
    return way;
  }

  /** Remembers where a line leaves and reaches its boxes. */
  #dock({ from, to, points }: Scene['ways'][number]): void {
    const [first, last] = [points[0], points.at(-1)];
    for (const [box, point, out] of [
      [from, first, true],
      [to, last, false],
    ] as const) {
      if (!point) continue;
      const docks = this.#docks.get(box);
      if (docks) docks.push({ point, out });
      else this.#docks.set(box, [{ point, out }]);
    }
  }

  #use(stretches: readonly number[], { from, to }: Ends): void {
    for (const stretch of stretches) {
      const users = this.#users.get(stretch);
      if (users) users.push({ from, to });
      else this.#users.set(stretch, [{ from, to }]);
    }
  }

  /** The crossings of the cheapest way; undefined when there is none, or it takes too long. */
  #search({ from, to }: Asked): readonly number[] | undefined {
    const ends = { from: from.id, to: to.id };
    const goals = new Map(this.#doors(to, false).map(({ state, cost }) => [state ^ 1, cost]));
    const open = new Heap<number>();
    const best = new Map<number, number>();
    const before = new Map<number, number>();
    for (const { state, cost } of this.#doors(from, true)) {
      best.set(state, cost);
      open.push(cost + this.#left(state, to), state);
    }
    const done = new Set<number>();
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (done.has(state)) continue;
      done.add(state);
      if (state === goalState) return this.#wayTo(before, state);
      if (++this.#steps > mostSteps) return undefined;
      const cost = best.get(state) ?? 0;
      const goal = goals.get(state);
      const steps = this.#stepsFrom(state, ends);
      if (goal !== undefined) steps.push({ state: goalState, cost: goal });
      for (const step of steps) {
        const whole = cost + step.cost;
        if (whole >= (best.get(step.state) ?? Infinity)) continue;
        best.set(step.state, whole);
        before.set(step.state, state);
        open.push(whole + (step.state === goalState ? 0 : this.#left(step.state, to)), step.state);
      }
    }
    return undefined;
  }

  #stepsFrom(state: number, ends: Ends): { state: number; cost: number }[] {
    const crossing = Math.floor(state / 4);
    const heading = state % 4;
    const steps: { state: number; cost: number }[] = [];
    for (let direction = 0; direction < 4; direction++) {
      // Back is no way on: right and left, down and up differ in the last bit.
      if ((direction ^ 1) === heading) continue;
      const next = this.#lanes.next(crossing, direction);
      if (next < 0) continue;
      const cost = this.#costOf(crossing, next, ends) + (direction === heading ? 0 : corner);
      steps.push({ state: next * 4 + direction, cost });
    }
    return steps;
  }

  #costOf(from: number, to: number, ends: Ends): number {
    const [ax, ay] = this.#lanes.pointOf(from);
    const [bx, by] = this.#lanes.pointOf(to);
    const far = Math.abs(ax - bx) + Math.abs(ay - by);
    const length = this.#lanes.isBetween([(ax + bx) / 2, (ay + by) / 2]) ? far : far * inFrame;
    const users = this.#users.get(this.#lanes.stretchOf(from, to));
    if (!users) return length;
    const isAlike = users.every((user) => user.from === ends.from || user.to === ends.to);
    return isAlike ? length * together : length * onTop + 8;
  }

  /** Px that are left at least, from a state to a box. */
  #left(state: number, { x, y, width, height }: Box): number {
    const [px, py] = this.#lanes.pointOf(Math.floor(state / 4));
    return (
      Math.max(x - px, 0, px - x - width) * together +
      Math.max(y - py, 0, py - y - height) * together
    );
  }

  /** Where a line may leave a box, heading away from it: best out of the middle of a side. */
  #doors(box: Box, out: boolean): { state: number; cost: number }[] {
    const { x, y, width, height } = box;
    // Lines within a frame use the other sides.
    const isAcross = box.quadrant === 'development' || box.quadrant === 'pipeline';
    const tops = this.#lanes.between('x', x + fromCorner, x + width - fromCorner);
    const sides = this.#lanes.between('y', y + fromCorner, y + height - fromCorner);
    const doors: readonly (readonly [Point, number])[] = [
      ...sides.map((side) => [[x + width + clear, side], 0] as const),
      ...sides.map((side) => [[x - clear, side], 1] as const),
      ...tops.map((top) => [[top, y + height + clear], 2] as const),
      ...tops.map((top) => [[top, y - clear], 3] as const),
    ];
    return doors.flatMap(([point, heading]) => {
      const crossing = this.#lanes.at(point);
      if (crossing < 0) return [];
      const edge = edgePoint(box, point);
      const off = Math.abs(edge[0] - middle(x, width)) % (width / 2);
      const offMiddle = heading < 2 ? Math.abs(edge[1] - middle(y, height)) : off;
      const cost =
        (isAcross === heading < 2 ? 30 : 0) + offMiddle * 0.4 + this.#crowd(box, edge, out);
      return [{ state: crossing * 4 + heading, cost }];
    });
  }

  /** What it costs to be where other lines are: two arrows into a box may share its door, in and out not. */
  #crowd({ id }: Box, [x, y]: Point, out: boolean): number {
    const there = (this.#docks.get(id) ?? []).filter(
      ({ point }) => Math.abs(point[0] - x) < 8 && Math.abs(point[1] - y) < 8,
    );
    return there.some((dock) => dock.out !== out) ? 90 : there.length > 0 ? 12 : 0;
  }

  #wayTo(before: ReadonlyMap<number, number>, state: number): number[] {
    const way: number[] = [];
    for (let at = before.get(state); at !== undefined; at = before.get(at))
      way.push(Math.floor(at / 4));
    return way.toReversed();
  }
}

/** Beyond all doors of the box that is looked for. */
const goalState = -1;

const distance = (a: Box, b: Box): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

/** Where the way that begins outside of a box meets its edge. */
function edgePoint({ x, y, width, height }: Box, [px, py]: Point): Point {
  return [Math.min(Math.max(px, x), x + width), Math.min(Math.max(py, y), y + height)];
}

/** Sideways into the gutter between the columns, along it, and in again, whatever is in the way. */
function plainWay({ from, to }: Asked, frames: readonly Frame[]): Point[] {
  const left = Math.min(...frames.map(({ x }) => x));
  const ends = frames.filter(({ x }) => x === left).map(({ x, width }) => x + width);
  const gutter = Math.round(Math.max(...ends) + clear);
  const door = ({ x, y, width, height }: Box): Point => [
    gutter > x + width / 2 ? x + width : x,
    middle(y, height),
  ];
  const [a, b] = [door(from), door(to)];
  return withoutStops([a, [gutter, a[1]], [gutter, b[1]], b]);
}

/** Without points at which a way does not turn. */
function withoutStops(points: readonly Point[]): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const [before, last] = [kept.at(-2), kept.at(-1)];
    if (last && last[0] === point[0] && last[1] === point[1]) continue;
    const isStraight =
      before !== undefined &&
      last !== undefined &&
      ((before[0] === last[0] && last[0] === point[0]) ||
        (before[1] === last[1] && last[1] === point[1]));
    if (isStraight) kept.pop();
    kept.push(point);
  }
  return kept;
}
