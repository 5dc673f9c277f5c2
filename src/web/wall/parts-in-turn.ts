import type { DrawingAnswer } from '../../server/api/contract-map-drawing.ts';

/** A part of the drawing, px of the drawing. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Left out of the whole. */
  readonly quadrant?: Quadrant;
}

type Quadrant = DrawingAnswer['boxes'][number]['quadrant'];

const air = 12;

/** The whole map; where quadrants take turns, also each that has something in it, one after another. */
export function partsOf(drawing: DrawingAnswer, inTurn: boolean): readonly Part[] {
  const whole = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  if (!inTurn) return [whole];
  return [whole, ...drawing.frames.flatMap(({ quadrant }) => around(drawing, quadrant) ?? [])];
}

/** As large as its boxes are: the frames of neighbours make a frame larger than it need be. */
function around({ boxes }: DrawingAnswer, quadrant: Quadrant): Part | undefined {
  const own = boxes.filter((box) => box.quadrant === quadrant);
  if (own.length === 0) return undefined;
  const x = Math.min(...own.map((box) => box.x));
  const y = Math.min(...own.map((box) => box.y));
  const width = Math.max(...own.map((box) => box.x + box.width)) - x;
  const height = Math.max(...own.map((box) => box.y + box.height)) - y;
  return { x, y, width, height, quadrant };
}

/** Which of so many stands now (ms since the epoch), when each stands for `every` ms. */
export const turnAt = (now: number, every: number | undefined, count: number): number =>
  every === undefined ? 0 : Math.floor(now / every) % Math.max(1, count);

/** How large a part is drawn in a window: as large as fits, with a little air around it. */
export function scaleOf(part: Part, width: number, height: number): number {
  const across = width / (part.width + 2 * air);
  return Math.min(across, height / (part.height + 2 * air), largest);
}
/** A map of three nodes need not fill a wall. */
const largest = 3;

/** The `viewBox` that shows a part in the middle of a window. */
export function viewBoxOf(part: Part, width: number, height: number): string {
  const scale = scaleOf(part, width, height);
  const [w, h] = [width / scale, height / scale];
  const x = part.x + part.width / 2 - w / 2;
  const y = part.y + part.height / 2 - h / 2;
  return [x, y, w, h].map((one) => one.toFixed(1)).join(' ');
}

/** What of a drawing belongs to a part: of one quadrant its own boxes, and the lines among them. */
export function shownOf(
  { frames, boxes, lines }: DrawingAnswer,
  { quadrant }: Part,
): Pick<DrawingAnswer, 'frames' | 'boxes' | 'lines'> {
  if (quadrant === undefined) return { frames, boxes, lines };
  const own = boxes.filter((box) => box.quadrant === quadrant);
  const ids = new Set(own.map(({ id }) => id));
  return {
    frames: [],
    boxes: own,
    lines: lines.filter(({ from, to }) => ids.has(from) && ids.has(to)),
  };
}

/** What is left for the picture beside the processes, and below them. px */
const beside = { width: 1_340, height: 930 };
const below = { width: 1_848, height: 730 };

/** Where the processes stand, so that the picture gets as large as it can. */
export function sideFor(drawing: Part | undefined, processes: number): 'left' | 'top' {
  if (processes > 4 || drawing === undefined) return 'left';
  const scaleIn = ({ width, height }: typeof beside): number => scaleOf(drawing, width, height);
  return scaleIn(below) > scaleIn(beside) ? 'top' : 'left';
}
