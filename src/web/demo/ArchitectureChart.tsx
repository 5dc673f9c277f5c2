import { type ReactNode, useMemo, useState } from 'react';
import type { Architecture } from '../../server/api/contract-demo.ts';
import { Chart } from '../kit/Chart.tsx';
import type { ChartLine } from '../kit/chart-options.ts';
import { formatNumber, formatTime } from '../kit/format.ts';
import { useZone } from '../kit/preferences.ts';
import type { CurveName, Curves } from './curves.ts';

const looks: Readonly<Record<CurveName, { readonly token: string; readonly dashed: boolean }>> = {
  imported: { token: '--line-strong', dashed: true },
  done: { token: '--accent', dashed: false },
  lost: { token: '--critical', dashed: false },
};

interface ArchitectureChartProps {
  readonly of: Architecture;
  readonly curves: Curves;
  readonly range: { readonly from: number; readonly to: number };
  /** When something was broken on purpose, ms. */
  readonly broken: readonly number[];
}

/** Taken in, done and lost over the last minutes, as high as in the charts beside it. */
export function ArchitectureChart(props: ArchitectureChartProps): ReactNode {
  const { of, curves, range, broken } = props;
  const zone = useZone();
  const [cursor, setCursor] = useState<number>();
  const lines = useMemo<readonly ChartLine[]>(
    () =>
      curves.of(of.name).map(({ name, values }) => ({
        key: name,
        values,
        colour: 0,
        shown: true,
        ...looks[name],
      })),
    [curves, of.name],
  );
  if (lines.length === 0)
    return <p className="text-small text-soft">No data in the last quarter of an hour.</p>;
  const at = cursor === undefined ? undefined : curves.times[cursor];
  return (
    <div>
      <div className="-mx-1 h-28">
        <Chart
          label={`${of.title}: taken in, done and lost over time. Arrow keys read it out`}
          times={curves.times}
          lines={lines}
          range={range}
          rules={broken}
          most={curves.most}
          focus={undefined}
          zone={zone}
          binary={false}
          formatValue={formatNumber}
          onZoom={() => {}}
          onCursor={setCursor}
          onPlot={() => {}}
        />
      </div>
      <output className="block min-h-4.5 text-small text-soft">
        {cursor !== undefined &&
          at !== undefined &&
          `${formatTime(at, zone)}: ${lines
            .map(({ key, values }) => `${key} ${formatNumber(values[cursor])}`)
            .join(', ')}`}
      </output>
    </div>
  );
}
