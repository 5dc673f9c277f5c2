/** One look at a metric after a change, while it is still being watched. */
export interface Look {
  /** Share of the time of watching that has passed: with 15 minutes, 5, 10 and 15. */
  readonly passed: number;
  /** Share of the false alarms that this look may spend. */
  readonly spend: number;
}

/**
 * The looks, and what each may spend: 0.002, 0.003 and 0.005 of 0.01. An early look is stricter,
 * and all together are wrong no more often than one look at the end would be (Bonferroni).
 */
export const looks: readonly Look[] = [
  { passed: 1 / 3, spend: 0.2 },
  { passed: 2 / 3, spend: 0.3 },
  { passed: 1, spend: 0.5 },
];

/** When a change at `change` (ms) that is watched for `observe` ms gets its look, from 0. */
export function lookTime(change: number, observe: number, look: number): number {
  return change + Math.round(observe * (looks[look]?.passed ?? 1));
}
