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

/** Units of time in which the values of a metric can be compared, ms. */
export const timeUnits = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 } as const;
export type TimeUnit = keyof typeof timeUnits;
export const isTimeUnit = (unit: string): unit is TimeUnit => Object.hasOwn(timeUnits, unit);

/** What a number is a number of; a rate is always one per second. */
export type Unit = TimeUnit | '/s' | '%' | 'none';

/** A number that a measure is compared with. */
export type Amount =
  /** As it is written; but a rate is per second, and of a ratio `5%` is 0.05. */
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

const amountsOf = ({ ok, down }: SliPlan): readonly Amount[] =>
  [...ok.all, ...(down?.all ?? [])].map(({ amount }) => amount);

/** The unit of time that a plan compares in, the first that it writes; undefined for none. */
export function timeUnitOf(plan: SliPlan): TimeUnit | undefined {
  const units = amountsOf(plan).map((amount) => (amount.kind === 'number' ? amount.unit : 'none'));
  return units.find(isTimeUnit);
}

/** The pasts that a plan compares with, each once. */
export function pastsOf(plan: SliPlan): readonly Past[] {
  const pasts = amountsOf(plan).flatMap((amount) => (amount.kind === 'past' ? amount.past : []));
  return [...new Set(pasts)];
}
