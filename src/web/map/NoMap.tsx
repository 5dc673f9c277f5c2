import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MapDraftAnswer } from '../../server/api/contract-map-source.ts';
import { Asking } from '../kit/Asking.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { counted } from '../kit/format.ts';
import { Scrollable } from '../kit/Scrollable.tsx';
import { useMapFeed } from './store.ts';

/** No map is declared: what it would be, and a draft of what was seen, so that nobody starts from a blank page. */
export function NoMap(): ReactNode {
  const feed = useMapFeed();
  const draft = useQuery({
    queryKey: ['map', 'draft'],
    queryFn: ({ signal }) => feed.get<MapDraftAnswer>('/api/v1/map/draft', signal),
    // More is seen by the minute while somebody sends his first events.
    refetchInterval: 15_000,
  });
  const { data } = draft;
  return (
    <Scrollable label="No map yet" className="min-h-0 grow overflow-y-auto">
      <EmptyState
        title="No map is declared yet"
        actions={
          <Link
            to="/map/source"
            className="inline-flex h-8 items-center rounded-normal bg-accent px-2.5 font-semibold text-on-accent hover:opacity-90"
          >
            {data && data.nodes > 0 ? 'Start from this' : 'Write the map'}
          </Link>
        }
      >
        <p>
          The map shows on one page how work is made, shipped, run and supported, how each part is
          at this moment, and because of what. It is a file,{' '}
          <code className="font-mono">map.yaml</code>, of what there is and what needs what; how it
          is comes from the events.
        </p>
        <Asking of={draft} />
        {data && data.nodes === 0 && (
          <p>
            Nothing was seen yet that could stand on it.{' '}
            <Link to="/sources/add" className="text-accent underline">
              Add a source
            </Link>
            , and a draft is made of what it tells.
          </p>
        )}
        {data && data.nodes > 0 && <Draft of={data} />}
      </EmptyState>
    </Scrollable>
  );
}

function Draft({ of }: { readonly of: MapDraftAnswer }): ReactNode {
  return (
    <figure className="flex flex-col gap-1.5">
      <figcaption>
        A draft of what the stream has seen: {counted(of.nodes, 'node')} and{' '}
        {counted(of.edges, 'edge')}.
      </figcaption>
      <Scrollable
        label="Draft"
        className="max-h-96 overflow-auto rounded-normal border border-line bg-sunken px-3 py-2"
      >
        <pre className="font-mono text-small text-ink">{of.text}</pre>
      </Scrollable>
    </figure>
  );
}
