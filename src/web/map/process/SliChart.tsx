import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import type { Query, SeriesAnswer } from '../../../server/api/contract.ts';
import type { MapProcessView } from '../../../server/api/contract-map.ts';
import { stepFor } from '../../explore/asked.ts';
import { drawingOf } from '../../explore/lines.ts';
import { api } from '../../kit/api.ts';
import { Asking } from '../../kit/Asking.tsx';
import { Chart } from '../../kit/Chart.tsx';
import type { ChartLine } from '../../kit/chart-options.ts';
import { formatNumber, formatTime } from '../../kit/format.ts';
import { useZone } from '../../kit/preferences.ts';
import { formatIn, type Unit, unitOf } from '../../kit/units.ts';
import { type Limit, type Measured, measuredOf } from './measure.ts';
import type { Window } from './window.ts';

const points = 160;

interface SliChartProps {
  readonly process: MapProcessView;
  readonly window: Window;
  /** When the process became otherwise, ms: drawn as lines. */
  readonly changes: readonly number[];
}

/** What a process is measured by, over time, with the line that it is held against. */
export function SliChart(props: SliChartProps): ReactNode {
  const { sli, title } = props.process;
  if (!sli)
    return (
      <p className="no-data px-2 py-1 text-soft">
        No data: no measure is declared for {title}. It is known by what it needs, and by checks and
        alerts that name it.
      </p>
    );
  const measured = measuredOf(sli);
  return (
    <div>
      <p className="wrap-anywhere">
        <code className="font-mono text-small">{sli.measure}</code>{' '}
        <span className="text-soft">is ok when</span>{' '}
        <code className="font-mono text-small">{sli.ok}</code>
      </p>
      <p className="mb-2 text-soft">{sli.text}</p>
      {measured ? (
        <Series {...props} measured={measured} />
      ) : (
        <p className="text-small text-faint">
          This measure cannot be drawn here; what was found of it last stands above.
        </p>
      )}
    </div>
  );
}

function Series(props: SliChartProps & { readonly measured: Measured }): ReactNode {
  const { measured, window } = props;
  const { where, aggregate, ratio, compare, name } = measured;
  const query: Query = {
    where,
    aggregate,
    last: window.name,
    every: stepFor(window.ms, points),
    ...(ratio !== undefined && { ratio }),
    ...(compare && { compare }),
  };
  const found = useQuery({
    queryKey: ['series', 'sli', query],
    queryFn: ({ signal }) => api.series(query, signal),
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });
  if (!found.data) return <Asking of={found} />;
  return (
    <>
      <Asking of={found} staleAfterMs={150_000} />
      <Plotted {...props} answer={found.data} />
      <p className="mt-1 flex flex-wrap gap-x-4 text-small text-soft">
        <span>{limitText(measured)}; dotted: when its word changed.</span>
        <Link
          to="/explore"
          search={{ where, aggregate, last: window.name, ...(ratio !== undefined && { ratio }) }}
          className="font-semibold text-accent underline"
        >
          Explore {name}
        </Link>
      </p>
    </>
  );
}

function limitText({ limits, compare, aggregate }: Measured): string {
  if (limits.length === 0) return aggregate;
  const texts = limits.map(({ value, ofPast }) => {
    if (!ofPast) return formatNumber(value);
    return `${formatNumber(value)} × the same time ${compare === 'yesterday' ? 'yesterday' : 'last week'}`;
  });
  return `dashed: the limit, ${texts.join(' and ')}`;
}

function Plotted(
  props: SliChartProps & { readonly measured: Measured; readonly answer: SeriesAnswer },
): ReactNode {
  const { answer, measured, changes } = props;
  const zone = useZone();
  const [cursor, setCursor] = useState<number>();
  const { times, lines } = useMemo(() => drawn(answer, measured), [answer, measured]);
  const unit = unitOf(measured.ratio === undefined ? measured.name : 'ratio', measured.aggregate);
  const at = cursor === undefined ? undefined : times[cursor];
  if (times.length === 0)
    return (
      <p className="no-data px-2 py-1 text-soft">
        No data: history has nothing called {measured.name} in this window.
      </p>
    );
  return (
    <>
      <output className="block text-small text-soft">
        {at === undefined
          ? `at last ${readOut(lines, lastKnown(lines), unit)}`
          : `${formatTime(at, zone)}: ${readOut(lines, cursor ?? 0, unit)}`}
      </output>
      <div className="h-44">
        <Chart
          label={`${props.process.title}: ${measured.aggregate} of ${measured.name} over time`}
          times={times}
          lines={lines}
          range={answer}
          rules={changes}
          focus={undefined}
          zone={zone}
          binary={unit === 'bytes'}
          formatValue={(value) => formatIn(unit, value)}
          onZoom={() => {}}
          onCursor={setCursor}
          onPlot={() => {}}
        />
      </div>
    </>
  );
}

const readOut = (lines: readonly ChartLine[], at: number, unit: Unit): string =>
  lines
    .map(({ dashed, values }) => {
      const value = values[at];
      const text = value === null || value === undefined ? 'no data' : formatIn(unit, value);
      return dashed ? `limit ${text}` : text;
    })
    .join(', ');

/** The newest bucket that has a value. */
const lastKnown = ([own]: readonly ChartLine[]): number =>
  Math.max(0, own?.values.findLastIndex((value) => value !== null) ?? 0);

/** The measure, and the lines that it is held against. */
function drawn(
  answer: SeriesAnswer,
  { limits, name }: Measured,
): { readonly times: readonly number[]; readonly lines: readonly ChartLine[] } {
  const drawing = drawingOf(answer, name);
  const own = drawing.lines.find(({ compared }) => !compared);
  if (!own) return { times: [], lines: [] };
  const before = drawing.lines.find(({ compared }) => compared);
  const held = ({ value, ofPast }: Limit) =>
    drawing.times.map((_, at) => {
      if (!ofPast) return value;
      const was = before?.values[at] ?? null;
      return was === null ? null : was * value;
    });
  return {
    times: drawing.times,
    lines: [
      { key: 'measure', values: own.values, colour: 0, dashed: false, shown: true },
      ...limits.map((limit, at) => {
        return { key: `limit ${at}`, values: held(limit), colour: 1, dashed: true, shown: true };
      }),
    ],
  };
}
