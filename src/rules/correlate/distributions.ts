// jstat has no types, and an ambient declaration is no module that could be imported.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="./jstat.d.ts" />
import jstat from 'jstat';

/**
 * How often |t| is at least as large under Student's t distribution with `freedom` degrees of
 * freedom: I_{f/(f+t²)}(f/2, 1/2) (Abramowitz and Stegun 26.7.1). Relative error below 2·10⁻⁷.
 */
export function studentTwoSided(t: number, freedom: number): number {
  if (!Number.isFinite(t)) return Number.isNaN(t) ? 1 : 0;
  return jstat.ibeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** The value below which a share `p` of the standard normal distribution lies. */
export function normalQuantile(p: number): number {
  return jstat.normal.inv(p, 0, 1);
}

/** How often a standard normal value is at least as far from 0 as `z`. */
export function normalTwoSided(z: number): number {
  return 2 * jstat.normal.cdf(-Math.abs(z), 0, 1);
}
