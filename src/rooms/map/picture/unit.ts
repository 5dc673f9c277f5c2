import type { Quadrant } from '../model.ts';

/** A node, or several that are drawn as one until they are opened. */
export interface Unit {
  /** Of the node, or `group:<name>`. */
  readonly id: string;
  /** Only of a group: by what it is opened. */
  readonly name?: string;
  readonly title: string;
  readonly quadrant: Quadrant;
  readonly kind: string;
  readonly owner: string | undefined;
  /** Ids, in the order of the map. */
  readonly nodes: readonly string[];
  readonly parts: readonly Unit[];
  readonly anchor: boolean;
  /** A process needs it, or people look for it: it stays visible as long as possible. */
  readonly kept: boolean;
  readonly at?: { readonly x: number; readonly y: number };
}
