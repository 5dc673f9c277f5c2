import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import type { MapNodeView, NodeDetail } from '../../../server/api/contract-map.ts';
import { drawingOf } from '../../explore/lines.ts';
import { api } from '../../kit/api.ts';
import { Asking } from '../../kit/Asking.tsx';
import { Chart } from '../../kit/Chart.tsx';
import type { ChartLine } from '../../kit/chart-options.ts';
import { useNow } from '../../kit/clock.ts';
import { formatTime } from '../../kit/format.ts';
import { useZone } from '../../kit/preferences.ts';
import { formatIn, type Unit, unitOf } from '../../kit/units.ts';
import { type LimitLine, limitLines, readingsOf } from './limits.ts';
import { Section } from './Section.tsx';

const span = 3 * 3_600_000;
const minute = 60_000;
const chartsAtMost = 4;

interface MetricChartsProps {
  readonly node: MapNodeView;
  readonly deploys: NodeDetail['deploys'];
  /** The past that is looked at, ms; undefined: now. */
  readonly past: number | undefined;
}

/** The metrics that it has limits on, over the last three hours, with the limits and the deployments. */
export function MetricCharts({ node, deploys, past }: MetricChartsProps): ReactNode {
  // To the minute: a chart that moves each second is asked for each second.
  const now = useNow();
  const to = Math.ceil((past ?? now) / minute) * minute;
  const shown = node.metrics.slice(0, chartsAtMost);
  if (shown.length === 0) return null;
  return (
    <Section title="Its numbers, the last 3 h">
      <div className="flex flex-col gap-3">
        {shown.map((metric) => (
          <OneChart
            key={metric}
            title={metric}
            where={readingsOf(node.names, metric)}
            limits={limitLines(node, metric)}
            deploys={deploys.map(({ time }) => time)}
            to={to}
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

interface OneChartProps {
  readonly title: string;
  readonly where: string;
  readonly limits: readonly LimitLine[];
  /** Times, ms. */
  readonly deploys: readonly number[];
  readonly to: number;
}

function OneChart(props: OneChartProps): ReactNode {
  const { title, where, limits, deploys, to } = props;
  const from = to - span;
  const found = useQuery({
    queryKey: ['series', 'map', where, from, to],
    queryFn: ({ signal }) =>
      api.series({ where, from, to, every: '2m', aggregate: 'mean', by: ['name'], top: 1 }, signal),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  const drawing = useMemo(() => found.data && drawingOf(found.data, ''), [found.data]);
  const unit = unitOf(title, 'mean');
  return (
    <figure className="m-0">
      <figcaption>
        <Link
          to="/explore"
          search={{ where, aggregate: 'mean', last: '6h' }}
          className="font-mono text-small wrap-anywhere text-accent underline"
        >
          {title}
        </Link>
      </figcaption>
      <Asking of={found} />
      {drawing &&
        (drawing.times.length === 0 ? (
          <p className="text-soft">No data: no such reading came in these 3 h.</p>
        ) : (
          <Plotted {...props} from={from} drawing={drawing} unit={unit} />
        ))}
      <Legend limits={limits} unit={unit} hasDeploys={deploys.some((time) => time >= from)} />
    </figure>
  );
}

function Plotted(
  props: OneChartProps & {
    readonly from: number;
    readonly drawing: ReturnType<typeof drawingOf>;
    readonly unit: Unit;
  },
): ReactNode {
  const { title, limits, deploys, from, to, drawing, unit } = props;
  const zone = useZone();
  const [cursor, setCursor] = useState<number>();
  const lines = useMemo(() => linesOf(drawing, limits), [drawing, limits]);
  const [values] = drawing.lines;
  const at = cursor === undefined ? undefined : drawing.times[cursor];
  return (
    <>
      <output className="block text-small text-soft">
        {at === undefined
          ? `${formatIn(unit, values?.last)} at last`
          : `${formatIn(unit, values?.values[cursor ?? 0])} at ${formatTime(at, zone)}`}
      </output>
      <div className="-mx-1 h-32">
        <Chart
          label={`${title}, the last 3 h. Arrow keys read it bucket by bucket`}
          times={drawing.times}
          lines={lines}
          range={{ from, to }}
          rules={deploys.filter((time) => time >= from && time <= to)}
          focus={undefined}
          zone={zone}
          binary={unit === 'bytes'}
          formatValue={(shown) => formatIn(unit, shown)}
          onZoom={() => {}}
          onCursor={setCursor}
          onPlot={() => {}}
        />
      </div>
    </>
  );
}

function linesOf(drawing: ReturnType<typeof drawingOf>, limits: readonly LimitLine[]): ChartLine[] {
  return [
    ...drawing.lines.map(({ key, values, colour }) => {
      return { key, values, colour, dashed: false, shown: true };
    }),
    ...limits.map(({ severity, value }) => ({
      key: `${severity} ${value}`,
      values: drawing.times.map(() => value),
      colour: 0,
      token: `--${severity}`,
      dashed: true,
      shown: true,
    })),
  ];
}

function Legend(props: {
  readonly limits: readonly LimitLine[];
  readonly unit: Unit;
  readonly hasDeploys: boolean;
}): ReactNode {
  const words = props.limits.map(({ severity, value }) => (
    <span
      key={`${severity} ${value}`}
      className={severity === 'critical' ? 'text-critical' : 'text-warning'}
    >
      – – {severity} at {formatIn(props.unit, value)}
    </span>
  ));
  return (
    <p className="flex flex-wrap gap-x-4 text-small text-soft">
      {words}
      {props.hasDeploys && <span>┊ a deployment</span>}
    </p>
  );
}
