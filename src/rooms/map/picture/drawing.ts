import type { EdgeKind, Quadrant } from '../model.ts';

/**
 * Where everything stands. Whole px, y downwards; the left upper corner of the drawing is 0,0.
 * It depends on the map and on what is expanded, never on health: so what moves is news.
 */
export interface Drawing {
  /** Of the map and of what is expanded. */
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Frame[];
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** Collapsed groups that may be opened, and open ones that may be closed. */
  readonly expandable: readonly string[];
  readonly expanded: readonly string[];
}

/** One quadrant. */
export interface Frame {
  readonly quadrant: Quadrant;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One node, or a collapsed group of them. */
export interface Box {
  /** Of the node; of a group `group:<name>`. */
  readonly id: string;
  readonly quadrant: Quadrant;
  readonly kind: string;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Nodes that it stands for: its own id alone, unless it is a group. */
  readonly nodes: readonly string[];
  readonly pinned: boolean;
}

/** One or more edges, drawn as one between two boxes. */
export interface Line {
  /** Unique in the drawing. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The most binding of the edges that it stands for. */
  readonly kind: EdgeKind;
  /** Ids of these. */
  readonly edges: readonly string[];
  /** Corners from end to end, at least two. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly label?: string;
}
