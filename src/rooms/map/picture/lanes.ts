import type { Box, Frame } from './drawing.ts';
import { textWidth } from './text-width.ts';
import { quadrantTitles } from './words.ts';

export type Point = readonly [x: number, y: number];

/** px: lines keep so far from the boxes that they pass. */
export const clear = 9;
/** px: nothing runs nearer to a box than this. */
const tooNear = 4;
/** px between lines that run beside each other in a gutter. */
const laneWidth = 7;

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The lanes on which lines between frames may run: along the edges of boxes, out of their middles, and
 * beside each other in the gutters. A stretch leads from one crossing to the next; those that would
 * lead through a box are blocked.
 */
export class Lanes {
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly #columns: ReadonlyMap<number, number>;
  readonly #rows: ReadonlyMap<number, number>;
  readonly #blocked: readonly [across: Uint8Array, down: Uint8Array];
  readonly #frames: readonly Frame[];

  constructor(boxes: readonly Box[], frames: readonly Frame[]) {
    this.#frames = frames;
    this.xs = sorted([
      ...boxes.flatMap(({ x, width }) => [x - clear, middle(x, width), x + width + clear]),
      ...gutterLanes(frames.map(({ x, width }) => [x, x + width])),
    ]);
    this.ys = sorted([
      ...boxes.flatMap(({ y, height }) => [y - clear, middle(y, height), y + height + clear]),
      ...gutterLanes(frames.map(({ y, height }) => [y, y + height])),
    ]);
    this.#columns = new Map(this.xs.map((x, at) => [x, at]));
    this.#rows = new Map(this.ys.map((y, at) => [y, at]));
    const size = this.xs.length * this.ys.length;
    this.#blocked = [new Uint8Array(size), new Uint8Array(size)];
    for (const box of boxes) this.#block(box);
    for (const frame of frames) this.#block(titleOf(frame));
  }

  /** Whether a point lies between the frames, where lines disturb nobody. */
  isBetween([x, y]: Point): boolean {
    return !this.#frames.some(
      (frame) =>
        x >= frame.x && x <= frame.x + frame.width && y >= frame.y && y <= frame.y + frame.height,
    );
  }

  /** Number of a crossing; -1 when no lanes cross there. */
  at([x, y]: Point): number {
    const column = this.#columns.get(x);
    const row = this.#rows.get(y);
    return column === undefined || row === undefined ? -1 : row * this.xs.length + column;
  }

  /** The lanes that lead up and down between two places, and those that lead across. */
  between(axis: 'x' | 'y', from: number, to: number): readonly number[] {
    return this[axis === 'x' ? 'xs' : 'ys'].filter((place) => place >= from && place <= to);
  }

  pointOf(crossing: number): Point {
    const wide = this.xs.length;
    return [this.xs[crossing % wide] ?? 0, this.ys[Math.floor(crossing / wide)] ?? 0];
  }

  /**
   * The crossing beside one: `direction` 0 and 1 to the right and left, 2 and 3 down and up; -1 when
   * there is none, or something is in the way. The stretch to it has the number of `stretchOf`.
   */
  next(crossing: number, direction: number): number {
    const wide = this.xs.length;
    const column = crossing % wide;
    if (direction === 0) return column + 1 < wide && this.#free(0, crossing) ? crossing + 1 : -1;
    if (direction === 1) return column > 0 && this.#free(0, crossing - 1) ? crossing - 1 : -1;
    if (direction === 2)
      return crossing + wide < wide * this.ys.length && this.#free(1, crossing)
        ? crossing + wide
        : -1;
    return crossing >= wide && this.#free(1, crossing - wide) ? crossing - wide : -1;
  }

  /** Number of the stretch from one crossing to the one beside it, in either direction. */
  stretchOf(from: number, to: number): number {
    const along = Math.abs(from - to) === 1 ? 0 : 1;
    return Math.min(from, to) * 2 + along;
  }

  /** The stretches that a way outside the lanes runs along, so near that it would look like one line. */
  near(points: readonly Point[]): number[] {
    return points.slice(1).flatMap((point, at) => this.#nearOne(points[at] ?? point, point));
  }

  #nearOne([ax, ay]: Point, [bx, by]: Point): number[] {
    const wide = this.xs.length;
    const isAcross = ay === by;
    const [same, along] = isAcross ? [this.ys, this.xs] : [this.xs, this.ys];
    const [fixed, from, to] = isAcross
      ? [ay, Math.min(ax, bx), Math.max(ax, bx)]
      : [ax, Math.min(ay, by), Math.max(ay, by)];
    const found: number[] = [];
    for (const [lane, place] of same.entries()) {
      if (Math.abs(place - fixed) >= laneWidth - 2) continue;
      for (const [at, start] of along.entries()) {
        const end = along[at + 1];
        if (end === undefined || end <= from || start >= to) continue;
        found.push((isAcross ? lane * wide + at : at * wide + lane) * 2 + (isAcross ? 0 : 1));
      }
    }
    return found;
  }

  #free(along: 0 | 1, crossing: number): boolean {
    return this.#blocked[along][crossing] === 0;
  }

  #block({ x, y, width, height }: Area): void {
    const wide = this.xs.length;
    const isIn = (from: number, to: number, start: number, length: number): boolean =>
      to > start - tooNear && from < start + length + tooNear;
    for (const [row, top] of this.ys.entries())
      for (const [column, start] of this.xs.entries()) {
        const [right, below] = [this.xs[column + 1] ?? start, this.ys[row + 1] ?? top];
        const crossing = row * wide + column;
        if (isIn(top, top, y, height) && isIn(start, right, x, width))
          this.#blocked[0][crossing] = 1;
        if (isIn(start, start, x, width) && isIn(top, below, y, height))
          this.#blocked[1][crossing] = 1;
      }
  }
}

export const middle = (start: number, length: number): number => Math.round(start + length / 2);

const sorted = (values: readonly number[]): number[] =>
  [...new Set(values)].toSorted((a, b) => a - b);

/** Lanes beside each other between frames, and one outside of them all. */
function gutterLanes(spans: readonly (readonly [start: number, end: number])[]): number[] {
  const starts = sorted(spans.map(([start]) => start));
  const ends = sorted(spans.map(([, end]) => end));
  return ends.flatMap((end) => {
    const next = starts.find((start) => start >= end);
    if (next === undefined || next - end > 120) return [];
    const count = Math.max(0, Math.floor((next - end - 2 * clear) / laneWidth)) + 1;
    const first = middle(end, next - end) - Math.floor(((count - 1) * laneWidth) / 2);
    return Array.from({ length: count }, (_, lane) => first + lane * laneWidth);
  });
}

/** The title of a frame is not written over. */
const titleOf = ({ quadrant, x, y }: Frame): Area => ({
  x: x + 12,
  y: y + 8,
  width: textWidth(quadrantTitles[quadrant], { size: 15, bold: true }) + 24,
  height: 22,
});
