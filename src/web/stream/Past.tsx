import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { EventsAnswer } from '../../server/api/contract.ts';
import { api } from '../kit/api.ts';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { formatCount } from '../kit/format.ts';
import { ErrorNotice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { TimeText } from '../kit/TimeText.tsx';
import { EventTable } from './EventTable.tsx';
import type { ViewProps } from './Live.tsx';
import { keyOf } from './search.ts';

interface PastProps extends ViewProps {
  readonly from: string;
  readonly to: string | undefined;
  readonly onLive: () => void;
}

/** The events of a range, as history has them, newest first, a page at a time. */
export function Past(props: PastProps): ReactNode {
  const { where, from, to, filter, drawer, open, onOpen, onLive } = props;
  const found = useInfiniteQuery({
    queryKey: ['past', where, from, to],
    queryFn: ({ pageParam, signal }) =>
      api.events(
        {
          ...(where && { where }),
          from,
          ...(to !== undefined && { to }),
          order: 'newest',
          limit: 200,
          ...(pageParam !== '' && { cursor: pageParam }),
        },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
  const rows = found.data?.pages.flatMap((page) => page.events) ?? [];
  const range = found.data?.pages[0];
  return (
    <Page
      title="Stream"
      status={range && <Extent range={range} count={rows.length} more={found.hasNextPage} />}
      actions={
        <Button icon="play" onClick={onLive}>
          Back to live
        </Button>
      }
    >
      {filter}
      {found.error && (
        <ErrorNotice
          error={found.error}
          action={<Button onClick={() => void found.refetch()}>Try again</Button>}
        />
      )}
      <div className="relative flex min-h-0 grow">
        <Scrollable label="Events" className="@container/stream min-w-0 grow overflow-y-auto">
          {rows.length > 0 && (
            <EventTable
              label="Events, newest first"
              rows={rows}
              open={open}
              onOpen={onOpen}
              dated
            />
          )}
          {found.isPending && (
            <output className="block p-5 text-soft">
              <span className="breathe">Asking history…</span>
            </output>
          )}
          {range && rows.length === 0 && (
            <EmptyState title="No events in this range">
              <p>Nothing that matches happened then, or it is older than history is kept.</p>
            </EmptyState>
          )}
          {found.hasNextPage && (
            <Older busy={found.isFetchingNextPage} onMore={() => void found.fetchNextPage()} />
          )}
        </Scrollable>
        {drawer(rows.find((event) => keyOf(event) === open))}
      </div>
    </Page>
  );
}

function Extent(props: {
  readonly range: EventsAnswer;
  readonly count: number;
  readonly more: boolean;
}): ReactNode {
  const { range, count, more } = props;
  return (
    <>
      <span>
        <TimeText at={range.from} /> to <TimeText at={range.to} />
      </span>
      <span>
        {formatCount(count)}
        {more ? ' and more' : ''} events from history
      </span>
    </>
  );
}

function Older(props: { readonly busy: boolean; readonly onMore: () => void }): ReactNode {
  return (
    <div className="flex justify-center p-3">
      <Button onClick={props.onMore} disabled={props.busy}>
        {props.busy ? 'Loading…' : 'Load older'}
      </Button>
    </div>
  );
}
