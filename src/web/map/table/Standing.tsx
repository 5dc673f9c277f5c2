import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { ErrorNotice } from '../../kit/Notice.tsx';
import { StaleNotice } from '../Notices.tsx';
import { PastBand } from '../slider/PastBand.tsx';
import { mapFeed, useMapState } from '../store.ts';

interface StandingProps {
  /** Why the past that was asked for is not shown. */
  readonly error: unknown;
  readonly onNow: () => void;
}

/** How the map on the page stands to what is: nothing while it is live. */
export function Standing({ error, onNow }: StandingProps): ReactNode {
  const state = useMapState();
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} />}
      {state.kind === 'loading' && (
        <output className="block p-5 text-soft">
          <span className="breathe">Loading the map…</span>
        </output>
      )}
      {state.kind === 'error' && (
        <ErrorNotice
          error={state.error}
          action={<Button onClick={() => void mapFeed.load()}>Try again</Button>}
        />
      )}
      {state.kind === 'past' && (
        <PastBand at={state.at} isUnrecorded={!state.recorded} onNow={onNow} />
      )}
      <StaleNotice />
    </>
  );
}
