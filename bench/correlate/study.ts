import { machine } from '../report.ts';
import { median } from '../../src/rules/correlate/mann-whitney.ts';
import { judgeTogether } from '../../src/rules/correlate/many-metrics.ts';
import type { Point } from '../../src/rules/correlate/weighted-t.ts';
import {
  type Method,
  methods,
  type Placebo,
  verdictOf,
  withLongHistory,
  withWeek,
} from './methods.ts';
import { numenta } from './nab.ts';
import { randomFrom } from '../load/random.ts';
import { generated, type Metric } from './series.ts';

/**
 * Claim: `moved` is wrong in no more than 1 % of the deploys that changed nothing, and finds half of
 * those that moved a metric by three of its local deviations. Puts placebo deploys into metrics where
 * nothing happened, then adds a step after them:
 *
 *     node --import tsx bench/correlate/study.ts [folder of numenta/NAB]
 */
const perSeries = 25;
const steps = [0, 2, 3, 5];
const windows = [
  { before: 24, after: 12 },
  { before: 48, after: 24 },
];

interface Place {
  readonly metric: Metric;
  readonly index: number;
}

const started = performance.now();
const folder = process.argv[2];
const metrics = folder === undefined ? generated(6_000) : numenta(folder);
console.log(
  machine()
    .split('\n')
    .filter((line) => !line.startsWith('peers'))
    .join('\n'),
);
console.log(`${metrics.length} series${folder === undefined ? ', generated' : ` of ${folder}`}\n`);

table('600 points of history', methods, 600);
table('1,600 points of history', withLongHistory, 1_600);
table('8 days of history', withWeek, 2_304);
speed();
if (folder === undefined) many();
console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s`);

/** Places where nothing is known to have happened, the same in every run. */
function placesOf(history: number): Place[] {
  return metrics.flatMap((metric, m) => {
    const random = randomFrom(m + 1);
    const first = history + 72;
    const last = metric.points.length - 24;
    const places: Place[] = [];
    for (let tries = 0; last > first && places.length < perSeries && tries < 1_000; tries++) {
      const index = first + Math.floor(random() * (last - first));
      const [from, to] = [metric.points[index - 48]?.[0] ?? 0, metric.points[index + 24]?.[0] ?? 0];
      if (!metric.unusual.some((span) => span[0] <= to && span[1] >= from))
        places.push({ metric, index });
    }
    return places;
  });
}

/** The series up to the last reading after the place, raised by `step` deviations from there on. */
function placeboAt(
  { metric, index }: Place,
  history: number,
  window: { before: number; after: number },
  step: number,
): Placebo {
  const { before, after } = window;
  const from = index - history - before - after;
  const cut = metric.points.slice(Math.max(from, 0), index + after);
  const split = index - Math.max(from, 0);
  const rise = step * deviation(cut.slice(split - 48, split));
  const points = cut.map(([time, value], i): Point => [time, i < split ? value : value + rise]);
  return { points, values: points.map((point) => point[1]), split, before, after };
}

/** Robust: the median distance from the median, scaled to the normal distribution's deviation. */
function deviation(points: readonly Point[]): number {
  const ascending = (a: number, b: number): number => a - b;
  const values = points.map((point) => point[1]);
  const middle = median(values.toSorted(ascending));
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)).toSorted(ascending));
}

function table(title: string, of: Readonly<Record<string, Method>>, history: number): void {
  const places = placesOf(history);
  console.log(`${title}, n = ${places.length} placebos; 24 before and 12 after / 48 and 24\n`);
  console.log('| method | false alarms | found at +2σ | +3σ | +5σ | cannot tell |');
  console.log('|---|---|---|---|---|---|');
  for (const [name, method] of Object.entries(of)) {
    const counts = windows.map((window) =>
      steps.map((step) => {
        const said = places.map((place) => method(placeboAt(place, history, window, step)));
        return said.filter((one) => one === true).length / places.length;
      }),
    );
    const untold = windows.map(
      (window) =>
        places.filter((place) => method(placeboAt(place, history, window, 0)) === undefined)
          .length / places.length,
    );
    const cells = steps.map((_, s) =>
      counts.map((of) => (100 * (of[s] ?? 0)).toFixed(s === 0 ? 1 : 0)).join(' / '),
    );
    const unknown = untold.map((share) => (100 * share).toFixed(0)).join(' / ');
    console.log(`| ${name} | ${cells.map((cell) => `${cell} %`).join(' | ')} | ${unknown} % |`);
  }
  console.log('');
}

function speed(): void {
  const places = placesOf(1_600).slice(0, 200);
  const placebos = places.map((place) => placeboAt(place, 1_600, { before: 48, after: 24 }, 3));
  for (const placebo of placebos) verdictOf(placebo);
  const begin = performance.now();
  for (const placebo of placebos) verdictOf(placebo);
  const each = (performance.now() - begin) / placebos.length;
  console.log(
    `one verdict, 48/24 with 1,600 points of history: ${each.toFixed(2)} ms (n = ${placebos.length})`,
  );
}

/** Forty metrics of one deploy, of which two are moved by 5σ: with and without Benjamini-Hochberg. */
function many(): void {
  const random = randomFrom(7);
  const history = 3_000;
  const deploys = 250;
  const counts = { false: 0, found: 0, falseTogether: 0, foundTogether: 0, foundFirst: 0, none: 0 };
  for (let deploy = 0; deploy < deploys; deploy++) {
    const drawn = metrics.map((metric) => ({ metric, lot: random() }));
    const chosen = drawn
      .toSorted((a, b) => a.lot - b.lot)
      .slice(0, 40)
      .map(({ metric }) => metric);
    const index = history + 72 + Math.floor(random() * (6_000 - history - 96));
    const judged = chosen.map((metric, i) => ({
      verdict: verdictOf(
        placeboAt({ metric, index }, history, { before: 48, after: 24 }, i < 2 ? 5 : 0),
      ),
      first: i === 0 || i > 37,
    }));
    const together = judgeTogether(judged);
    const isMoved = (i: number, of: readonly { readonly kind: string }[]): boolean =>
      of[i]?.kind === 'moved';
    const alone = judged.map(({ verdict }) => verdict);
    const range = (from: number, to: number): number[] =>
      Array.from({ length: to - from }, (_, i) => from + i);
    counts.found += range(0, 2).filter((i) => isMoved(i, alone)).length;
    counts.foundTogether += range(0, 2).filter((i) => isMoved(i, together)).length;
    counts.foundFirst += isMoved(0, together) ? 1 : 0;
    counts.false += range(2, 40).filter((i) => isMoved(i, alone)).length;
    counts.falseTogether += range(2, 40).filter((i) => isMoved(i, together)).length;
  }
  const share = (count: number, of: number): string => `${((100 * count) / of).toFixed(0)} %`;
  console.log(
    `\n${deploys} deploys × 40 metrics, two moved by 5σ (one of them among three that come first), 3,000 points of history:\n` +
      `each by itself: ${(counts.false / deploys).toFixed(2)} false a deploy, found ${share(counts.found, 2 * deploys)}\n` +
      `together (q = 0.05): ${(counts.falseTogether / deploys).toFixed(2)} false a deploy, found ${share(counts.foundTogether, 2 * deploys)}, of those that come first ${share(counts.foundFirst, deploys)}`,
  );
}
