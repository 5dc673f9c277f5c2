import type { Evidence, Observed, Signal } from '../health.ts';
import type { MapNode, MapProcess } from '../model.ts';
import { rankOf, stateOf } from './order.ts';
import type { Piece } from './piece.ts';
import { asOneOfMany, replicasPiece } from './replicas.ts';
import { piecesOf } from './says.ts';

/** Pieces that are kept, the worst first; `omitted` counts the others, which count all the same. */
export const maxEvidence = 50;

/**
 * What signals say of a node or process, at `now` (ms since the epoch): the worst of what is fresh.
 * What each kind of signal means: docs/reference/map-health.md.
 */
export function observe(
  about: MapNode | MapProcess,
  signals: readonly Signal[],
  now: number,
): Observed {
  const pieces = piecesAbout(about, signals, now);
  const ranks = pieces.filter(({ counts }) => counts).map(({ evidence }) => rankOf(evidence.state));
  const ends = pieces.flatMap(({ until }) => until ?? []);
  return {
    state: ranks.length === 0 ? 'no-evidence' : stateOf(maxOf(ranks)),
    evidence: pieces
      .toSorted(worstFirst)
      .slice(0, maxEvidence)
      .map(({ evidence }) => evidence),
    ...(pieces.length > maxEvidence && { omitted: pieces.length - maxEvidence }),
    ...(ends.length > 0 && { until: -maxOf(ends.map((end) => -end)) }),
  };
}

function piecesAbout(
  about: MapNode | MapProcess,
  signals: readonly Signal[],
  now: number,
): readonly Piece[] {
  const { limits = [], freshFor, replicas }: Partial<MapNode> = 'quadrant' in about ? about : {};
  const pieces = signals.flatMap((signal) => piecesOf(signal, { now, limits, freshFor }));
  if (replicas === undefined) return pieces;
  const running = replicasPiece({ replicas, pieces, signals, now, freshFor });
  return [...pieces.map(asOneOfMany), ...(running ? [running] : [])];
}

/** Math.max takes no more arguments than the stack holds. */
const maxOf = (numbers: readonly number[]): number =>
  numbers.reduce((most, one) => Math.max(most, one), -Infinity);

/** What counts before what does not, bad before good, new before old; the same for any order of signals. */
function worstFirst(a: Piece, b: Piece): number {
  return (
    Number(b.counts) - Number(a.counts) ||
    rankOf(b.evidence.state) - rankOf(a.evidence.state) ||
    placeOf(a.evidence, b.evidence)
  );
}

function placeOf(a: Evidence, b: Evidence): number {
  if (a.time !== b.time) return b.time - a.time;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.offset !== b.offset) return b.offset - a.offset;
  return a.text < b.text ? -1 : Number(a.text > b.text);
}
