import { expect, test } from 'vitest';
import vectors from '../../../../test/vectors/stream.json' with { type: 'json' };
import type { RuleEvent, Stream, Window } from '../../rules.ts';
import { play, type RiemannEvent } from './riemann.suite.ts';

interface FoldVector {
  readonly fold: string;
  readonly in: readonly (RiemannEvent | null)[];
  readonly out: Readonly<Record<string, unknown>> | null;
}

type Numbers = readonly (number | undefined)[];

/** A fold over the metrics of all events, in order; undefined for an event without one. */
function over(finish: (metrics: Numbers) => number | undefined) {
  return (window: Window<Stream>): Stream =>
    window.fold([] as Numbers, (metrics, event: RuleEvent) => [...metrics, event.metric], finish);
}

/** Only where every event has a metric, from the first on. */
const strictly = (step: (a: number, b: number) => number) =>
  over((metrics) => {
    const known = metrics.filter((one) => one !== undefined);
    return known.length === metrics.length && known.length > 0 ? known.reduce(step) : undefined;
  });

/** The value that comes most often; of several the one that came first. */
function mode(metrics: Numbers): number | undefined {
  const counts = new Map<number | undefined, number>();
  for (const one of metrics) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

const folds: Readonly<Record<string, (window: Window<Stream>) => Stream>> = {
  sum: (window) => window.sum(),
  mean: (window) => window.mean(),
  minimum: (window) => window.min(),
  maximum: (window) => window.max(),
  count: (window) => window.count(),
  'std-dev': (window) => window.stddev(),
  median: (window) => window.quantiles(0.5),
  mode: over(mode),
  product: over((metrics) => {
    const known = metrics.filter((one) => one !== undefined);
    return known.length === 0 ? undefined : known.reduce((a, b) => a * b);
  }),
  difference: strictly((a, b) => a - b),
  // 1/0 is no number, so nothing is said.
  quotient: strictly((a, b) => a / b),
  'quotient-sloppy': strictly((a, b) => (b === 0 ? 0 : a / b)),
};

/**
 * Exceptions that hold for all of them: only the metric is compared, since a made event carries its
 * key and not the fields of the first event (rules.md 1.8); and an event that is nothing at all
 * (null) cannot come. These are of single cases, by fold and place among those of the fold.
 */
const exceptions: Readonly<
  Record<string, { readonly says: number | undefined; readonly why: string }>
> = {
  'count 0': { says: undefined, why: 'a window begins with an event: none says nothing, not 0' },
  'mode 3': { says: 2, why: 'for Riemann nothing comes most often: null, and a null metric' },
  'mode 4': { says: 4, why: 'for Riemann null came first' },
  'quotient 4': { says: 2, why: 'Riemann answers nothing since the first is null' },
  'quotient-sloppy 3': { says: 2, why: 'Riemann answers nothing since the first is null' },
  'difference 4': { says: 2, why: 'Riemann answers nothing since the first is null' },
};

const seen = new Map<string, number>();
const cases = (vectors.folds as unknown as readonly FoldVector[]).map((one) => {
  const place = seen.get(one.fold) ?? 0;
  seen.set(one.fold, place + 1);
  return [`${one.fold} ${place}`, one] as const;
});

test('there are 106, and each exception is one of them', () => {
  const ids = cases.map(([id]): string => id);
  expect(ids).toHaveLength(106);
  expect(Object.keys(exceptions).filter((id) => !ids.includes(id))).toEqual([]);
});

test.each(cases)('%s', (id, { fold, in: given, out }) => {
  const steps = [
    ...given.filter((event) => event !== null).map((event) => ({ event })),
    { advance: 1 },
  ];
  const fully = folds[fold];
  const said = fully ? play((from) => fully(from.window({ every: '1s' })), steps) : [];
  const [metric, ...more] = said.map((one) => (one.out as { readonly metric?: number }).metric);
  const wanted = id in exceptions ? exceptions[id]?.says : (out?.['metric'] ?? undefined);
  expect(more).toEqual([]);
  expect(metric === undefined ? undefined : Number(metric.toFixed(9))).toEqual(
    wanted === undefined ? undefined : Number(Number(wanted).toFixed(9)),
  );
});
