import type { Query } from '../../../server/api/contract.ts';
import type { MapProcessView } from '../../../server/api/contract-map.ts';
import { aggregates } from '../../explore/asked.ts';
import { quote } from '../../where/quote.ts';

type Sli = NonNullable<MapProcessView['sli']>;

/** How a measure is asked of history, and the line that it is held against. */
export interface Measured {
  readonly name: string;
  readonly aggregate: NonNullable<Query['aggregate']>;
  readonly where: string;
  readonly limit: Limit | undefined;
}

/** `value` by itself, or times what the measure was so long before. */
export interface Limit {
  readonly value: number;
  readonly of: 'yesterday' | 'last-week' | undefined;
}

/**
 * `rate(order.placed)` as a question to history; undefined where it is more than one aggregate of
 * one metric (docs/formats/map.md), which the page then says.
 */
export function measuredOf({ measure, ok }: Sli): Measured | undefined {
  const found = /^\s*([a-z0-9]+)\(\s*([^\s(){}]+)\s*(?:(?:where|,)\s*(.+?)\s*)?\)\s*$/i.exec(
    measure,
  );
  const [, word = '', name = '', filter] = found ?? [];
  const aggregate = aggregates.find(([one]) => one === word.toLowerCase())?.[0];
  if (aggregate === undefined) return undefined;
  const named = `name = ${quote(name)}`;
  return {
    name,
    aggregate,
    where: filter === undefined ? named : `${named} and (${filter})`,
    limit: limitOf(ok),
  };
}

/** `> 0.5 of same hour last week`, `< 500`. */
export function limitOf(ok: string): Limit | undefined {
  const found = /^\s*[<>]=?\s*(-?[\d.]+(?:e-?\d+)?)\s*(%)?\s*(?:of\s+(.+))?$/i.exec(ok);
  if (!found) return undefined;
  const value = Number(found[1]) / (found[2] === undefined ? 1 : 100);
  const before = found[3]?.toLowerCase();
  if (!Number.isFinite(value)) return undefined;
  if (before === undefined) return { value, of: undefined };
  if (/last week|week ago|7 ?d/.test(before)) return { value, of: 'last-week' };
  if (/yesterday|day ago|24 ?h/.test(before)) return { value, of: 'yesterday' };
  return undefined;
}
