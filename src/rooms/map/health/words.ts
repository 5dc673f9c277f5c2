import type { HealthState } from '../health.ts';

/** What producers say of a check, by what it means here. Compared without case. */
const meanings: Readonly<Record<Exclude<HealthState, 'no-evidence'>, readonly string[]>> = {
  ok: `ok okay up pass passed passing success succeeded successful healthy good green normal running
    available active ready alive info operational 0`.split(/\s+/),
  'at-risk': ['at-risk', 'at risk'],
  degraded: `warning warn degraded yellow minor partial slow impaired unstable flapping 1`.split(
    /\s+/,
  ),
  down: `critical crit down fail failed failing failure error err fatal emergency emerg alert dead
    red major unhealthy unavailable outage broken timeout 2`.split(/\s+/),
};

const byWord: ReadonlyMap<string, HealthState> = new Map(
  Object.entries(meanings).flatMap(([state, words]) =>
    words.map((word) => [word, state as HealthState] as const),
  ),
);

/**
 * What a word of a check says. `no-evidence` for `unknown`, for `expired` (nothing came in time),
 * for words that nobody agreed on, and for none: it is said, and does not count.
 */
export function meaningOf(word: string | undefined): HealthState {
  return byWord.get(word?.trim().toLowerCase() ?? '') ?? 'no-evidence';
}
