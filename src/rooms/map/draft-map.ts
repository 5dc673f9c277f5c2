import type { EdgeKind, Quadrant } from './model.ts';

/** A node as it would be written in map.yaml; what is undefined is left out. */
export interface DraftNode {
  readonly id: string;
  readonly quadrant: Quadrant;
  readonly kind: string;
  readonly title?: string;
  readonly description?: string;
  readonly owner?: string;
  readonly group?: string;
  /** Always in the first row of its quadrant. */
  readonly anchor?: boolean;
  readonly supplier?: string;
  /** Fields by which events name it: `service`, `source`, `repository`, … */
  readonly names?: Readonly<Record<string, string>>;
  /** Why it is there: `seen 1,204 times, last 2026-11-26T03:00:00Z`. */
  readonly comment?: string;
}

export interface DraftEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: Exclude<EdgeKind, 'member'>;
  readonly comment?: string;
}

/** Part of a map that was not written by hand: imported, or made of what was seen. */
export interface MapDraft {
  readonly nodes: readonly DraftNode[];
  readonly edges: readonly DraftEdge[];
}
