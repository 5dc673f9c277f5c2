import { type ReactNode, useMemo, useState } from 'react';
import type { PlacedEvent } from '../../server/api/contract.ts';
import { Chart, type Plot } from '../kit/Chart.tsx';
import { formatTime } from '../kit/format.ts';
import { useZone } from '../kit/preferences.ts';
import { formatIn, type Unit } from '../kit/units.ts';
import type { Drawing } from './lines.ts';
import { type Mark, type MarkKind, marksOf, wordsOf } from './marks.ts';

interface ChartPanelProps {
  readonly label: string;
  readonly drawing: Drawing;
  readonly range: { readonly from: number; readonly to: number };
  readonly unit: Unit;
  readonly hidden: ReadonlySet<string>;
  readonly focus: string | undefined;
  readonly facts: readonly PlacedEvent[];
  readonly cursor: number | undefined;
  readonly onCursor: (index: number | undefined) => void;
  readonly onZoom: (from: number, to: number) => void;
  readonly onOpen: (event: PlacedEvent) => void;
  /** What stands under the chart along the same time. */
  readonly below?: (plot: Plot) => ReactNode;
}

/** The chart with the facts of its range marked over it. */
export function ChartPanel(props: ChartPanelProps): ReactNode {
  const { drawing, range, unit, hidden, facts, cursor } = props;
  const zone = useZone();
  const [plot, setPlot] = useState<Plot>({ left: 0, width: 0 });
  const marks = plot.width > 0 ? marksOf(facts, range, plot.width) : [];
  const lines = useMemo(
    () =>
      drawing.lines.map((line) => ({
        key: line.key,
        values: line.values,
        colour: line.colour,
        dashed: line.compared,
        shown: !hidden.has(line.key),
      })),
    [drawing, hidden],
  );
  const rules = marks.map((mark) => range.from + (mark.x / plot.width) * (range.to - range.from));
  const at = cursor === undefined ? undefined : drawing.times[cursor];
  return (
    <section aria-label="Chart" className="shrink-0 px-3 sm:px-5">
      <ul className="relative h-5" aria-label="Facts in this range">
        {marks.map((mark) => (
          <MarkButton
            key={`${mark.events[0].stream} ${mark.events[0].offset}`}
            mark={mark}
            left={plot.left + mark.x}
            time={formatTime(mark.events[0].time, zone)}
            onOpen={props.onOpen}
          />
        ))}
      </ul>
      <div className="h-[clamp(14rem,42vh,40rem)]">
        <Chart
          label={`${props.label}. Arrow keys read it bucket by bucket`}
          times={drawing.times}
          lines={lines}
          range={range}
          rules={rules}
          focus={props.focus}
          zone={zone}
          binary={unit === 'bytes'}
          formatValue={(value) => formatIn(unit, value)}
          onZoom={props.onZoom}
          onCursor={props.onCursor}
          onPlot={(next) => {
            if (next.left !== plot.left || next.width !== plot.width) setPlot(next);
          }}
        />
      </div>
      {props.below?.(plot)}
      <output className="block sr-only">
        {cursor !== undefined &&
          at !== undefined &&
          `${formatTime(at, zone)}: ${drawing.lines
            .filter((line) => !hidden.has(line.key))
            .map((line) => `${line.name} ${formatIn(unit, line.values[cursor])}`)
            .join(', ')}`}
      </output>
    </section>
  );
}

const shapes: Readonly<Record<MarkKind, readonly [string, ReactNode]>> = {
  deploy: ['text-accent', <path key="s" d="M6 1l5.2 9.5H.8z" />],
  change: ['text-soft', <circle key="s" cx="6" cy="6" r="4" />],
  incident: ['text-critical', <path key="s" d="M6 .3L11.7 6 6 11.7.3 6z" />],
  other: ['text-soft', <path key="s" d="M2.5 2.5h7v7h-7z" />],
};

function MarkButton(props: {
  readonly mark: Mark;
  readonly left: number;
  readonly time: string;
  readonly onOpen: (event: PlacedEvent) => void;
}): ReactNode {
  const { mark, left, time, onOpen } = props;
  const [colour, shape] = shapes[mark.kind];
  const words = `${wordsOf(mark)}, ${time}`;
  return (
    <li>
      <button
        type="button"
        title={words}
        aria-label={words}
        onClick={() => onOpen(mark.events[0])}
        style={{ left }}
        className={`absolute inset-y-0 -ml-2 flex w-4 items-center justify-center rounded-small hover:bg-sunken ${colour}`}
      >
        <svg aria-hidden="true" viewBox="0 0 12 12" className="size-2.5" fill="currentColor">
          {shape}
        </svg>
      </button>
    </li>
  );
}
