import { againstControl, type Compared } from './control.ts';
import { bestSplit } from './e-divisive.ts';
import { effectSize, median, shiftOf } from './mann-whitney.ts';
import { splitsNeeded, splitsOf } from './own-history.ts';
import type { Evidence, Gate, Sample, Span, Verdict } from './verdict.ts';
import { type Point, weighted, weightedT } from './weighted-t.ts';

/** What is to be judged. */
export interface Question {
  /** The metric, by time: as much history as there is, and what followed the change. */
  readonly series: readonly Point[];
  /** When the change began, ms. */
  readonly change: number;
  /** How long it took to reach all of what is measured, ms. */
  readonly rollout?: number;
  /** Other changes' windows and incidents: no part of the history that the metric is held against. */
  readonly skip?: readonly Span[];
  /** The same metric where nothing was changed, at the same times. */
  readonly control?: readonly Point[];
}

/** How it is judged. */
export interface MovedSettings {
  /** Smaller relative differences of the weighted means are none. */
  readonly minEffect: number;
  /** A rank p up to this is a move: how often the metric may do that by itself. */
  readonly falseAlarms: number;
  /** The side that is asked for; the history is then ranked by that side alone. */
  readonly direction: 'up' | 'down' | 'both';
  /** At most so many readings before and after are compared. */
  readonly before: number;
  readonly after: number;
  /** With fewer readings it cannot be told. */
  readonly leastBefore: number;
  readonly leastAfter: number;
}

export const defaultMoved: MovedSettings = {
  minEffect: 0.05,
  falseAlarms: 0.01,
  direction: 'both',
  before: 48,
  after: 24,
  leastBefore: 24,
  leastAfter: 12,
};

/** With both variances 0 a smaller relative difference is none, whatever effect is asked for. */
const leastStep = 0.05;
const leastCommonLanguage = 0.8;
/** The best split may lie so many readings off. */
const leastReach = 2;

/**
 * Whether a change moved a metric. The statistic is Perfherder's t of linearly weighted means; its
 * p is its rank among the same statistic at the splits of the metric's own history, since readings
 * depend on each other and every textbook p is far too small. It is a move when p is small enough,
 * the effect large enough, four of five pairs of readings agree (common language effect size 0.8)
 * and the series falls apart best (E-divisive) at the change: within two readings or its rollout.
 * See docs/decisions/0007-moved.md for the choice and what was measured.
 */
export function moved(question: Question, settings: MovedSettings = defaultMoved): Verdict {
  const compared = againstControl(question.series, question.control, question.change);
  const { times } = compared;
  const split = firstFrom(times, question.change);
  const before = Math.min(split, settings.before);
  const after = Math.min(times.length - split, settings.after);
  if (before < settings.leastBefore) return lacks('before', before, settings.leastBefore);
  if (after < settings.leastAfter) return lacks('after', after, settings.leastAfter);
  const around = { compared, split, before, after };
  const evidence = measure(around, question);
  const rank = rankOf(around, question, settings);
  const need = splitsNeeded(settings.falseAlarms);
  if (rank.splits < need) return { ...lacks('history', rank.splits, need), evidence };
  return judge({ ...evidence, rank }, question.rollout ?? 0, settings);
}

function lacks(
  lack: 'before' | 'after' | 'history',
  have: number,
  need: number,
): Extract<Verdict, { kind: 'cannotTell' }> {
  return { kind: 'cannotTell', lack, have, need };
}

/** A place in a series, and how many readings on its two sides are compared. */
interface Around {
  readonly compared: Compared;
  readonly split: number;
  readonly before: number;
  readonly after: number;
}

/** The statistic, positive on the side that is asked for. */
function statistic(around: Around, direction: MovedSettings['direction']): number {
  const { compared, split, before, after } = around;
  let t = weightedT(compared.values, split, before, after);
  if (!Number.isFinite(t) && Math.abs(relativeOf(around) ?? Infinity) < leastStep) t = 0;
  if (direction === 'both') return Math.abs(t);
  return direction === 'up' ? t : -t;
}

