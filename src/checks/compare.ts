import { createRequire } from 'node:module';
import type jstat from 'jstat';

// Not imported: plugins of Nagios are a process each, and few of them compare.
const require = createRequire(import.meta.url);

/** Values before and now; slower is greater. `byMoreThan` 0.1: ten percent. */
interface Compared {
  readonly now: readonly number[];
  readonly before: readonly number[];
  readonly byMoreThan: number;
}

/** What a comparison says, and why in a sentence. */
interface Comparison {
  readonly verdict: 'slower' | 'not-slower' | 'unknown';
  readonly why: string;
}

/** Fewer values than these on one side say nothing. */
export const fewestCompared = 30;
/** So rarely is something called slower that is not. */
const chance = 0.01;

/**
 * Whether values of now are greater than those of before by more than a part, beyond chance: the
 * one-sided Mann-Whitney U test of now against before x (1 + part), by its normal approximation with
 * the correction for ties (Lehmann, Nonparametrics, 1975, section 1.5), at 1 %. A median that is
 * beyond the part without being so beyond chance is unknown.
 */
export function isSlower({ now, before, byMoreThan }: Compared): Comparison {
  const counts = `${now.length} values now, ${before.length} before`;
  if (Math.min(now.length, before.length) < fewestCompared)
    return { verdict: 'unknown', why: `${counts}; ${fewestCompared} of each are needed` };
  const allowed = before.map((value) => value * (1 + byMoreThan));
  const p = chanceOfGreater(now, allowed);
  const ratio = median(now) / median(before);
  const why = `the median is ${percentOf(ratio)} (${counts}; by chance with p = ${p.toPrecision(2)})`;
  if (p < chance) return { verdict: 'slower', why };
  return { verdict: ratio <= 1 + byMoreThan ? 'not-slower' : 'unknown', why };
}

const percentOf = (ratio: number): string => {
  const percent = Math.abs(ratio - 1) * 100;
  return `${percent.toFixed(1)} % ${ratio >= 1 ? 'slower' : 'faster'}`;
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] = sorted.slice(middle - 1, middle + 1);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : (low + high) / 2;
}

/** How likely the first would rank so high if both were the same. */
function chanceOfGreater(first: readonly number[], second: readonly number[]): number {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].toSorted((a, b) => a.value - b.value);
  let ranks = 0;
  let ties = 0;
  for (let i = 0; i < all.length;) {
    let end = i;
    while (end < all.length && all[end]?.value === all[i]?.value) end++;
    const size = end - i;
    const rank = (i + 1 + end) / 2;
    ranks += rank * all.slice(i, end).filter(({ isFirst }) => isFirst).length;
    ties += size ** 3 - size;
    i = end;
  }
  const [m, n, total] = [first.length, second.length, all.length];
  const u = ranks - (m * (m + 1)) / 2;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance === 0) return 1;
  // Half a step towards the middle, as ranks are whole.
  const { normal } = require('jstat') as typeof jstat;
  return 1 - normal.cdf((u - (m * n) / 2 - 0.5) / Math.sqrt(variance), 0, 1);
}
