import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { ErrorNotice } from '../kit/Notice.tsx';
import { DrawnMap } from './DrawnMap.tsx';
import { MapFrame } from './MapFrame.tsx';
import { NoMap } from './NoMap.tsx';
import { FaultNotice, StaleNotice } from './Notices.tsx';
import { mapSearch } from './search.ts';
import { Skeleton } from './Skeleton.tsx';
import { PastBand } from './slider/PastBand.tsx';
import { useMapFeed, useMapModel, useMapState } from './store.ts';
import { useMoment } from './use-moment.ts';
import type { Change } from './use-picture.ts';

/** The map, drawn and live: what everybody looks at first. */
export function MapPage(): ReactNode {
  const search = useSearch({ from: '/inside/map' });
  const navigate = useNavigate({ from: '/map' });
  const model = useMapModel();
  const state = useMapState();
  const change: Change = (next) =>
    void navigate({ search: (was) => mapSearch({ ...was, ...next }), replace: true });
  const moment = useMoment(search.at, (at) => change({ at }));
  const notices = (
    <>
      {state.kind === 'past' && (
        <PastBand
          at={state.at}
          isUnrecorded={!state.recorded}
          onNow={() => moment.move(undefined)}
        />
      )}
      <StaleNotice />
      {moment.error !== undefined && <ErrorNotice error={moment.error} />}
      <FaultNotice />
    </>
  );
  // Also of a time before there was a map: the slider that led there must not vanish under the hand.
  if (model && (model.nodes.length > 0 || moment.at !== undefined))
    return <DrawnMap {...{ model, search, change, moment, notices }} />;
  return (
    <MapFrame title="Map" isFixed>
      {notices}
      {state.kind === 'error' ? <NoAnswer error={state.error} /> : model ? <NoMap /> : <Skeleton />}
    </MapFrame>
  );
}

/** The map can't be had: why, and that it is tried again. */
function NoAnswer({ error }: { readonly error: unknown }): ReactNode {
  const { load } = useMapFeed();
  return (
    <>
      <ErrorNotice error={error} />
      <EmptyState
        title="The map can’t be shown now"
        actions={<Button onClick={() => void load()}>Try again</Button>}
      >
        <p>It is asked for again every few seconds. The other pages of the console still work.</p>
      </EmptyState>
    </>
  );
}
