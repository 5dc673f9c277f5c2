/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a drawing with a name, not a picture from a file */
import type { ReactNode } from 'react';
import type { Backtest, Episode, Outcome } from '../../rules/backtest/result.ts';
import type { Plot } from '../kit/Chart.tsx';
import { counted, formatTime } from '../kit/format.ts';
import { useZone, type Zone } from '../kit/preferences.ts';
import { countsIn, stacked } from './lane-shapes.ts';

interface LanesProps {
  readonly result: Backtest;
  /** Where the plot above stands, so that both show the same time at the same place. */
  readonly plot: Plot;
}

/** Candidate and live over each other: when alerts were open, and how many decisions there were. */
export function Lanes({ result, plot }: LanesProps): ReactNode {
  const { against } = result;
  return (
    <div className="mt-1 flex flex-col gap-2">
      <Lane name="Candidate" of={result} result={result} plot={plot} />
      {against && <Lane name="Live" of={against} result={result} plot={plot} />}
    </div>
  );
}

const rowHeight = 12;
const rowsAtMost = 5;
const barsHeight = 22;

function Lane(props: {
  readonly name: string;
  readonly of: Outcome;
  readonly result: Backtest;
  readonly plot: Plot;
}): ReactNode {
  const { name, of, result, plot } = props;
  const zone = useZone();
  const { rows, hidden } = stacked(of.alerts, result, rowsAtMost);
  const counts = countsIn(of, result);
  const most = Math.max(1, ...counts.map((one) => one.count));
  const height = barsHeight + 4 + Math.max(1, rows.length) * rowHeight;
  const x = (time: number): number =>
    Math.min(1, Math.max(0, (time - result.from) / (result.to - result.from))) * plot.width;
  const total = counts.reduce((sum, one) => sum + one.count, 0);
  return (
    <section aria-label={name}>
      <p className="flex flex-wrap gap-x-3 text-small">
        <span className="font-semibold">{name}</span>
        <span className="text-soft">
          {counted(of.alerts.length + of.leftOut.alerts, 'alert')}, {counted(total, 'decision')}
          {hidden > 0 && `; ${hidden} more alerts than there is room for`}
        </span>
      </p>
      <svg
        role="img"
        aria-label={`${name}: ${counted(of.alerts.length, 'alert')} and ${counted(total, 'decision')} over time. The tables below say the same.`}
        width="100%"
        height={height}
        className="block overflow-hidden border-y border-line bg-panel"
      >
        <g transform={`translate(${plot.left} 0)`}>
          {counts.map(({ start, count, kind }) => (
            <rect
              key={`${start} ${kind}`}
              x={x(start)}
              width={Math.max(1.5, x(start + result.every) - x(start) - 0.5)}
              y={barsHeight - (barsHeight - 4) * (count / most)}
              height={(barsHeight - 4) * (count / most)}
              className={kind === 'emit' ? 'fill-line-strong' : 'fill-accent'}
            >
              <title>{`${formatTime(start, zone)}: ${count} ${kind === 'emit' ? 'emitted' : 'decided'}`}</title>
            </rect>
          ))}
          <path d={`M0 ${barsHeight + 0.5}H${plot.width}`} className="stroke-line" />
          {rows.map((row, i) =>
            row.map((one) => (
              <Bar
                key={`${one.rule} ${one.title} ${one.from}`}
                episode={one}
                left={x(one.from)}
                right={x(one.to ?? result.to)}
                top={barsHeight + 3 + i * rowHeight}
                zone={zone}
              />
            )),
          )}
        </g>
      </svg>
    </section>
  );
}

const fills = {
  critical: 'fill-critical stroke-critical',
  warning: 'fill-warning-wash stroke-warning',
  unknown: 'fill-sunken stroke-unknown',
  ok: 'fill-sunken stroke-ok',
} as const;

/** Open at the end: its right side is open as well. */
function Bar(props: {
  readonly episode: Episode;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly zone: Zone;
}): ReactNode {
  const { episode, left, top, zone } = props;
  const width = Math.max(3, props.right - left);
  const until = episode.to === undefined ? 'still open' : `until ${formatTime(episode.to, zone)}`;
  return (
    <rect
      x={left}
      y={top}
      width={width}
      height={rowHeight - 3}
      rx={episode.to === undefined ? 0 : 2}
      className={fills[episode.severity]}
    >
      <title>{`${episode.severity}: ${episode.title}, ${formatTime(episode.from, zone)} ${until}`}</title>
    </rect>
  );
}