function rankOf(around: Around, question: Question, settings: MovedSettings): Evidence['rank'] {
  const { compared, split, before, after } = around;
  const here = statistic(around, settings.direction);
  const skip = question.skip ?? [];
  const splits = splitsOf({ times: compared.times, change: split, before, after, skip });
  const larger = splits.filter(
    (one) => statistic({ ...around, split: one }, settings.direction) >= here,
  ).length;
  return {
    p: (1 + larger) / (1 + splits.length),
    larger,
    splits: splits.length,
    wanted: settings.falseAlarms,
  };
}

function measure(around: Around, question: Question): Omit<Evidence, 'rank'> {
  const { compared, split, before, after } = around;
  const { times, values, control } = compared;
  const old = values.slice(split - before, split);
  const young = values.slice(split, split + after);
  const best = bestSplit(values, split - before, split + after).index;
  const relative = relativeOf(around);
  const from = times[split - before] ?? question.change;
  const to = times[split + after - 1] ?? question.change;
  return {
    change: question.change,
    before: sampleOf(around, 'before'),
    after: sampleOf(around, 'after'),
    shift: shiftOf(young, old, 0.95),
    ...(relative === undefined ? {} : { relative }),
    commonLanguage: effectSize(young, old),
    location: { at: times[best] ?? question.change, points: best - split },
    control,
    also: (question.skip ?? []).filter((span) => span.from <= to && span.to >= from),
  };
}

/** Of the weighted means, in terms of the metric itself before; undefined for a rise from 0. */
function relativeOf({ compared, split, before, after }: Around): number | undefined {
  const { values, levels } = compared;
  const old = weighted(values, split - before, split, 'last').mean;
  const young = weighted(values, split, split + after, 'first').mean;
  if (young === old) return 0;
  const level = Math.abs(weighted(levels, split - before, split, 'last').mean);
  return level === 0 ? undefined : (young - old) / level;
}

function sampleOf({ compared, split, before, after }: Around, side: 'before' | 'after'): Sample {
  const { times, values } = compared;
  const [from, to] = side === 'before' ? [split - before, split] : [split, split + after];
  const { mean, variance, n } = weighted(values, from, to, side === 'before' ? 'last' : 'first');
  return {
    n,
    from: times[from] ?? Number.NaN,
    to: times[to - 1] ?? Number.NaN,
    median: median(values.slice(from, to).sort((a, b) => a - b)),
    mean,
    deviation: Math.sqrt(variance),
  };
}

function judge(evidence: Evidence, rollout: number, settings: MovedSettings): Verdict {
  const { location, change } = evidence;
  const direction = evidence.after.mean >= evidence.before.mean ? 'up' : 'down';
  const because = gatesOf(evidence, direction, settings);
  if (because.length > 0) return { kind: 'notMoved', because, evidence };
  const isHere =
    Math.abs(location.points) <= leastReach || Math.abs(location.at - change) <= rollout;
  if (isHere) return { kind: 'moved', direction, evidence };
  const side = location.points < 0 ? 'before' : 'after';
  return { kind: 'movedElsewhere', direction, at: location.at, side, evidence };
}

/** All that speaks against a move. */
function gatesOf(evidence: Evidence, direction: 'up' | 'down', settings: MovedSettings): Gate[] {
  const { relative = Infinity, commonLanguage, rank } = evidence;
  const agreeing = direction === 'up' ? commonLanguage : 1 - commonLanguage;
  const gates: [Gate, boolean][] = [
    ['rank', rank.p > settings.falseAlarms],
    ['effect', Math.abs(relative) < settings.minEffect],
    ['commonLanguage', agreeing < leastCommonLanguage],
    ['direction', settings.direction !== 'both' && settings.direction !== direction],
  ];
  return gates.filter(([, applies]) => applies).map(([gate]) => gate);
}

/** Index of the first time at or after `time`. */
function firstFrom(times: readonly number[], time: number): number {
  const index = times.findIndex((one) => one >= time);
  return index < 0 ? times.length : index;
}
