import { studentTwoSided } from '../../src/rules/correlate/distributions.ts';
import { bestSplit } from '../../src/rules/correlate/e-divisive.ts';
import { looks } from '../../src/rules/correlate/looks.ts';
import { effectSize, mannWhitney, median } from '../../src/rules/correlate/mann-whitney.ts';
import { defaultMoved, moved } from '../../src/rules/correlate/moved.ts';
import { splitsOf } from '../../src/rules/correlate/own-history.ts';
import type { Verdict } from '../../src/rules/correlate/verdict.ts';
import { type Point, weighted, weightedT } from '../../src/rules/correlate/weighted-t.ts';

/** One placebo: a series around it, and how many readings on its two sides are compared. */
export interface Placebo {
  readonly points: readonly Point[];
  readonly values: readonly number[];
  /** Index of the first reading after. */
  readonly split: number;
  readonly before: number;
  readonly after: number;
}

/** Whether a method finds a move; undefined: it cannot tell. */
export type Method = (placebo: Placebo) => boolean | undefined;

const samples = ({ values, split, before, after }: Placebo): [number[], number[]] => [
  values.slice(split - before, split),
  values.slice(split, split + after),
];

interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly variance: number;
}

function moments(values: readonly number[]): Moments {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { n, mean, variance };
}

function welch(old: readonly number[], young: readonly number[]): number {
  const [a, b] = [moments(old), moments(young)];
  if (a.mean === b.mean) return 1;
  const [x, y] = [a.variance / a.n, b.variance / b.n];
  const freedom = (x + y) ** 2 / (x ** 2 / (a.n - 1) + y ** 2 / (b.n - 1));
  return studentTwoSided((b.mean - a.mean) / Math.sqrt(x + y), freedom);
}

/** Pooled t-test, as E-divisive is judged by in Hunter. */
function student(old: readonly number[], young: readonly number[]): number {
  const [a, b] = [moments(old), moments(young)];
  const freedom = a.n + b.n - 2;
  const pooled = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / freedom;
  return a.mean === b.mean
    ? 1
    : studentTwoSided((b.mean - a.mean) / Math.sqrt(pooled * (1 / a.n + 1 / b.n)), freedom);
}

const middle = (values: readonly number[]): number => median(values.toSorted((a, b) => a - b));

/** (1 + how many splits of the history do as much) / (1 + splits). */
function rank(placebo: Placebo, statistic: (placebo: Placebo) => number): number {
  const { points, split, before, after } = placebo;
  const times = points.map((point) => point[0]);
  const splits = splitsOf({ times, change: split, before, after, skip: [] });
  const here = statistic(placebo);
  const larger = splits.filter((one) => statistic({ ...placebo, split: one }) >= here).length;
  return (1 + larger) / (1 + splits.length);
}

const medianShift = (placebo: Placebo): number => {
  const [old, young] = samples(placebo);
  return Math.abs(middle(young) - middle(old));
};
const tOf = ({ values, split, before, after }: Placebo): number =>
  Math.abs(weightedT(values, split, before, after));

function isLarge({ values, split, before, after }: Placebo): boolean {
  const old = weighted(values, split - before, split, 'last').mean;
  const young = weighted(values, split, split + after, 'first').mean;
  return Math.abs(young - old) >= 0.05 * Math.abs(old);
}

const isClear = (old: readonly number[], young: readonly number[], least: number): boolean =>
  Math.abs(effectSize(young, old) - 0.5) >= least - 0.5;

function byRanks(placebo: Placebo): boolean {
  const [old, young] = samples(placebo);
  return mannWhitney(young, old) < 0.01 && isClear(old, young, 0.9);
}

function bySplit({ values, split, before, after }: Placebo): boolean {
  const best = bestSplit(values, split - before, split + after).index;
  if (Math.abs(best - split) > 2) return false;
  const old = values.slice(split - before, best);
  const young = values.slice(best, split + after);
  const [a, b] = [moments(old).mean, moments(young).mean];
  return student(old, young) < 0.001 && Math.abs(b - a) >= 0.05 * Math.abs(a);
}

/** What the product says, with so much of the readings after, and so many false alarms allowed. */
export function verdictOf(placebo: Placebo, after = placebo.after, falseAlarms = 0.01): Verdict {
  const { points, split, before } = placebo;
  const change = points[split]?.[0] ?? Number.NaN;
  const series = points.slice(0, split + after);
  const leastAfter = Math.min(4, after);
  const settings = { ...defaultMoved, before, after, leastAfter, falseAlarms };
  return moved({ series, change }, settings);
}

const tell = (verdict: Verdict, kinds: readonly Verdict['kind'][]): boolean | undefined =>
  verdict.kind === 'cannotTell' ? undefined : kinds.includes(verdict.kind);

/** Each look sees a third more, and any of them may say that it moved. */
function byLooks(placebo: Placebo): boolean | undefined {
  let answer: boolean | undefined;
  for (const { passed, spend } of looks) {
    const after = Math.round(placebo.after * passed);
    const said = tell(verdictOf(placebo, after, spend * 0.01), ['moved']);
    if (said) return true;
    answer ??= said;
  }
  return answer;
}

/** Those of the table in the design, and what the product does. */
export const methods: Readonly<Record<string, Method>> = {
  'mean moved > 3 sd': (placebo) => {
    const [a, b] = samples(placebo).map(moments);
    return (
      a !== undefined && b !== undefined && Math.abs(b.mean - a.mean) > 3 * Math.sqrt(a.variance)
    );
  },
  'Welch t, p < 0.01': (placebo) => welch(...samples(placebo)) < 0.01,
  'Mann-Whitney, p < 0.01': (placebo) => mannWhitney(...samples(placebo)) < 0.01,
  'Mann-Whitney, p < 0.01, and CLES ≥ 0.9': byRanks,
  'E-divisive split within 2 points, p < 0.001, ≥ 5 %': bySplit,
  'Perfherder t > 7': (placebo) => tOf(placebo) > 7,
  'median shift ranked ≤ 1 % in own history': (placebo) => rank(placebo, medianShift) <= 0.01,
  'Perfherder t ranked ≤ 1 % in own history, and ≥ 5 %': (placebo) =>
    rank(placebo, tOf) <= 0.01 && isLarge(placebo),
  'Mann-Whitney, CLES ≥ 0.9, and ranked ≤ 1 %': (placebo) =>
    byRanks(placebo) && rank(placebo, tOf) <= 0.01,
  '**`moved`**: ranked, ≥ 5 %, CLES ≥ 0.8, split in place': (placebo) =>
    tell(verdictOf(placebo), ['moved']),
  '`moved` or `movedElsewhere`': (placebo) => tell(verdictOf(placebo), ['moved', 'movedElsewhere']),
};

/** Methods that need more history than the others. */
export const withLongHistory: Readonly<Record<string, Method>> = {
  '`moved`, 1,600 points of history': (placebo) => tell(verdictOf(placebo), ['moved']),
  '`moved`, 1,600 points, three looks (0.002, 0.003, 0.005)': byLooks,
};

/** Eight days at five minutes: the same hours of earlier days are known. */
export const withWeek: Readonly<Record<string, Method>> = {
  '`moved`, 8 days of history': (placebo) => tell(verdictOf(placebo), ['moved']),
};
