import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import type { Query } from '../../../server/api/contract.ts';
import { drawingOf } from '../../explore/lines.ts';
import { api } from '../../kit/api.ts';
import { Asking } from '../../kit/Asking.tsx';
import { Chart } from '../../kit/Chart.tsx';
import type { ChartLine } from '../../kit/chart-options.ts';
import { useNow } from '../../kit/clock.ts';
import { formatTime } from '../../kit/format.ts';
import { useZone } from '../../kit/preferences.ts';
import { formatIn, type Unit } from '../../kit/units.ts';
import type { LimitLine } from './limits.ts';

const span = 3 * 3_600_000;
const minute = 60_000;

interface SmallChartProps {
  readonly title: string;
  readonly unit: Unit;
  readonly query: Omit<Query, 'from' | 'to' | 'last'>;
  readonly limits: readonly LimitLine[];
  /** When something was deployed, ms. */
  readonly deploys: readonly number[];
  /** The past that is looked at, ms; undefined: now. */
  readonly past: number | undefined;
}

/** One number over the last three hours, with its limits and the deployments, for a drawer. */
export function SmallChart(props: SmallChartProps): ReactNode {
  const { title, query, limits, deploys, past, unit } = props;
  const now = useNow();
  // To the minute: a chart that moves each second is asked for each second.
  const to = Math.ceil((past ?? now) / minute) * minute;
  const from = to - span;
  const found = useQuery({
    queryKey: ['series', 'map', query, from, to],
    queryFn: ({ signal }) => api.series({ ...query, from, to }, signal),
    placeholderData: keepPreviousData,
    gcTime: minute,
  });
  const drawing = useMemo(() => found.data && drawingOf(found.data, title), [found.data, title]);
  return (
    <figure className="m-0">
      <figcaption>
        <Link
          to="/explore"
          search={{
            ...(query.where !== undefined && { where: query.where }),
            ...(query.ratio !== undefined && { ratio: query.ratio }),
            ...(query.compare !== undefined && { compare: query.compare }),
            aggregate: query.aggregate ?? 'mean',
            last: '6h',
          }}
          className="font-mono text-small wrap-anywhere text-accent underline"
        >
          {title}
        </Link>
      </figcaption>
      <Asking of={found} />
      {drawing &&
        (drawing.times.length === 0 ? (
          <p className="text-soft">No data: nothing of it came in these 3 h.</p>
        ) : (
          <Plotted {...props} range={{ from, to }} drawing={drawing} />
        ))}
      <Legend
        limits={limits}
        unit={unit}
        compare={query.compare}
        hasDeploys={deploys.some((time) => time >= from && time <= to)}
      />
    </figure>
  );
}

function Plotted(
  props: SmallChartProps & {
    readonly range: { readonly from: number; readonly to: number };
    readonly drawing: ReturnType<typeof drawingOf>;
  },
): ReactNode {
  const { title, limits, deploys, range, drawing, unit } = props;
  const zone = useZone();
  const [cursor, setCursor] = useState<number>();
  const limited = JSON.stringify(limits);
  const lines = useMemo(
    () => linesOf(drawing, JSON.parse(limited) as readonly LimitLine[]), // as it was a moment ago
    [drawing, limited],
  );
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
          range={range}
          rules={deploys.filter((time) => time >= range.from && time <= range.to)}
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
    ...drawing.lines.map(({ key, values, colour, compared }) => {
      return { key, values, colour, dashed: compared, shown: true };
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
  readonly compare: Query['compare'];
  readonly hasDeploys: boolean;
}): ReactNode {
  return (
    <p className="flex flex-wrap gap-x-4 text-small text-soft">
      {props.limits.map(({ severity, value }) => (
        <span
          key={`${severity} ${value}`}
          className={severity === 'critical' ? 'text-critical' : 'text-warning'}
        >
          – – {severity} at {formatIn(props.unit, value)}
        </span>
      ))}
      {props.compare && (
        <span>– – {props.compare === 'yesterday' ? 'yesterday' : 'last week'}</span>
      )}
      {props.hasDeploys && <span>┊ a deployment</span>}
    </p>
  );
}
