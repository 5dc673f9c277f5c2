type Point = readonly [x: number, y: number];

const bend = 7;
const headLength = 8;
const headWidth = 4;

/** A way along corners, each a little rounded. */
export function pathOf(points: readonly Point[]): string {
  return points
    .map((point, at) => {
      const before = points[at - 1];
      const after = points[at + 1];
      if (!before) return `M${point[0]} ${point[1]}`;
      if (!after) return `L${point[0]} ${point[1]}`;
      const [ax, ay] = towards(point, before);
      const [bx, by] = towards(point, after);
      return `L${ax} ${ay}Q${point[0]} ${point[1]} ${bx} ${by}`;
    })
    .join('');
}

/** A little way from a corner towards another point, at most half of it. */
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const length = Math.hypot(toX - x, toY - y) || 1;
  const part = Math.min(bend, length / 2) / length;
  return [round(x + (toX - x) * part), round(y + (toY - y) * part)];
}

/** The head of the arrow at the end of a way. */
export function arrowOf(points: readonly Point[]): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return '';
  const length = Math.hypot(tip[0] - before[0], tip[1] - before[1]) || 1;
  const ux = (tip[0] - before[0]) / length;
  const uy = (tip[1] - before[1]) / length;
  const x = tip[0] - ux * headLength;
  const y = tip[1] - uy * headLength;
  return `M${tip[0]} ${tip[1]}L${round(x - uy * headWidth)} ${round(y + ux * headWidth)}L${round(x + uy * headWidth)} ${round(y - ux * headWidth)}Z`;
}

/** The middle of the longest stretch: where a label has most room. */
export function middleOfLine(points: readonly Point[]): Point {
  let best: Point = points[0] ?? [0, 0];
  let longest = -1;
  for (const [at, [x, y]] of points.entries()) {
    const next = points[at + 1];
    if (!next) break;
    const length = Math.hypot(next[0] - x, next[1] - y);
    if (length > longest) [longest, best] = [length, [(x + next[0]) / 2, (y + next[1]) / 2]];
  }
  return best;
}

const round = (value: number): number => Math.round(value * 10) / 10;
