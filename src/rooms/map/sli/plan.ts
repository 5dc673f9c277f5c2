import type { Where } from '../../../event/where/ast.ts';

/** What is computed over the events of a measure; each means what it means in docs/reference/query.md. */
export const sliFunctions = [
  'rate',
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'p50',
  'p75',
  'p90',
  'p95',
  'p99',
  'p999',
] as const;
export type SliFunction = (typeof sliFunctions)[number];

/** What a measure is compared with in the past, in the words of map.yaml. All hours and days are UTC. */
export const pasts = [
  'same hour last week',
  'same hour yesterday',
  'last week',
  'yesterday',
  'last hour',
] as const;
export type Past = (typeof pasts)[number];

/** What a number is a number of. `ms` is time, `/s` a rate; a share of 1 has none. */
export type Unit = 'ms' | '/s' | '%' | 'none';

/** A number that a measure is compared with. */
export type Amount =
  /** In ms for a time, per second for a rate; of a share `5 %` is 0.05. */
  | { readonly kind: 'number'; readonly value: number; readonly unit: Unit }
  /** So many times what the measure was then. */
  | { readonly kind: 'past'; readonly factor: number; readonly past: Past };

export interface Comparison {
  readonly op: '>' | '>=' | '<' | '<=';
  readonly amount: Amount;
}

/** All must hold. */
export interface Bound {
  readonly all: readonly Comparison[];
  /** As it is written. */
  readonly text: string;
}

/** A measure of a process and what must be true of it, ready to be asked of history. */
export interface SliPlan {
  /** The measure as it is written. */
  readonly text: string;
  /** What its events are called, for sentences: `order.placed`. */
  readonly of: string;
  readonly aggregate: SliFunction;
  readonly where: Where;
  /** The aggregate is divided by the same aggregate over these events. */
  readonly ratio?: Where;
  /** ms */
  readonly window: number;
  /** Where nothing matches it is 0, as long as other events came: `or 0`. */
  readonly orZero: boolean;
  readonly ok: Bound;
  /** Where it does not hold, the process is down. */
  readonly down?: Bound;
}

/** The pasts that a plan compares with, each once. */
export function pastsOf({ ok, down }: SliPlan): readonly Past[] {
  const all = [...ok.all, ...(down?.all ?? [])];
  return [...new Set(all.flatMap(({ amount }) => (amount.kind === 'past' ? amount.past : [])))];
}
