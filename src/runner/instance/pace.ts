import type { ProcessFile } from './slot-files.ts';

/** How fast a supervisor does what. All in ms but `deaths`. */
export interface Pace {
  /** Between two looks at everything. */
  readonly every: number;
  /** First wait before what died is started again; it doubles from death to death. */
  readonly first: number;
  /** The longest wait; in a crash loop each is of this length. */
  readonly slowest: number;
  /** So many deaths within so long are a crash loop. */
  readonly deaths: number;
  readonly within: number;
  /** What has run so long is well again. */
  readonly good: number;
}

export const pace: Pace = {
  every: 500,
  first: 500,
  slowest: 30_000,
  deaths: 5,
  within: 60_000,
  good: 60_000,
};

/**
 * What is known of a process after it died once more. Waits are spread over half to all of their
 * length, so that what died together (with its database, say) does not come back all at once.
 */
export function afterDeath(
  before: ProcessFile,
  { at, random, pace: p }: { readonly at: number; readonly random: number; readonly pace: Pace },
): ProcessFile {
  const good = before.since > 0 && at - before.since >= p.good;
  const inARow = good ? 1 : before.inARow + 1;
  const deaths = [...before.deaths, at].filter((t) => t > at - p.within).slice(-p.deaths);
  const looping = (before.looping && !good) || deaths.length >= p.deaths;
  // 2^30 ms are 12 days: enough, and still exact.
  const wait = looping ? p.slowest : Math.min(p.slowest, p.first * 2 ** Math.min(30, inARow - 1));
  return { ...before, inARow, deaths, looping, next: at + wait * (0.5 + random / 2) };
}

/** The same after it has run well for long enough; undefined when there is nothing to forgive. */
export function afterGoodTime(before: ProcessFile, at: number, p: Pace): ProcessFile | undefined {
  if (at - before.since < p.good || (before.inARow === 0 && !before.looping)) return undefined;
  return { ...before, inARow: 0, deaths: [], looping: false };
}
