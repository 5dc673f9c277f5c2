import { useState } from 'react';
import type { PlanNode } from './plan-layout.ts';

/** Events per second that left each node of a plan, by its id. */
export type Rates = ReadonlyMap<number, number>;

interface Seen {
  readonly at: number;
  readonly nodes: readonly PlanNode[];
  readonly rates: Rates;
}

/** How fast the counts grew between the last two answers; `at` is when the last one came, ms. */
export function useRates(nodes: readonly PlanNode[], at: number): Rates {
  const [seen, setSeen] = useState<Seen>({ at, nodes, rates: new Map() });
  if (seen.at === at) return seen.rates;
  const seconds = (at - seen.at) / 1000;
  const before = new Map(seen.nodes.map((node) => [node.id, node.out]));
  const rates = new Map(
    nodes.map((node) => [
      node.id,
      Math.max(0, node.out - (before.get(node.id) ?? node.out)) / seconds,
    ]),
  );
  setSeen({ at, nodes, rates });
  return rates;
}
