import { type HealthState, type Observed, processKey } from '../health.ts';
import { emptyMap, type MapEdge, type MapGroup, type MapModel, type MapNode } from '../model.ts';

const place = { file: 'map.yaml', line: 1, column: 1 };

export const nodeOf = (id: string, more: Partial<MapNode> = {}): MapNode => ({
  id,
  quadrant: 'production',
  kind: 'app',
  title: id,
  anchor: false,
  names: {},
  release: false,
  roles: [],
  mix: {},
  limits: [],
  links: [],
  place,
  ...more,
});

/**
 * A map of needs as they are written in map.yaml: `a => b, c`, `a ~> b`, `a => 2 of b, c, d`. What
 * stands in `criticality` are processes.
 */
export function mapOf(
  lines: readonly string[],
  criticality: Readonly<Record<string, number>> = {},
): MapModel {
  const edges: MapEdge[] = [];
  const groups: MapGroup[] = [];
  const all = lines.map(needOf);
  const ids = new Set(all.flatMap(({ from, to }) => [from, ...to]));
  for (const { from: id, kind, to, need } of all) {
    const from = id in criticality ? processKey(id) : id;
    if (need !== undefined)
      groups.push({ id: `${id}=>group`, from, members: to, need, text: 'group', place });
    else if (from === id)
      edges.push(...to.map((one) => ({ id: `${id}=>${one}`, from, to: one, kind, place })));
  }
  const processes = Object.entries(criticality).map(([id, level]) => {
    const own = all.filter(({ from, need }) => from === id && need === undefined);
    const needs = own.flatMap(({ kind, to }) => to.map((need) => ({ id: need, kind })));
    return [id, { id, title: id, criticality: level, needs, names: {}, place }] as const;
  });
  const nodes = [...ids]
    .filter((id) => !(id in criticality))
    .map((id) => [id, nodeOf(id)] as const);
  return { ...emptyMap, nodes: new Map(nodes), edges, groups, processes: new Map(processes) };
}

function needOf(line: string) {
  const [, from = '', arrow = '', need, to = ''] =
    /^(\S+) (=>|~>) (?:(\d+) of )?(.+)$/.exec(line) ?? [];
  return {
    from,
    kind: arrow === '~>' ? ('soft' as const) : ('hard' as const),
    need: need === undefined ? undefined : Number(need),
    to: to.split(', '),
  };
}

export const seenAs = (state: HealthState): Observed => ({ state, evidence: [] });

/** What is observed, by key. */
export const seen = (states: Readonly<Record<string, HealthState>>): Map<string, Observed> =>
  new Map(Object.entries(states).map(([id, state]) => [id, seenAs(state)]));

/** The map of the design: two processes in a shop, and support. */
export const shop = mapOf(
  [
    'checkout => api, payments, lb',
    'checkout ~> mail',
    'browse => lb',
    'support => mail',
    'lb => 2 of web1, web2, web3',
    'web1 => api',
    'web2 => api',
    'web3 => api',
    'api => db',
    'api ~> search',
  ],
  { checkout: 1, browse: 2, support: 3 },
);
