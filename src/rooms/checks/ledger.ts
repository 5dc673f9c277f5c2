import type { CheckRun } from './run.ts';

/** How often a check changes its mind: plain data, so that it stands in a checkpoint. */
export interface Ledger {
  /** The oldest first; of days (UTC) on which it ran. */
  readonly days: readonly LedgerDay[];
  readonly last:
    | (Pick<CheckRun, 'release' | 'sha'> & { readonly isGood: boolean; slot: number })
    | undefined;
}

export interface LedgerDay {
  /** ms since the epoch of its midnight, UTC. */
  readonly day: number;
  readonly runs: number;
  /** Changes between passing and not, from one run to the next of the same release and text. */
  readonly flips: number;
  /** Runs that passed only when they were tried again. */
  readonly retried: number;
}

const dayMs = 86_400_000;
/** So long runs are counted. */
export const ledgerDays = 14;

export const emptyLedger: Ledger = { days: [], last: undefined };

/** With one run more. What a new release or another text changes is no flake. */
export function recordRun(ledger: Ledger, run: CheckRun): Ledger {
  const { slot, state, release, sha, attempts } = run;
  const { last } = ledger;
  if (last && slot <= last.slot) return ledger;
  const isGood = state === 'ok' || state === 'warning';
  const isSame = last !== undefined && last.release === release && last.sha === sha;
  const flips = Number(isSame && last.isGood !== isGood);
  const retried = Number(isGood && attempts > 1);
  const day = Math.floor(run.ended / dayMs) * dayMs;
  const today = ledger.days.at(-1);
  const isToday = today?.day === day;
  const before = isToday ? today : { runs: 0, flips: 0, retried: 0 };
  const next = {
    day,
    runs: before.runs + 1,
    flips: before.flips + flips,
    retried: before.retried + retried,
  };
  const kept = isToday ? ledger.days.slice(0, -1) : ledger.days;
  return {
    days: [...kept, next].filter((one) => one.day > day - ledgerDays * dayMs),
    last: { isGood, slot, release, sha },
  };
}

/** How often it changed its mind within the last 14 days. */
export interface FlakeRate {
  readonly runs: number;
  readonly flips: number;
  /** flips / (runs - 1), 0 to 1; 0 with fewer than two runs. */
  readonly rate: number;
  readonly retried: number;
}

/** Of the days that are within 14 before `now`, ms since the epoch. */
export function flakeRate({ days }: Ledger, now: number): FlakeRate {
  const within = days.filter(({ day }) => day > now - ledgerDays * dayMs);
  const sum = (of: 'runs' | 'flips' | 'retried'): number =>
    within.reduce((total, day) => total + day[of], 0);
  const [runs, flips] = [sum('runs'), sum('flips')];
  return { runs, flips, rate: runs < 2 ? 0 : flips / (runs - 1), retried: sum('retried') };
}
