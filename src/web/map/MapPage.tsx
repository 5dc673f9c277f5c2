import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ErrorNotice } from '../kit/Notice.tsx';
import { DrawnMap } from './DrawnMap.tsx';
import { MapFrame } from './MapFrame.tsx';
import { NoMap } from './NoMap.tsx';
import { FaultNotice, StaleNotice } from './Notices.tsx';
import { mapSearch } from './search.ts';
import { Skeleton } from './Skeleton.tsx';
import { PastBand } from './slider/PastBand.tsx';
import { useMapModel, useMapState } from './store.ts';
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
      {state.kind === 'error' && <ErrorNotice error={state.error} />}
      {moment.error !== undefined && <ErrorNotice error={moment.error} />}
      <FaultNotice />
    </>
  );
  if (model && model.nodes.length > 0)
    return <DrawnMap {...{ model, search, change, moment, notices }} />;
  return (
    <MapFrame title="Map" isFixed>
      {notices}
      {model ? <NoMap /> : state.kind !== 'error' && <Skeleton />}
    </MapFrame>
  );
}
