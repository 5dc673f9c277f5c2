import type { Query } from '../../../server/api/contract.ts';
import type { MapProcessView } from '../../../server/api/contract-map.ts';
import { aggregates } from '../../explore/asked.ts';

type Sli = NonNullable<MapProcessView['sli']>;

/** How a measure is asked of history, and the lines that it is held against. */
export interface Measured {
  readonly aggregate: NonNullable<Query['aggregate']>;
  readonly where: string;
  /** Divided by the same over these events. */
  readonly ratio?: string;
  readonly compare?: 'yesterday' | 'last-week';
  /** By what is written, without its way of saying it: `order.placed`. */
  readonly name: string;
  readonly limits: readonly Limit[];
}

/** `value` by itself, or times what the measure was at the same time so long before. */
export interface Limit {
  readonly value: number;
  readonly ofPast: boolean;
}

/** A measure as a question to history; undefined where the server has none for it. */
export function measuredOf({ measure, ok, query }: Sli): Measured | undefined {
  const aggregate = aggregates.find(([one]) => one === query?.aggregate)?.[0];
  if (!query || !aggregate) return undefined;
  const fixed = query.limits.map(({ value }) => ({ value, ofPast: false }));
  const ofPast = query.compare ? factorsIn(ok).map((value) => ({ value, ofPast: true })) : [];
  return {
    aggregate,
    where: query.where,
    ...(query.ratio !== undefined && { ratio: query.ratio }),
    ...(query.compare && { compare: query.compare }),
    name: /\(\s*["']?([^"'()]+?)["']?\s*(?:\)|where\b)/.exec(measure)?.[1] ?? measure,
    limits: [...fixed, ...ofPast],
  };
}

/** `0.5` of `> 0.5 of same hour last week`, where `50 %` is 0.5. An hour ago is no time to compare with. */
export function factorsIn(ok: string): readonly number[] {
  const found = ok.matchAll(
    /(\d+(?:\.\d*)?|\.\d+)\s*(%)?\s*of\s+(?:the\s+)?(?:same\s+hour\s+)?(?:last\s+week|yesterday)/gi,
  );
  return [...found].map(([, digits, share]) => Number(digits) * (share === undefined ? 1 : 0.01));
}
