import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { PlacedEvent } from '../../server/api/contract.ts';
import { api } from '../kit/api.ts';
import { Button } from '../kit/Button.tsx';
import { formatCount, formatNumber } from '../kit/format.ts';
import { Page } from '../kit/Page.tsx';
import { ErrorNotice, Notice } from '../kit/Notice.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { useHotkeys } from '../shell/hotkeys.ts';
import { EventTable } from './EventTable.tsx';
import { FilteredEmpty, NothingYet } from './Nothing.tsx';
import { keyOf } from './search.ts';
import { TailFeed, type TailState } from './tail-feed.ts';

/** What the live and the past view have in common. */
export interface ViewProps {
  /** The filter with the choice of the stream in it. */
  readonly where: string;
  readonly filter: ReactNode;
  readonly drawer: (known: PlacedEvent | undefined) => ReactNode;
  readonly open: string | undefined;
  readonly onOpen: (event: PlacedEvent) => void;
}

/** Events as they come, newest first. */
export function Live(props: ViewProps & { readonly onClear: () => void }): ReactNode {
  const { where, filter, drawer, open, onOpen, onClear } = props;
  const [feed] = useState(() => new TailFeed(where));
  const tail = useSyncExternalStore(feed.subscribe, feed.get);
  const [paused, setPaused] = useState(false);
  const scroller = useRef<HTMLElement>(null);
  useEffect(() => feed.start(), [feed]);
  const past = usePast(where, feed);

  const pause = (next: boolean): void => {
    setPaused(next);
    feed.hold(next);
    if (!next && scroller.current) scroller.current.scrollTop = 0;
  };
  useHotkeys({ p: () => pause(!paused) });
  return (
    <Page
      title="Stream"
      status={<Rate tail={tail} paused={paused} />}
      actions={<PauseButton paused={paused} waiting={tail.waiting} onPause={pause} />}
    >
      {filter}
      <Trouble tail={tail} />
      <div className="relative flex min-h-0 grow">
        <Scrollable
          ref={scroller}
          label="Events"
          onScroll={(e) => feed.hold(paused || e.currentTarget.scrollTop > 8)}
          className="@container/stream min-w-0 grow overflow-y-auto"
        >
          {tail.rows.length > 0 ? (
            <EventTable
              label="Events, newest first"
              rows={tail.rows}
              open={open}
              onOpen={onOpen}
              firstLive={tail.firstLive}
            />
          ) : (
            <Empty
              status={past === 'asking' ? 'connecting' : tail.status}
              where={where}
              onClear={onClear}
            />
          )}
        </Scrollable>
        {!paused && tail.waiting > 0 && (
          <Button
            look="primary"
            className="absolute! top-10 left-1/2 z-10 -translate-x-1/2 shadow-float"
            onClick={() => pause(false)}
          >
            {formatCount(tail.waiting)} new above
          </Button>
        )}
        {drawer(tail.rows.find((event) => keyOf(event) === open))}
      </div>
    </Page>
  );
}

function PauseButton(props: {
  readonly paused: boolean;
  readonly waiting: number;
  readonly onPause: (paused: boolean) => void;
}): ReactNode {
  const { paused, waiting, onPause } = props;
  return (
    <Button icon={paused ? 'play' : 'pause'} aria-keyshortcuts="p" onClick={() => onPause(!paused)}>
      {paused ? 'Resume' : 'Pause'}
      {paused && waiting > 0 && `, ${formatCount(waiting)} waiting`}
    </Button>
  );
}

function Empty(props: {
  readonly status: TailState['status'];
  readonly where: string;
  readonly onClear: () => void;
}): ReactNode {
  const { status, where, onClear } = props;
  if (status === 'refused') return null;
  if (status !== 'live')
    return (
      <output className="block p-5 text-soft">
        <span className="breathe">Connecting to the stream…</span>
      </output>
    );
  return where ? <FilteredEmpty where={where} onClear={onClear} /> : <NothingYet />;
}

/**
 * Fills the page with the last hour, so that it does not begin empty; without history: only live.
 * History is up to two seconds behind the tail, so it is asked again a little later: nothing that
 * happened just before the tail was open is missed.
 */
function usePast(where: string, feed: TailFeed): 'asking' | 'done' {
  const { data, isPending } = useQuery({
    queryKey: ['stream-past', where],
    queryFn: ({ signal }) =>
      api.events({ ...(where && { where }), last: '1h', order: 'newest', limit: 100 }, signal),
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
    refetchInterval: ({ state }) =>
      state.dataUpdateCount < 2 && state.errorUpdateCount < 5 ? 3_000 : false,
  });
  useEffect(() => {
    if (data) feed.backfill(data.events);
  }, [data, feed]);
  return isPending ? 'asking' : 'done';
}

function Rate({ tail, paused }: { readonly tail: TailState; readonly paused: boolean }): ReactNode {
  const shown = tail.perSecond - tail.skippedPerSecond;
  return (
    <>
      <span className="whitespace-nowrap">
        <strong className="font-semibold text-ink">{formatNumber(tail.perSecond)}</strong> events/s
      </span>
      {tail.skippedPerSecond > 0 && (
        <span className="text-warning">
          showing {formatNumber(shown)}/s of them: {formatCount(tail.skipped)} left out so far, so
          that this page keeps up. All are in the log.
        </span>
      )}
      {paused && <span className="font-semibold text-warning">Paused</span>}
    </>
  );
}

function Trouble({ tail }: { readonly tail: TailState }): ReactNode {
  if (tail.status === 'refused') return <ErrorNotice error={tail.error} />;
  if (tail.status !== 'reconnecting') return <Behind tail={tail} />;
  return (
    <Notice look="warning">
      Disconnected, trying again. What is below is old; nothing is missed, the stream goes on where
      it broke off.
    </Notice>
  );
}

function Behind({ tail }: { readonly tail: TailState }): ReactNode {
  return (
    <>
      {tail.lagging > 0 && (
        <Notice look="warning">
          This page lags: {formatCount(tail.lagging)} events behind, and catching up.
        </Notice>
      )}
      {tail.trimmed > 0 && (
        <Notice look="warning">
          {formatCount(tail.trimmed)} events left the log before this page could show them. History
          has them.
        </Notice>
      )}
    </>
  );
}
