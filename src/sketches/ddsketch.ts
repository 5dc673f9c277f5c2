/**
 * A sketch of many numbers that answers any quantile with a relative error of at most 1 %, as plain
 * data: Masson, Rim and Lee, "DDSketch" (VLDB 2019), with the collapsing of section 2.3. Each number
 * is counted in the bin of its logarithm; beyond `mostBins` bins of one sign the lowest are taken
 * together, so that the upper quantiles stay exact to 1 %.
 */
export interface Sketch {
  n: number;
  zeros: number;
  min: number;
  max: number;
  readonly positive: Bins;
  /** Of the absolute values of negative numbers. */
  readonly negative: Bins;
}

/** Counts of neighbouring bins. */
interface Bins {
  /** The index of the first bin of `counts`. */
  first: number;
  counts: number[];
}

const accuracy = 0.01;
const gamma = (1 + accuracy) / (1 - accuracy);
const perLog = 1 / Math.log(gamma);
/** Enough for numbers that span 17 orders of magnitude. */
const mostBins = 2_048;

/** A sketch of nothing. */
export function makeSketch(): Sketch {
  return {
    n: 0,
    zeros: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    positive: { first: 0, counts: [] },
    negative: { first: 0, counts: [] },
  };
}

/** Counts a finite number, as often as said: one that stands for others of a sample. */
export function addTo(sketch: Sketch, value: number, times = 1): void {
  sketch.n += times;
  if (value < sketch.min) sketch.min = value;
  if (value > sketch.max) sketch.max = value;
  if (value > 0) count(sketch.positive, binOf(value), times);
  else if (value < 0) count(sketch.negative, binOf(-value), times);
  else sketch.zeros += times;
}

/** How many bins it keeps: numbers in memory. */
export function sizeOf({ positive, negative }: Sketch): number {
  return positive.counts.length + negative.counts.length;
}

/** Whether there is a bin for a number, so that counting it takes no more memory. */
export function hasBin(sketch: Sketch, value: number): boolean {
  if (value === 0) return true;
  const bins = value > 0 ? sketch.positive : sketch.negative;
  const at = binOf(Math.abs(value)) - bins.first;
  return at >= 0 && at < bins.counts.length;
}

/** The bin of a positive number. */
function binOf(size: number): number {
  return Math.ceil(Math.log(size) * perLog);
}

/** Counts all that `from` has counted. */
export function mergeSketch(into: Sketch, from: Sketch): void {
  into.n += from.n;
  into.zeros += from.zeros;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  mergeBins(into.positive, from.positive);
  mergeBins(into.negative, from.negative);
}

/** The number at a rank (from 0) in ascending order, to 1 %; the smallest and largest exactly. */
export function valueAt(sketch: Sketch, rank: number): number {
  if (rank <= 0) return sketch.min;
  if (rank >= sketch.n - 1) return sketch.max;
  const value = inBins(sketch, rank);
  return Math.min(sketch.max, Math.max(sketch.min, value));
}

function inBins({ positive, negative, zeros }: Sketch, rank: number): number {
  let left = rank;
  for (let i = negative.counts.length - 1; i >= 0; i--) {
    left -= negative.counts[i] ?? 0;
    if (left < 0) return -middle(negative.first + i);
  }
  left -= zeros;
  if (left < 0) return 0;
  for (let i = 0; i < positive.counts.length; i++) {
    left -= positive.counts[i] ?? 0;
    if (left < 0) return middle(positive.first + i);
  }
  return Number.POSITIVE_INFINITY;
}

/** The number from which both ends of a bin are 1 % away. */
function middle(index: number): number {
  return (2 * gamma ** index) / (gamma + 1);
}

function count(bins: Bins, index: number, times: number): void {
  const at = index - bins.first;
  if (at >= 0 && at < bins.counts.length) bins.counts[at] = (bins.counts[at] ?? 0) + times;
  else extend(bins, index, times);
}

function extend(bins: Bins, index: number, times: number): void {
  const { counts } = bins;
  if (counts.length === 0) {
    bins.first = index;
    counts.push(times);
    return;
  }
  const last = bins.first + counts.length - 1;
  if (index > last) {
    for (let i = last + 1; i < index; i++) counts.push(0);
    counts.push(times);
    collapse(bins);
    return;
  }
  // A number below all: into the lowest bin that there is still room for.
  const lowest = Math.max(index, last - mostBins + 1);
  if (lowest < bins.first) {
    bins.counts = [...Array.from({ length: bins.first - lowest }, () => 0), ...counts];
    bins.first = lowest;
  }
  bins.counts[0] = (bins.counts[0] ?? 0) + times;
}

/** Takes the lowest bins together until there are few enough. */
function collapse(bins: Bins): void {
  const over = bins.counts.length - mostBins;
  if (over <= 0) return;
  let sum = 0;
  for (let i = 0; i < over; i++) sum += bins.counts[i] ?? 0;
  bins.counts = bins.counts.slice(over);
  bins.counts[0] = (bins.counts[0] ?? 0) + sum;
  bins.first += over;
}

function mergeBins(into: Bins, from: Bins): void {
  // From the top, so that what has no room any more falls into the lowest bin.
  for (let i = from.counts.length - 1; i >= 0; i--) {
    const times = from.counts[i] ?? 0;
    if (times > 0) count(into, from.first + i, times);
  }
}
