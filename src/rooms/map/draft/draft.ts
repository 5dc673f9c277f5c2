// PLACEHOLDER of the lead until the real one is there: overwrite it.
import type { MapDraft } from '../draft-map.ts';
export const draftOf = (_: object): MapDraft => ({
  nodes: [{ id: 'users', quadrant: 'production', kind: 'actor' }],
  edges: [],
});
