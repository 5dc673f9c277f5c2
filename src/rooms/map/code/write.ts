// PLACEHOLDER of the lead until the real one is there: overwrite it.
import { stringify } from 'yaml';
import type { MapDraft } from '../draft-map.ts';
export const writeDraft = (draft: MapDraft): string =>
  stringify({
    schema: 'territory.map/1',
    nodes: Object.fromEntries(
      draft.nodes.map((n) => [n.id, { quadrant: n.quadrant, kind: n.kind, ...n.names }]),
    ),
    edges: [],
  });
export const snippetOf = (draft: MapDraft): string => writeDraft(draft);
