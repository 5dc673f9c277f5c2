import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { ErrorNotice, Notice } from '../../kit/Notice.tsx';
import { AgeText, TimeText } from '../../kit/TimeText.tsx';
import { PastBand } from '../slider/PastBand.tsx';
import { mapFeed, useMapState } from '../store.ts';

/** How the map on the page stands to what is: nothing while it is live. */
export function Standing({ onLive }: { readonly onLive: () => void }): ReactNode {
  const state = useMapState();
  switch (state.kind) {
    case 'live':
      return null;
    case 'loading':
      return (
        <output className="block p-5 text-soft">
          <span className="breathe">Loading the map…</span>
        </output>
      );
    case 'error':
      return (
        <ErrorNotice
          error={state.error}
          action={<Button onClick={() => void mapFeed.load()}>Try again</Button>}
        />
      );
    case 'stale':
      return (
        <Notice look="warning">
          <strong className="font-semibold">Stale.</strong>{' '}
          {state.why === 'lost' ? 'The server is not heard since' : 'No event came since'}{' '}
          <TimeText at={state.since} />, <AgeText at={state.since} />. What follows may be over.
        </Notice>
      );
    case 'past':
      return <PastBand at={state.at} isUnrecorded={!state.recorded} onNow={onLive} />;
  }
}
