import { type Quadrant, quadrants } from '../model.ts';
import type { Frame } from './drawing.ts';
import type { Plan, Spot } from './plan.ts';
import type { SheetBox } from './sheet.ts';

/** px */
const pad = 20;
const head = 40;
const gutter = 58;
const between = 34;
const leastWidth = 320;
const leastHeight = 150;
/** What a screen has beside its bars: the drawing is to be as large as can be in it. */
const screen = { width: 1_700, height: 800 };

/** Development above the pipeline on the left, production above support on the right. */
const columns = [
  ['development', 'pipeline'],
  ['production', 'support'],
] as const;

export type Plans = Readonly<Record<Quadrant, Plan>>;
export type Candidates = Readonly<Record<Quadrant, readonly Plan[]>>;

/** Of several plans of each quadrant those that fill a screen best together; of equals the first. */
export function choose(candidates: Candidates, boxes: readonly SheetBox[]): Plans {
  let best: { plans: Plans; scale: number } | undefined;
  for (const plans of combinations(candidates)) {
    const { width, height } = sizeOf(framesOf(plans, boxes));
    const bad = quadrants.reduce((product, one) => product * (plans[one].handicap ?? 1), 1);
    const scale = Math.min(screen.width / width, screen.height / height) / bad;
    if (!best || scale > best.scale * 1.01) best = { plans, scale };
  }
  return best?.plans ?? noPlans;
}

function combinations(candidates: Candidates): Plans[] {
  return quadrants.reduce<Plans[]>(
    (sets, quadrant) =>
      sets.flatMap((plans) => candidates[quadrant].map((plan) => ({ ...plans, [quadrant]: plan }))),
    [noPlans],
  );
}

const noPlan: Plan = { width: 0, height: 0, spots: new Map(), ways: new Map() };
const noPlans: Plans = {
  development: noPlan,
  pipeline: noPlan,
  production: noPlan,
  support: noPlan,
};

export const sizeOf = (frames: readonly Frame[]): { width: number; height: number } => ({
  width: Math.max(...frames.map(({ x, width }) => x + width)),
  height: Math.max(...frames.map(({ y, height }) => y + height)),
});

/**
 * The frames of four plans, in the order of `quadrants`. Those of a column are equally wide, and both
 * columns equally high; what is left over goes to the frames in the measure of their heights.
 */
export function framesOf(plans: Plans, boxes: readonly SheetBox[]): Frame[] {
  const sizes = Object.fromEntries(
    quadrants.map((quadrant) => [quadrant, frameSize(plans[quadrant], pinnedIn(boxes, quadrant))]),
  ) as Record<Quadrant, { width: number; height: number }>; // of all quadrants
  const heights = columns.map(
    ([above, below]) => sizes[above].height + between + sizes[below].height,
  );
  const height = Math.max(...heights);
  let x = 0;
  return columns.flatMap(([above, below], at) => {
    const width = Math.max(sizes[above].width, sizes[below].width);
    const spare = height - (heights[at] ?? height);
    const part = sizes[above].height / (sizes[above].height + sizes[below].height);
    const first = sizes[above].height + Math.round(spare * part);
    const left = x;
    x += width + gutter;
    const y = first + between;
    return [
      { quadrant: above, x: left, y: 0, width, height: first },
      { quadrant: below, x: left, y, width, height: height - y },
    ];
  });
}

const pinnedIn = (boxes: readonly SheetBox[], quadrant: Quadrant): SheetBox[] =>
  boxes.filter((box) => box.quadrant === quadrant && box.at);

function frameSize({ width, height }: Plan, pinned: readonly SheetBox[]) {
  const right = pinned.map((box) => (box.at?.x ?? 0) + box.width);
  const below = pinned.map((box) => (box.at?.y ?? 0) + box.height);
  return {
    width: Math.round(Math.max(leastWidth, Math.max(width, ...right) + 2 * pad)),
    height: Math.round(Math.max(leastHeight, Math.max(height, ...below) + head + pad)),
  };
}

/** Where what is pinned is measured from. */
export const innerCorner = ({ x, y }: Frame): Spot => ({ x: x + pad, y: y + head });

/**
 * Where a plan begins in its frame: in the middle, from side to side; and from top to bottom on the
 * left, while on the right the first row stays on top.
 */
export function planCorner(frame: Frame, { width, height }: Plan): Spot {
  const isTop = frame.quadrant === 'production' || frame.quadrant === 'support';
  const wide = Math.max(0, frame.width - 2 * pad - width);
  const high = isTop ? 0 : Math.max(0, frame.height - head - pad - height);
  const { x, y } = innerCorner(frame);
  return { x: x + Math.round(wide / 2), y: y + Math.round(high / 2) };
}
