import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api } from '../kit/api.ts';
import { Button } from '../kit/Button.tsx';
import { ErrorNotice } from '../kit/Notice.tsx';
import { Page } from '../kit/Page.tsx';
import { EventDrawer } from '../stream/EventDrawer.tsx';
import { keyOf } from '../stream/search.ts';
import { Actions } from './Actions.tsx';
import { Answer } from './Answer.tsx';
import { type Asked, askedOf, durationMs } from './asked.ts';
import { Controls } from './Controls.tsx';
import { drawingOf } from './lines.ts';
import { RangeBar } from './RangeBar.tsx';
import type { ExploreChange } from './search.ts';
import { useFacts } from './use-facts.ts';

/** A point every five pixels is as fine as the eye follows. */
const roomFor = (): number => Math.min(400, Math.max(60, Math.round(window.innerWidth / 5)));

const liveEvery = (asked: Asked): number =>
  Math.min(30_000, Math.max(2_000, (durationMs(asked.every) ?? 0) / 2));

/** Any metric by any label over any range. The whole state is in the address. */
export function ExplorePage(): ReactNode {
  const search = useSearch({ from: '/inside/explore' });
  const navigate = useNavigate({ from: '/explore' });
  const [points] = useState(roomFor);
  const [opened] = useState(Date.now);
  const asked = askedOf(search, points, opened);
  const change = (next: ExploreChange, replace = false): void => {
    const merged = Object.entries({ ...search, ...next }).filter(([, v]) => v);
    void navigate({ search: Object.fromEntries(merged), replace });
  };
  const found = useQuery({
    queryKey: ['series', asked.query],
    queryFn: ({ signal }) => api.series(asked.query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: asked.live ? liveEvery(asked) : false,
  });
  const facts = useFacts(found.data);
  const drawing = found.data && drawingOf(found.data, asked.title);
  const shared = { search, asked, onChange: change };
  return (
    <Page
      title="Explore"
      status={found.isFetching && <span className="breathe">Asking…</span>}
      actions={<Actions {...shared} drawing={drawing} />}
    >
      <div className="flex min-h-0 grow">
        <div className="relative flex min-w-0 grow flex-col overflow-y-auto">
          <Controls {...shared} />
          <RangeBar {...shared} range={found.data} />
          {found.error && (
            <ErrorNotice
              error={found.error}
              action={<Button onClick={() => void found.refetch()}>Try again</Button>}
            />
          )}
          {found.isPending && (
            <output className="grid min-h-72 place-items-center text-soft">
              <span className="breathe">Asking history…</span>
            </output>
          )}
          {found.data && drawing && (
            <Answer {...shared} answer={found.data} drawing={drawing} facts={facts} />
          )}
        </div>
        {search.event && (
          <EventDrawer
            of={search.event}
            known={facts.find((fact) => keyOf(fact) === search.event)}
            onOpen={(event) => change({ event: keyOf(event) }, true)}
            onClose={() => change({ event: undefined }, true)}
          />
        )}
      </div>
    </Page>
  );
}
