import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { PlacedEvent, SeriesAnswer } from '../../server/api/contract.ts';
import { formatDuration, formatNumber } from '../kit/format.ts';
import { TimeText } from '../kit/TimeText.tsx';
import { unitOf } from '../kit/units.ts';
import { keyOf } from '../stream/search.ts';
import type { Asked } from './asked.ts';
import { ChartPanel } from './ChartPanel.tsx';
import { Legend } from './Legend.tsx';
import type { Drawing } from './lines.ts';
import { NoData } from './NoData.tsx';
import { PointTable } from './PointTable.tsx';
import type { ExploreChange, ExploreSearch } from './search.ts';

interface AnswerProps {
  readonly search: ExploreSearch;
  readonly asked: Asked;
  readonly answer: SeriesAnswer;
  readonly drawing: Drawing;
  readonly facts: readonly PlacedEvent[];
  readonly onChange: (change: ExploreChange, replace?: boolean) => void;
}

/** The chart or its table, the series under it, and how the numbers were made. */
export function Answer(props: AnswerProps): ReactNode {
  const { search, asked, answer, drawing, facts, onChange } = props;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState<string>();
  const [cursor, setCursor] = useState<number>();
  const unit = unitOf(search.ratio === undefined ? asked.metric : undefined, asked.aggregate);
  if (drawing.times.length === 0)
    return <NoData asked={asked} answer={answer} onChange={onChange} />;
  return (
    <>
      {search.view === 'table' ? (
        <PointTable drawing={drawing} unit={unit} />
      ) : (
        <ChartPanel
          label={`${asked.aggregate} of ${asked.title} over time`}
          drawing={drawing}
          range={answer}
          unit={unit}
          hidden={hidden}
          focus={focus}
          facts={facts}
          cursor={cursor}
          onCursor={setCursor}
          onOpen={(event) => onChange({ event: keyOf(event) }, true)}
          onZoom={(from, to) =>
            onChange({ ...frame(from, to), last: undefined, live: undefined, every: undefined })
          }
        />
      )}
      <Legend
        drawing={drawing}
        unit={unit}
        hidden={hidden}
        cursor={cursor}
        onHidden={setHidden}
        onFocus={setFocus}
      />
      <Footing answer={answer} asked={asked} />
    </>
  );
}

const frame = (from: number, to: number): { readonly from: string; readonly to: string } => ({
  from: new Date(Math.round(from)).toISOString(),
  to: new Date(Math.round(Math.max(to, from + 1000))).toISOString(),
});

/** How the numbers are made, from how much, and the way to what is behind them. */
function Footing(props: { readonly answer: SeriesAnswer; readonly asked: Asked }): ReactNode {
  const { answer, asked } = props;
  return (
    <section aria-label="What the numbers mean" className="px-3 py-3 text-small text-soft sm:px-5">
      <p className="max-w-[75ch]">
        <strong className="font-semibold text-ink">{asked.aggregate}</strong>: {answer.definition}
      </p>
      <p className="mt-1 flex flex-wrap gap-x-4">
        <span>
          From {formatNumber(answer.matched)} events in {formatDuration(answer.elapsedMs)}
        </span>
        <span>
          <TimeText at={answer.from} /> to <TimeText at={answer.to} />
        </span>
        {answer.omitted > 0 && (
          <span className="text-warning">
            {answer.omitted} smaller series {answer.omitted === 1 ? 'is' : 'are'} not shown
          </span>
        )}
        <Link
          to="/stream"
          search={{
            ...(asked.where && { where: asked.where }),
            from: new Date(answer.from).toISOString(),
            to: new Date(answer.to).toISOString(),
          }}
          className="font-semibold text-accent underline"
        >
          Show the events behind
        </Link>
      </p>
    </section>
  );
}
