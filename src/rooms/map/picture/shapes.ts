import type { HealthState } from '../health.ts';
import type { EdgeKind } from '../model.ts';

// The console runs this file as well: it imports nothing but types.

type Point = readonly [x: number, y: number];

/** One stroke or surface of a glyph, in a square of 12 px. */
export interface GlyphPart {
  readonly d: string;
  /** `tone`: the colour of the state; `paper`: what it stands on; left out: not filled. */
  readonly fill?: 'tone' | 'paper';
  readonly stroke?: 'tone' | 'paper';
  /** Of the stroke, px. */
  readonly width?: number;
  readonly dash?: string;
}

const circle = (r: number): string =>
  `M${6 - r} 6a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;

const glyphs: Readonly<Record<HealthState, readonly GlyphPart[]>> = {
  ok: [
    { d: circle(5), fill: 'tone' },
    { d: 'M3.6 6.2L5.3 7.9L8.5 4.4', stroke: 'paper', width: 1.5 },
  ],
  'at-risk': [
    { d: 'M6 1.3L11.2 10.6H.8Z', stroke: 'tone', width: 1.4 },
    { d: 'M6 4.6V7.4M6 8.8V9', stroke: 'tone', width: 1.4 },
  ],
  degraded: [
    { d: 'M6 .3L11.7 6L6 11.7L.3 6Z', fill: 'tone' },
    { d: 'M6 3.2V6.6M6 8.4V8.7', stroke: 'paper', width: 1.5 },
  ],
  down: [
    { d: 'M1 1H11V11H1Z', fill: 'tone' },
    { d: 'M3.6 3.6L8.4 8.4M8.4 3.6L3.6 8.4', stroke: 'paper', width: 1.6 },
  ],
  'no-evidence': [
    { d: circle(5), stroke: 'tone', width: 1.2, dash: '2.2 1.7' },
    { d: 'M4.6 4.9a1.5 1.5 0 1 1 2.1 1.3Q6 6.5 6 7.2M6 8.7V8.9', stroke: 'tone', width: 1.1 },
  ],
};

/** The sign of a state: each has its own shape, so that it is told without colour. */
export const glyphOf = (state: HealthState): readonly GlyphPart[] => glyphs[state];

const cylinder =
  'M2.5 4C2.5 2.6 5 2 8 2s5.5.6 5.5 2v8c0 1.4-2.5 2-5.5 2s-5.5-.6-5.5-2ZM2.5 4c0 1.4 2.5 2 5.5 2s5.5-.6 5.5-2';
const person = 'M8 8a3 3 0 1 0 0-6a3 3 0 1 0 0 6ZM2.5 14c0-3 2.5-4.5 5.5-4.5s5.5 1.5 5.5 4.5';
const gear =
  'M8 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5ZM8 1.5V3.5M8 12.5V14.5M1.5 8H3.5M12.5 8H14.5M3.4 3.4L4.8 4.8M11.2 11.2L12.6 12.6M12.6 3.4L11.2 4.8M4.8 11.2L3.4 12.6';
const server = 'M2.5 2.5H13.5V7H2.5ZM2.5 9H13.5V13.5H2.5ZM5 4.75H5.2M5 11.25H5.2';
const windowPath = 'M2 3H14V13H2ZM2 6H14M4 4.5H4.2';
const globe = 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12ZM2 8H14M8 2c-4 3.5-4 8.5 0 12c4-3.5 4-8.5 0-12';
const plain = 'M2.5 3.5H13.5V12.5H2.5Z';

/** Drawn with strokes only, in a square of 16 px. */
const icons: Readonly<Record<string, string>> = {
  actor: person,
  role: 'M6 7.5a2.5 2.5 0 1 0 0-5a2.5 2.5 0 1 0 0 5ZM1.5 13.5c0-3 2-4 4.5-4s4.5 1 4.5 4M11 5L12.5 6.5L15 3.5',
  team: 'M5.5 7.5a2.3 2.3 0 1 0 0-4.6a2.3 2.3 0 1 0 0 4.6ZM1 13.5c0-3 2-4 4.5-4s4.5 1 4.5 4M10.5 7.5a2.3 2.3 0 1 0 0-4.6M12 9.6c1.8.400 3 1.6 3 3.9',
  supplier: 'M2 13.5V6L8 2.5L14 6V13.5ZM6 13.5V9H10V13.5',
  step: 'M2 4H10.5L14 8L10.5 12H2L5 8Z',
  board: 'M2 2.5H14V13.5H2ZM6 2.5V13.5M10 2.5V13.5',
  repository:
    'M5 11V5M5 5a1.6 1.6 0 1 0 0-3.2a1.6 1.6 0 1 0 0 3.2ZM5 14.2a1.6 1.6 0 1 0 0-3.2a1.6 1.6 0 1 0 0 3.2ZM11 6.5a1.6 1.6 0 1 0 0-3.2a1.6 1.6 0 1 0 0 3.2ZM11 6.5C11 9 8 9 5 10',
  'build-server': gear,
  'artifact-store': 'M8 1.8L14 5V11L8 14.2L2 11V5ZM2 5L8 8L14 5M8 8V14.2',
  environment: 'M8 2L14 5L8 8L2 5ZM2 8L8 11L14 8M2 11L8 14L14 11',
  test: 'M6 2H10M7 2V6L3 13.5H13L9 6V2',
  'load-balancer':
    'M8 1.5V6M8 6L3 10M8 6V10M8 6L13 10M1.5 10H4.5V13H1.5ZM6.5 10H9.5V13H6.5ZM11.5 10H14.5V13H11.5Z',
  cdn: globe,
  dns: globe,
  web: windowPath,
  app: windowPath,
  gateway: 'M2 13.5V6a6 4 0 0 1 12 0V13.5M5.5 13.5V8a2.5 2 0 0 1 5 0V13.5',
  service: 'M8 1.8L13.5 5V11L8 14.2L2.5 11V5Z',
  api: 'M5.5 3L2 8L5.5 13M10.5 3L14 8L10.5 13',
  job: 'M13.5 8a5.5 5.5 0 1 1-2-4.2M11.5 1.5V4H9M8 5V8L10 9.5',
  library: 'M3 2.5V13.5M6 2.5V13.5M9 3L12.5 13.3',
  database: cylinder,
  cache: 'M9 1.5L3.5 9H8L7 14.5L12.5 7H8Z',
  queue: 'M1.5 5H5V11H1.5ZM6.2 5H9.8V11H6.2ZM11 5H14.5V11H11Z',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9a4.5 4.5 0 1 0 0 9ZM10.3 10.3L14 14',
  storage: 'M2.5 3.5H13.5L12 13.5H4ZM2.7 6H13.2',
  mail: 'M2 3.5H14V12.5H2ZM2 4L8 8.5L14 4',
  host: server,
  cluster: 'M6 1.5H10V5H6ZM1.5 11H5.5V14.5H1.5ZM10.5 11H14.5V14.5H10.5ZM8 5V8M3.5 11V8H12.5V11',
  network:
    'M8 5a1.5 1.5 0 1 0 0-3a1.5 1.5 0 1 0 0 3ZM3.5 13.5a1.5 1.5 0 1 0 0-3a1.5 1.5 0 1 0 0 3ZM12.5 13.5a1.5 1.5 0 1 0 0-3a1.5 1.5 0 1 0 0 3ZM7.3 4.8L4.3 10.7M8.7 4.8L11.7 10.7M5 12H11',
  external: 'M6.5 3H2.5V13.5H13V9.5M9 2H14V7M14 2L7.5 8.5',
  monitor: 'M1.5 8H4.5L6.5 3L9.5 13L11.5 8H14.5',
  system: 'M2.5 2.5H7V7H2.5ZM9 2.5H13.5V7H9ZM2.5 9H7V13.5H2.5ZM9 9H13.5V13.5H9Z',
};

/** The picture of a kind of node, for strokes in a square of 16 px; a plain box for other words. */
export const iconOf = (kind: string): string =>
  Object.hasOwn(icons, kind) ? (icons[kind] ?? plain) : plain;

/** How a line is drawn. */
export interface LineStyle {
  /** px */
  readonly width: number;
  readonly dash?: string;
  /** Two thin lines beside each other: drawn wide, and once more in the colour of the ground. */
  readonly double?: boolean;
  readonly round?: boolean;
}

const lineStyles: Readonly<Record<EdgeKind, LineStyle>> = {
  flow: { width: 1.1 },
  hard: { width: 1.9 },
  soft: { width: 1.4, dash: '6 4' },
  member: { width: 4, double: true },
  escalation: { width: 1.7, dash: '0.1 4.5', round: true },
};

export const lineStyleOf = (kind: EdgeKind): LineStyle => lineStyles[kind];

const bend = 7;
const headLength = 8;
const headWidth = 4;
const round = (value: number): number => Math.round(value * 10) / 10;

/** A little way from a corner towards another point, at most half of it. */
function towards([x, y]: Point, [toX, toY]: Point, most: number): Point {
  const length = Math.hypot(toX - x, toY - y) || 1;
  const part = Math.min(most, length / 2) / length;
  return [round(x + (toX - x) * part), round(y + (toY - y) * part)];
}

/** A way along corners, each a little rounded; the data of an SVG path. */
export function pathOf(points: readonly Point[]): string {
  return points
    .map((point, at) => {
      const before = points[at - 1];
      const after = points[at + 1];
      if (!before) return `M${point[0]} ${point[1]}`;
      if (!after) return `L${point[0]} ${point[1]}`;
      const [ax, ay] = towards(point, before, bend);
      const [bx, by] = towards(point, after, bend);
      return `L${ax} ${ay}Q${point[0]} ${point[1]} ${bx} ${by}`;
    })
    .join('');
}

/** The head of the arrow at the end of a way; empty when there is no way. */
export function arrowOf(points: readonly Point[]): string {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return '';
  const length = Math.hypot(tip[0] - before[0], tip[1] - before[1]) || 1;
  const ux = (tip[0] - before[0]) / length;
  const uy = (tip[1] - before[1]) / length;
  const [x, y] = [tip[0] - ux * headLength, tip[1] - uy * headLength];
  const corner = (side: number): string =>
    `${round(x - uy * headWidth * side)} ${round(y + ux * headWidth * side)}`;
  return `M${tip[0]} ${tip[1]}L${corner(1)}L${corner(-1)}Z`;
}

/** The way without the room for the head of the arrow. */
export function shaftOf(points: readonly Point[]): readonly Point[] {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return points;
  return [...points.slice(0, -1), towards(tip, before, headLength - 1)];
}

/** Where a label stands, and which end of it; beside the last stretch, which is of no other line. */
export interface LabelSpot {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle';
}

/** Beside the arrow where it comes down or up; above it, where it comes from the side. */
export function labelSpot(points: readonly Point[]): LabelSpot {
  const [tipX, tipY] = points.at(-1) ?? [0, 0];
  const [x, y] = points.at(-2) ?? [0, 0];
  if (tipX === x) {
    // No higher up than it is unmistakably of this arrow.
    const from = Math.abs(tipY - y) > 40 ? tipY + Math.sign(y - tipY) * 40 : y;
    return { x: tipX + 6, y: round((tipY + from) / 2), anchor: 'start' };
  }
  return { x: round((tipX + x) / 2), y: tipY - 8, anchor: 'middle' };
}
