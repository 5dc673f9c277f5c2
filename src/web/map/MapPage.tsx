import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { ErrorNotice } from '../kit/Notice.tsx';
import { MapFrame } from './MapFrame.tsx';
import { NoMap } from './NoMap.tsx';
import { DataAge, FaultNotice, StaleNotice } from './Notices.tsx';
import { Picture } from './Picture.tsx';
import { ProcessNews } from './ProcessNews.tsx';
import { type MapSearch, mapSearch } from './search.ts';
import { Skeleton } from './Skeleton.tsx';
import { PastBand } from './slider/PastBand.tsx';
import { useMapFeed, useMapModel, useMapState } from './store.ts';
import { useMoment } from './use-moment.ts';

const TimeSlider = lazy(async () => ({
  default: (await import('./slider/TimeSlider.tsx')).TimeSlider,
}));

/** The map, drawn and live: what everybody looks at first. */
export function MapPage(): ReactNode {
  const search = useSearch({ from: '/inside/map' });
  const navigate = useNavigate({ from: '/map' });
  const { ahead } = useMapFeed();
  const model = useMapModel();
  const state = useMapState();
  const change = (next: { readonly [K in keyof MapSearch]?: string | undefined }): void =>
    void navigate({ search: (was) => mapSearch({ ...was, ...next }), replace: true });
  const moment = useMoment(search.at, (at) => change({ at }));
  const isDrawn = model !== undefined && model.nodes.length > 0;
  return (
    <MapFrame title="Map" isFixed status={<DataAge />}>
      {state.kind === 'past' && (
        <PastBand
          at={state.at}
          isUnrecorded={!state.recorded}
          onNow={() => moment.move(undefined)}
        />
      )}
      <StaleNotice />
      {state.kind === 'error' && <ErrorNotice error={state.error} />}
      {moment.error !== undefined && <ErrorNotice error={moment.error} />}
      <FaultNotice />
      {!model && state.kind !== 'error' && <Skeleton />}
      {model && !isDrawn && <NoMap />}
      {isDrawn && (
        <>
          <ProcessNews model={model} />
          <Picture model={model} search={search} change={change} />
          <Suspense fallback={null}>
            <TimeSlider
              at={moment.at}
              onMove={moment.move}
              onAhead={ahead}
              titleOf={model.titleOf}
            />
          </Suspense>
        </>
      )}
    </MapFrame>
  );
}
