import type { HealthState } from '../health.ts';

/**
 * From good to bad. What is not known stands between good and bad: it is never as good as what is
 * seen to be good, and alone it is no reason to worry. All that health does is monotone in it.
 */
export const fromGoodToBad = ['ok', 'no-evidence', 'at-risk', 'degraded', 'down'] as const;

/** Place in `fromGoodToBad`. */
export type Rank = number;

export const rankOf = (state: HealthState): Rank => fromGoodToBad.indexOf(state);
export const stateOf = (rank: Rank): HealthState => fromGoodToBad[rank] ?? 'no-evidence';

export const ok = rankOf('ok');
export const unknown = rankOf('no-evidence');
export const atRisk = rankOf('at-risk');
export const degraded = rankOf('degraded');
export const down = rankOf('down');

/** Worse than not known. */
export const isBad = (rank: Rank): boolean => rank >= atRisk;
