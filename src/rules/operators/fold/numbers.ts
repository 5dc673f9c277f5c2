import type { Event } from '../../../event/event.ts';
import { fold, metric } from './fold.ts';

const metricOf = (event: Event): number | undefined => event.metric;

interface Count {
  n: number;
}

/** How many events. Keeps one number. */
export const count = fold<Count, Event>({
  make: () => ({ n: 0 }),
  item: (event) => event,
  add: (kept) => {
    kept.n++;
    return kept;
  },
  merge: (into, { n }) => {
    into.n += n;
    return into;
  },
  results: ({ n }) => metric(n),
  empty: { metric: 0 },
});

interface Sum {
  n: number;
  sum: number;
}

const sums = {
  make: (): Sum => ({ n: 0, sum: 0 }),
  item: metricOf,
  add: (kept: Sum, value: number): Sum => {
    kept.n++;
    kept.sum += value;
    return kept;
  },
  merge: (into: Sum, { n, sum }: Sum): Sum => {
    into.n += n;
    into.sum += sum;
    return into;
  },
};

/** The sum of `metric`. Keeps two numbers. */
export const sum = fold<Sum, number>({
  ...sums,
  results: (kept) => metric(kept.sum),
  empty: { metric: 0 },
});

/** The arithmetic mean of `metric`. Keeps two numbers. */
export const mean = fold<Sum, number>({
  ...sums,
  results: (kept) => metric(kept.sum / kept.n),
  empty: undefined,
});

/** The sum over a length of time (ms), per second; an event without `metric` counts 1. */
export function perSecond(length: number): ReturnType<typeof fold> {
  return fold<Sum, number>({
    ...sums,
    item: (event) => event.metric ?? 1,
    results: (kept) =>
      metric(kept.sum / (length / 1000)).map((one) => ({ ...one, attributes: { unit: '/s' } })),
    empty: { metric: 0, attributes: { unit: '/s' } },
  });
}

interface Extreme {
  value: number;
}

function extreme(start: number, pick: (a: number, b: number) => number): ReturnType<typeof fold> {
  const add = (kept: Extreme, value: number): Extreme => {
    kept.value = pick(kept.value, value);
    return kept;
  };
  return fold<Extreme, number>({
    make: () => ({ value: start }),
    item: metricOf,
    add,
    merge: (into, { value }) => add(into, value),
    results: ({ value }) => metric(value),
    empty: undefined,
  });
}

/** The smallest `metric`. Keeps one number. */
export const min = extreme(Number.POSITIVE_INFINITY, Math.min);
/** The largest `metric`. Keeps one number. */
export const max = extreme(Number.NEGATIVE_INFINITY, Math.max);

interface Spread {
  n: number;
  mean: number;
  /** The sum of squared differences from the mean. */
  m2: number;
}

/**
 * Population standard deviation of `metric`, by Welford's recurrence; states are merged as Chan,
 * Golub and LeVeque (1979) do. Keeps three numbers.
 */
export const stddev = fold<Spread, number>({
  make: () => ({ n: 0, mean: 0, m2: 0 }),
  item: metricOf,
  add: (kept, value) => {
    const delta = value - kept.mean;
    kept.mean += delta / ++kept.n;
    kept.m2 += delta * (value - kept.mean);
    return kept;
  },
  merge: (into, from) => {
    const n = into.n + from.n;
    if (n === 0) return into;
    const delta = from.mean - into.mean;
    into.m2 += from.m2 + (delta * delta * into.n * from.n) / n;
    into.mean += (delta * from.n) / n;
    into.n = n;
    return into;
  },
  results: ({ n, m2 }) => metric(Math.sqrt(Math.max(0, m2 / n))),
  empty: undefined,
});
