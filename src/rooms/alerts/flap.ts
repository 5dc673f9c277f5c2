/**
 * Flapping as Nagios and Icinga define it: the percentage of the last 20 observations that were
 * changes, the newest weighted most (Icinga 2, `Checkable::UpdateFlappingStatus`: 0.80 for the
 * oldest to 1.18 for the newest). They observe at every check; a rule may speak only on a change, so
 * here every change is an observation, and so is every whole minute without one.
 */
export interface Flap {
  /** One bit for each observation, the newest lowest; set where it was a change. */
  readonly changes: number;
  /** Time of the last observation: ms since the epoch. */
  readonly at: number;
}

/** When flapping begins and ends, in percent. */
export interface FlapThresholds {
  readonly high: number;
  readonly low: number;
}

const observations = 20;
const all = 2 ** observations - 1;
const quietMs = 60_000;

/** What is known before anything was observed. */
export const steady: Flap = { changes: 0, at: 0 };

/** With one change more, at `at`. */
export function observeChange(flap: Flap, at: number): Flap {
  const { changes } = rest(flap, at);
  return { changes: ((changes << 1) | 1) & all, at: Math.max(at, flap.at) };
}

/** Weighted share of changes among the last 20 observations, seen from `at`: 0 to 99. */
export function flapPercent(flap: Flap, at: number): number {
  const { changes } = rest(flap, at);
  let sum = 0;
  for (let age = 0; age < observations; age++)
    if (changes & (1 << age)) sum += 0.8 + 0.02 * (observations - 1 - age);
  return (100 * sum) / observations;
}

/** Whether it flaps, seen from `at`: it begins at `high` and ends only below `low`. */
export function flaps(
  flap: Flap & { readonly flapping: boolean },
  at: number,
  { high, low }: FlapThresholds,
): boolean {
  return flapPercent(flap, at) >= (flap.flapping ? low : high);
}

/** With the quiet minutes until `at` as observations without a change. */
function rest(flap: Flap, at: number): Flap {
  const quiet = Math.floor((at - flap.at) / quietMs);
  if (quiet <= 0) return flap;
  return { changes: quiet >= observations ? 0 : (flap.changes << quiet) & all, at };
}
