import type { DraftEdge, DraftNode, MapDraft } from '../draft-map.ts';
import type { MapFault, Place } from '../model.ts';

export interface ImportedNode extends DraftNode {
  readonly place: Place;
}

export interface ImportedEdge extends DraftEdge {
  readonly place: Place;
}

/** Part of a map that other files say. */
export interface ImportedMap extends MapDraft {
  readonly nodes: readonly ImportedNode[];
  readonly edges: readonly ImportedEdge[];
  readonly faults: readonly MapFault[];
}

/** By what one file names something of another: `component:default/shop`; `any:shop` of any kind. */
export type Ref = `${string}:${string}`;

/** What one file says by itself: whom its refs mean is known when all are read. */
export interface ImportedFile {
  readonly nodes: readonly (Omit<ImportedNode, 'id'> & {
    readonly ref: Ref;
    readonly id: string;
  })[];
  readonly edges: readonly {
    readonly from: Ref;
    readonly to: Ref;
    readonly kind: 'hard' | 'soft';
    readonly place: Place;
  }[];
  /** Who answers an API. */
  readonly provides: readonly { readonly api: Ref; readonly by: Ref }[];
  /** Names of teams and people as they are read. */
  readonly titles: ReadonlyMap<Ref, string>;
  readonly faults: readonly MapFault[];
}

export const defaultNamespace = 'default';
