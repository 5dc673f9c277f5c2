import type { Aggregate } from '../history.ts';

/** How an aggregate is computed in two steps, so that totals come from the states of the parts. */
export interface AggregateSql {
  /** Over the Nullable(Float64) column of this name; counts what is not NULL. */
  readonly state: (column: string) => string;
  /** Merges the states in the column of this name; to be used as a window function too. */
  readonly merge: (column: string) => string;
}

/**
 * Quantiles by t-digest: bounded memory for any number of values, and the same answer whenever the
 * same rows lie in the same parts. Chosen by measurement: docs/decisions/0003-quantiles.md.
 */
const quantile = 'quantileTDigest';
const levels = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;
const functions = {
  count: 'count',
  rate: 'count',
  sum: 'sum',
  mean: 'avg',
  min: 'min',
  max: 'max',
} as const;

/** The SQL of an aggregate. */
export function aggregateSql(aggregate: Aggregate): AggregateSql {
  if (aggregate in levels) {
    const level = levels[aggregate as keyof typeof levels];
    return {
      state: (column) => `${quantile}State(${level})(${column})`,
      merge: (column) => `${quantile}Merge(${level})(${column})`,
    };
  }
  const name = functions[aggregate as keyof typeof functions];
  return {
    state: (column) => `${name}State(${column})`,
    merge: (column) => `${name}Merge(${column})`,
  };
}

/** Whether it counts events, also those without a metric. */
export function countsEvents(aggregate: Aggregate): boolean {
  return aggregate === 'count' || aggregate === 'rate';
}
