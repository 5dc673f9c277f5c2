import { isGood, laneKey } from './lanes.ts';
import type { LaneRecord, ProofRecord, VersionRecord } from './record.ts';
import type { DeploysState } from './state.ts';

type Lane = Pick<LaneRecord, 'app' | 'environment'>;

/**
 * What to go back to: of the versions that evidence bore out here and that nothing spoke against
 * since, the one that stood last, without the one that stands. Never by the time of a folder.
 * `standing`: the version that evidence sees there, where it differs from what this room knows.
 */
export function rollbackTarget(
  state: DeploysState,
  lane: Lane,
  standing?: string,
): VersionRecord | undefined {
  const known = state.lanes.get(laneKey(lane));
  if (!known) return undefined;
  const stands = standing ?? known.stands?.version;
  return goodVersions(state, lane).find(({ version }) => version !== stands);
}

/** The versions that one may go back to, the one that stood last first; with the one that stands. */
export function goodVersions(state: DeploysState, lane: Lane): VersionRecord[] {
  const known = state.lanes.get(laneKey(lane));
  return [...(known?.versions.values() ?? [])]
    .filter(isGood)
    .toSorted((a, b) => (b.stood?.offset ?? 0) - (a.stood?.offset ?? 0));
}

/** The last rehearsal of going back from a version, wherever it was. */
export function proofOf(
  state: DeploysState,
  app: string,
  version: string,
): ProofRecord | undefined {
  return state.proofs.get(`${app}\0${version}`);
}
