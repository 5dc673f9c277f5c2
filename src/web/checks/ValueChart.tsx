import { type ReactNode, useMemo } from 'react';
import { LimitChart, LimitLegend } from '../kit/LimitChart.tsx';
import type { Measured } from './measured.ts';

/** One number of a check over time, with its limits and what was deployed. */
export function ValueChart(props: {
  readonly title: string;
  readonly of: Measured;
  /** ms */
  readonly deploys: readonly number[];
  /** What the marks are. */
  readonly deployWords: string;
}): ReactNode {
  const { title, of, deploys, deployWords } = props;
  const { times, values, limits, unit } = of;
  const lines = useMemo(
    () => [{ key: title, values, colour: 0, dashed: false, shown: true }],
    [title, values],
  );
  const range = useMemo(() => ({ from: times[0] ?? 0, to: times.at(-1) ?? 1 }), [times]);
  const marked = deploys.filter((at) => at >= range.from && at <= range.to);
  return (
    <figure className="m-0 min-w-0">
      <figcaption className="font-mono text-small wrap-anywhere">{title}</figcaption>
      {times.length < 2 ? (
        <p className="text-soft">No data: a line needs two runs.</p>
      ) : (
        <>
          <LimitChart
            label={`${title}. Arrow keys read it value by value`}
            times={times}
            lines={lines}
            limits={limits}
            deploys={marked}
            range={range}
            unit={unit}
          />
          <LimitLegend limits={limits} unit={unit} hasDeploys={false}>
            {marked.length > 0 && <span>┊ {deployWords}</span>}
          </LimitLegend>
        </>
      )}
    </figure>
  );
}
