import type { Evidence, Health } from '../../../rooms/map/health.ts';
import type { MapEvidence, MapHealth } from '../../api/contract-map.ts';

/** Pieces of evidence that the map shows of each; the node's own page has more. */
const maxShown = 3;

/** Health as the API shows it; `since` in ms since the epoch, undefined where it is not known. */
export function healthView(health: Health, since: number | undefined): MapHealth {
  const { observed, inferred, shown, because, contradiction, evidence } = health;
  return {
    observed,
    inferred,
    shown,
    because: [...because],
    since: since ?? null,
    contradiction,
    evidence: evidence.slice(0, maxShown).map(evidenceView),
  };
}

/** A piece of evidence as the API shows it. */
export const evidenceView = (one: Evidence): MapEvidence => ({ ...one });

/** Health of which nothing is known. */
export const nothingKnown: Health = {
  observed: 'no-evidence',
  inferred: 'no-evidence',
  shown: 'no-evidence',
  because: [],
  contradiction: false,
  evidence: [],
};
