import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { PlacedEvent, SeriesAnswer } from '../../server/api/contract.ts';
import { api } from '../kit/api.ts';
import { Button } from '../kit/Button.tsx';
import { formatDuration, formatNumber } from '../kit/format.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { unitOf } from '../kit/units.ts';
import { EventDrawer } from '../stream/EventDrawer.tsx';
import { keyOf } from '../stream/search.ts';
import { type Asked, askedOf, durationMs } from './asked.ts';
import { csvOf } from './csv.ts';
import { Controls } from './Controls.tsx';
import { download } from './download.ts';
import { ChartPanel } from './ChartPanel.tsx';
import { drawingOf } from './lines.ts';
import { Legend } from './Legend.tsx';
import { NoData } from './NoData.tsx';
import { PointTable } from './PointTable.tsx';
import { RangeBar } from './RangeBar.tsx';
import type { ExploreChange } from './search.ts';
import { useFacts } from './use-facts.ts';

const roomFor = (): number => Math.min(400, Math.max(60, Math.round(window.innerWidth / 5)));

/** Any metric by any label over any range. The whole state is in the address. */
export function ExplorePage(): ReactNode {
  const search = useSearch({ from: '/inside/explore' });
  const navigate = useNavigate({ from: '/explore' });
  const [points] = useState(roomFor);
  const [opened] = useState(Date.now);
  const asked = askedOf(search, points, opened);
  const change = (next: ExploreChange, replace = false): void => {
    const merged = Object.entries({ ...search, ...next }).filter(([, v]) => v !== undefined && v !== '');
    void navigate({ search: Object.fromEntries(merged), replace });
  };
  const found = useQuery({
    queryKey: ['series', asked.query],
    queryFn: ({ signal }) => api.series(asked.query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: asked.live ? liveEvery(asked) : false,
  });
  const facts = useFacts(found.data);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [focus, setFocus] = useState<string>();
  const [cursor, setCursor] = useState<number>();
  const answer = found.data;
  const title = asked.metric ?? 'all events';
  const drawing = answer && drawingOf(answer, title);
  const isEmpty = drawing !== undefined && drawing.times.length === 0;
  const unit = unitOf(search.ratio === undefined ? asked.metric : undefined, asked.aggregate);
  const isTable = search.view === 'table';
  const open = (event: PlacedEvent): void => change({ event: keyOf(event) }, true);
  const nothing = 'There is nothing to take: no data in this range';
  return (
    <Page
      title="Explore"
      status={found.isFetching && <span className="breathe">Asking…</span>}
      actions={
        <>
          <Button
            icon={asked.live ? 'pause' : 'play'}
            aria-pressed={asked.live}
            because={search.from === undefined ? undefined : 'A fixed range does not move: choose “last …”'}
            onClick={() => change({ live: asked.live ? undefined : '1' })}
          >
            Live
          </Button>
          <Button
            icon={isTable ? 'explore' : 'table'}
            aria-pressed={isTable}
            onClick={() => change({ view: isTable ? undefined : 'table' }, true)}
          >
            Points as table
          </Button>
          <Button
            icon="download"
            because={!drawing || isEmpty ? nothing : undefined}
            onClick={() => drawing && download(`${title}-${asked.aggregate}.csv`, csvOf(drawing))}
          >
            CSV
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 grow">
        <div className="flex min-w-0 grow flex-col overflow-y-auto">
          <Controls search={search} asked={asked} onChange={change} />
          <RangeBar search={search} asked={asked} range={answer} onChange={change} />
          {found.error && (
            <ErrorNotice
              error={found.error}
              action={<Button onClick={() => void found.refetch()}>Try again</Button>}
            />
          )}
          {found.isPending && (
            <p role="status" className="grid min-h-72 place-items-center text-soft">
              <span className="breathe">Asking history…</span>
            </p>
          )}
          {answer && isEmpty && <NoData asked={asked} answer={answer} onChange={change} />}
          {answer && drawing && !isEmpty && (
            <>
              {isTable ? (
                <PointTable drawing={drawing} unit={unit} />
              ) : (
                <ChartPanel
                  label={`${asked.aggregate} of ${title} over time`}
                  drawing={drawing}
                  range={answer}
                  unit={unit}
                  hidden={hidden}
                  focus={focus}
                  facts={facts}
                  cursor={cursor}
                  onCursor={setCursor}
                  onOpen={open}
                  onZoom={(from, to) => change({ ...zoomed(from, to), last: undefined, live: undefined })}
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
              <Footing answer={answer} asked={asked} stream={search} />
            </>
          )}
        </div>
        {search.event && (
          <EventDrawer
            of={search.event}
            known={facts.find((fact) => keyOf(fact) === search.event)}
            onOpen={open}
            onClose={() => change({ event: undefined }, true)}
          />
        )}
      </div>
    </Page>
  );
}

const liveEvery = (asked: Asked): number =>
  Math.min(30_000, Math.max(2_000, (durationMs(asked.every) ?? 0) / 2));

const zoomed = (from: number, to: number): { from: string; to: string } => ({
  from: new Date(Math.round(from)).toISOString(),
  to: new Date(Math.round(Math.max(to, from + 1000))).toISOString(),
});

/** How the numbers are made, from how much, and the way to what is behind them. */
function Footing(props: {
  readonly answer: SeriesAnswer;
  readonly asked: Asked;
  readonly stream: { readonly event?: string };
}): ReactNode {
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
          <span className="text-warning">{answer.omitted} smaller series are not shown</span>
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
