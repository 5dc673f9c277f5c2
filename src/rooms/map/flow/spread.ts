/** One quantity over several items, ms. Nulls where there are none. */
export interface Spread {
  readonly count: number;
  readonly p50: number | null;
  readonly p85: number | null;
  readonly p95: number | null;
  readonly mean: number | null;
  readonly histogram: readonly Bin[];
}

/** Items whose value is at least `from` and less than `to`, ms. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly items: number;
}

const s = 1000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;
const w = 7 * d;

/** Bounds of the bins: spans that people say, each about twice the one before. */
const edges = [
  0,
  s,
  10 * s,
  m,
  5 * m,
  15 * m,
  30 * m,
  h,
  2 * h,
  4 * h,
  8 * h,
  d,
  2 * d,
  4 * d,
  w,
  2 * w,
  4 * w,
  8 * w,
  16 * w,
  32 * w,
  64 * w,
  128 * w,
  256 * w,
];

/**
 * How values, ms, are spread. Quantiles by nearest rank: the smallest value that at least so much of
 * them do not exceed, so that each is one that was measured, and exact for few.
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  if (count === 0) return { count, p50: null, p85: null, p95: null, mean: null, histogram: [] };
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    count,
    p50: nearestRank(sorted, 50),
    p85: nearestRank(sorted, 85),
    p95: nearestRank(sorted, 95),
    mean: sum / count,
    histogram: histogramOf(sorted),
  };
}

/** In whole per cent: 0.95 × 20 is a little more than 19 in floating point. */
function nearestRank(sorted: Float64Array, percent: number): number {
  const rank = Math.ceil((percent * sorted.length) / 100);
  return sorted[Math.max(rank, 1) - 1] ?? 0;
}

/** From the first bin that has items to the last that has. */
function histogramOf(sorted: Float64Array): Bin[] {
  const bins: Bin[] = [];
  let at = 0;
  for (const [place, from] of edges.entries()) {
    const last = place === edges.length - 1;
    const to = last ? Math.max(2 * from, (sorted.at(-1) ?? 0) + 1) : (edges[place + 1] ?? 0);
    const begin = at;
    while (at < sorted.length && (sorted[at] ?? 0) < to) at++;
    if (at > 0) bins.push({ from, to, items: at - begin });
    if (at === sorted.length) break;
  }
  return bins;
}
