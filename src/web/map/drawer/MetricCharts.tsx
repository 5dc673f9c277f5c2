import type { ReactNode } from 'react';
import type { MapNodeView } from '../../../server/api/contract-map.ts';
import type { NodeDetail } from '../../../server/api/contract-map-detail.ts';
import { unitOf } from '../../kit/units.ts';
import { limitLines, readingsOf } from './limits.ts';
import { Section } from './Section.tsx';
import { SmallChart } from './SmallChart.tsx';

const chartsAtMost = 4;

interface MetricChartsProps {
  readonly node: MapNodeView;
  readonly deploys: NodeDetail['deploys'];
  /** The past that is looked at, ms; undefined: now. */
  readonly past: number | undefined;
}

/** The metrics that a node has limits on, over time. */
export function MetricCharts({ node, deploys, past }: MetricChartsProps): ReactNode {
  const shown = node.metrics.slice(0, chartsAtMost);
  if (shown.length === 0) return null;
  return (
    <Section title="Its numbers, the last 3 h">
      <div className="flex flex-col gap-3">
        {shown.map((metric) => (
          <SmallChart
            key={metric}
            title={metric}
            unit={unitOf(metric, 'mean')}
            query={{
              where: readingsOf(node.names, metric),
              aggregate: 'mean',
              by: ['name'],
              top: 1,
              every: '2m',
            }}
            limits={limitLines(node, metric)}
            deploys={deploys.map(({ time }) => time)}
            past={past}
          />
        ))}
      </div>
      {node.metrics.length > chartsAtMost && (
        <p className="mt-2 text-small text-faint">
          Also has limits on {node.metrics.slice(chartsAtMost).join(', ')}.
        </p>
      )}
    </Section>
  );
}
