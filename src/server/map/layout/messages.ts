import type { ElkNode } from 'elkjs/lib/elk-api.js';

/** Graphs to be laid out, each by itself. */
export interface LayoutOrder {
  readonly id: number;
  readonly graphs: readonly ElkNode[];
}

export type LayoutAnswer =
  | { readonly id: number; readonly graphs: readonly ElkNode[] }
  | { readonly id: number; readonly failed: string };
