import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { Query, SeriesAnswer } from '../../../server/api/contract.ts';
import { drawingOf } from '../../explore/lines.ts';
import { api } from '../../kit/api.ts';
import { Asking } from '../../kit/Asking.tsx';
import { useNow } from '../../kit/clock.ts';
import {
  LimitChart,
  type LimitChartProps,
  LimitLegend,
  type LimitLine,
} from '../../kit/LimitChart.tsx';
import type { Unit } from '../../kit/units.ts';

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
  const drawing = useMemo(() => found.data && drawn(found.data, title), [found.data, title]);
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
          <LimitChart
            label={`${title}, the last 3 h. Arrow keys read it bucket by bucket`}
            times={drawing.times}
            lines={drawing.lines}
            limits={limits}
            deploys={deploys}
            range={{ from, to }}
            unit={unit}
          />
        ))}
      <LimitLegend
        limits={limits}
        unit={unit}
        hasDeploys={deploys.some((time) => time >= from && time <= to)}
      >
        {query.compare && (
          <span>– – {query.compare === 'yesterday' ? 'yesterday' : 'last week'}</span>
        )}
      </LimitLegend>
    </figure>
  );
}

function drawn(answer: SeriesAnswer, title: string): Pick<LimitChartProps, 'times' | 'lines'> {
  const { times, lines } = drawingOf(answer, title);
  return {
    times,
    lines: lines.map(({ compared, ...line }) => ({ ...line, dashed: compared, shown: true })),
  };
}
