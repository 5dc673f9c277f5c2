import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { ErrorNotice } from '../../kit/Notice.tsx';
import { useMapFeed, useMapState } from '../store.ts';

/** The map has not come yet: it is on its way, or the server has refused it. */
export function MapPending(): ReactNode {
  const state = useMapState();
  const feed = useMapFeed();
  if (state.kind === 'error')
    return (
      <ErrorNotice
        error={state.error}
        action={<Button onClick={() => void feed.load()}>Try again</Button>}
      />
    );
  return (
    <output className="block p-5 text-soft">
      <span className="breathe">Asking…</span>
    </output>
  );
}
