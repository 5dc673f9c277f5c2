import { printWhere } from '../../event/where/print.ts';
import type { Sli } from '../../rooms/map/model.ts';
import { parseSli } from '../../rooms/map/sli/parse.ts';
import { type Bound, type Past, pastsOf } from '../../rooms/map/sli/plan.ts';
import type { MapProcessView } from '../api/contract-map.ts';

export type SliQuery = NonNullable<NonNullable<MapProcessView['sli']>['query']>;

const compares: Readonly<Record<Past, SliQuery['compare']>> = {
  'same hour last week': 'last-week',
  'last week': 'last-week',
  'same hour yesterday': 'yesterday',
  yesterday: 'yesterday',
  'last hour': undefined,
};

/** What to ask history for to see the measure of a process over time; undefined for one that cannot be read. */
export function sliQueryOf(sli: Sli): SliQuery | undefined {
  const parsed = parseSli(sli);
  if ('fault' in parsed) return undefined;
  const { plan } = parsed;
  const compare = pastsOf(plan)
    .map((past) => compares[past])
    .find((found) => found !== undefined);
  return {
    where: printWhere(plan.where),
    aggregate: plan.aggregate,
    window: plan.window,
    limits: [...limitsOf('warning', plan.ok), ...limitsOf('critical', plan.down)],
    ...(plan.ratio && { ratio: printWhere(plan.ratio) }),
    ...(compare && { compare }),
  };
}

const limitsOf = (
  severity: SliQuery['limits'][number]['severity'],
  bound: Bound | undefined,
): SliQuery['limits'] =>
  (bound?.all ?? []).flatMap(({ amount }) =>
    amount.kind === 'number' ? { severity, value: amount.value } : [],
  );
