import { type ReactNode, useMemo, useState } from 'react';
import { Chart } from './Chart.tsx';
import type { ChartLine } from './chart-options.ts';
import { formatTime } from './format.ts';
import { useZone } from './preferences.ts';
import { formatIn, type Unit } from './units.ts';

/** One line over a chart: what is beyond it is not good. */
export interface LimitLine {
  readonly severity: 'warning' | 'critical';
  readonly value: number;
}

export interface LimitChartProps {
  readonly label: string;
  /** ms since the epoch, ascending */
  readonly times: readonly number[];
  /** The first is the one that is read out. */
  readonly lines: readonly ChartLine[];
  readonly limits: readonly LimitLine[];
  /** When something was deployed, ms. */
  readonly deploys: readonly number[];
  readonly range: { readonly from: number; readonly to: number };
  readonly unit: Unit;
}

/** A small chart with its limits and the deploys; says the last value, or the one at the cursor. */
export function LimitChart(props: LimitChartProps): ReactNode {
  const { label, times, lines, limits, deploys, range, unit } = props;
  const zone = useZone();
  const [cursor, setCursor] = useState<number>();
  const limited = JSON.stringify(limits);
  const drawn = useMemo(
    () => [
      ...lines,
      ...limitLines(times, JSON.parse(limited) as readonly LimitLine[]), // as it was a moment ago
    ],
    [times, lines, limited],
  );
  const values = lines[0]?.values ?? [];
  const at = cursor === undefined ? undefined : times[cursor];
  return (
    <>
      <output className="block text-small text-soft">
        {at === undefined
          ? `${formatIn(unit, lastOf(values))} at last`
          : `${formatIn(unit, values[cursor ?? 0])} at ${formatTime(at, zone)}`}
      </output>
      <div className="-mx-1 h-32">
        <Chart
          label={label}
          times={times}
          lines={drawn}
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

const lastOf = (values: readonly (number | null)[]): number | null =>
  values.findLast((value) => value !== null) ?? null;

const limitLines = (times: readonly number[], limits: readonly LimitLine[]): ChartLine[] =>
  limits.map(({ severity, value }) => ({
    key: `${severity} ${value}`,
    values: times.map(() => value),
    colour: 0,
    token: `--${severity}`,
    dashed: true,
    shown: true,
  }));

interface LimitLegendProps {
  readonly limits: readonly LimitLine[];
  readonly unit: Unit;
  readonly hasDeploys: boolean;
  /** What other lines are. */
  readonly children?: ReactNode;
}

/** What the lines over such a chart are. */
export function LimitLegend(props: LimitLegendProps): ReactNode {
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
      {props.children}
      {props.hasDeploys && <span>┊ a deployment</span>}
    </p>
  );
}
