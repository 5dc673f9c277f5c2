import type { MapNodeView } from '../../../server/api/contract-map.ts';
import type { LimitLine } from '../../kit/LimitChart.tsx';
import { allOf, quote } from '../../where/quote.ts';

/**
 * The ends of a range of the Nagios plugins ("Threshold and Ranges"): `10` is 0 to 10, `10:` from
 * 10, `~:10` up to 10, `@5:10` outside of 5 to 10. The zero that is only implied is no line.
 */
export function endsOf(range: string): number[] {
  const [start, end] = range.replace(/^@/, '').split(':');
  const texts = end === undefined ? [start] : [start === '0' ? '' : start, end];
  return texts
    .filter((text) => text !== undefined && text !== '' && text !== '~')
    .map(Number)
    .filter(Number.isFinite);
}

/** The lines of a metric of a node. */
export function limitLines(node: MapNodeView, metric: string): LimitLine[] {
  return (node.limits ?? [])
    .filter((limit) => limit.metric === metric)
    .flatMap(({ warning, critical }) => [
      ...endsOf(warning ?? '').map((value) => ({ severity: 'warning' as const, value })),
      ...endsOf(critical ?? '').map((value) => ({ severity: 'critical' as const, value })),
    ]);
}

const fields: readonly (readonly [name: string, field: string])[] = [
  ['service', 'service'],
  ['host', 'host'],
  ['source', 'source'],
  ['subject', 'subject'],
];
const narrowing: readonly (readonly [name: string, field: string])[] = [
  ['environment', 'environment'],
  ['namespace', 'label."service.namespace"'],
];

/** The filter of the readings of one metric that bear the names of a node. */
export function readingsOf(names: MapNodeView['names'], metric: string): string {
  const by = ([name, field]: readonly [string, string]): string[] => {
    const value = names[name];
    if (value === undefined) return [];
    if (!value.endsWith('*')) return [`${field} = ${quote(value)}`];
    return [`${field} =~ ${quote(`${value.slice(0, -1).replaceAll('%', String.raw`\%`)}%`)}`];
  };
  const own = fields.map(by).find((found) => found.length > 0) ?? [];
  return allOf(`name = ${quote(metric)}`, ...own, ...narrowing.flatMap(by));
}
