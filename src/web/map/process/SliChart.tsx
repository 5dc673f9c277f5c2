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
import { formatTime } from '../../kit/format.ts';
import { useZone } from '../../kit/preferences.ts';
import { formatIn, type Unit, unitOf } from '../../kit/units.ts';
import { type Measured, measuredOf } from './measure.ts';
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
          This measure is more than one aggregate of one metric: there is no single line of it to
          draw.
        </p>
      )}
    </div>
  );
}

function Series(props: SliChartProps & { readonly measured: Measured }): ReactNode {
  const { measured, window } = props;
  const { where, aggregate, limit, name } = measured;
  const query: Query = {
    where,
    aggregate,
    last: window.name,
    every: stepFor(window.ms, points),
    ...(limit?.of && { compare: limit.of }),
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
          search={{ where, aggregate, last: window.name }}
          className="font-semibold text-accent underline"
        >
          Explore {name}
        </Link>
      </p>
    </>
  );
}

function limitText({ limit, aggregate }: Measured): string {
  if (!limit) return aggregate;
  if (!limit.of) return `dashed: the limit, ${limit.value}`;
  const when = limit.of === 'yesterday' ? 'the same time yesterday' : 'the same time last week';
  return `dashed: the limit, ${limit.value} of ${when}`;
}

function Plotted(
  props: SliChartProps & { readonly measured: Measured; readonly answer: SeriesAnswer },
): ReactNode {
  const { answer, measured, changes } = props;
  const zone = useZone();
  const [cursor, setCursor] = useState<number>();
  const { times, lines } = useMemo(() => drawn(answer, measured), [answer, measured]);
  const unit = unitOf(measured.name, measured.aggregate);
  const at = cursor === undefined ? undefined : times[cursor];
  if (times.length === 0)
    return (
      <p className="no-data px-2 py-1 text-soft">
        No data: history has no event called {measured.name} in this window.
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
    .map(({ key, values }) => {
      const value = values[at];
      const text = value === null || value === undefined ? 'no data' : formatIn(unit, value);
      return key === limitKey ? `limit ${text}` : text;
    })
    .join(', ');

/** The newest bucket that has a value. */
const lastKnown = ([own]: readonly ChartLine[]): number =>
  Math.max(0, own?.values.findLastIndex((value) => value !== null) ?? 0);

const limitKey = 'limit';

/** The measure, and the line that it is held against. */
function drawn(
  answer: SeriesAnswer,
  { limit, name }: Measured,
): { readonly times: readonly number[]; readonly lines: readonly ChartLine[] } {
  const drawing = drawingOf(answer, name);
  const [own] = drawing.lines;
  if (!own) return { times: [], lines: [] };
  const before = drawing.lines.find((line) => line.compared);
  const held = drawing.times.map((_, at) => {
    if (!limit) return null;
    if (!limit.of) return limit.value;
    const was = before?.values[at] ?? null;
    return was === null ? null : was * limit.value;
  });
  const line = (key: string, values: readonly (number | null)[], dashed: boolean): ChartLine => {
    return { key, values, colour: dashed ? 1 : 0, dashed, shown: true };
  };
  return {
    times: drawing.times,
    lines: [line('measure', own.values, false), ...(limit ? [line(limitKey, held, true)] : [])],
  };
}
