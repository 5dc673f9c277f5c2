import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useNow } from '../kit/clock.ts';
import { counted, formatAge, formatClock, formatDuration } from '../kit/format.ts';
import { Notice } from '../kit/Notice.tsx';
import { useZone } from '../kit/preferences.ts';
import { useFreshest, useMapNow, useMapState } from './store.ts';

/** How old the newest event is that the map knows of. */
export function DataAge(): ReactNode {
  const freshest = useFreshest();
  const { kind } = useMapState();
  const now = useNow();
  if (kind === 'past' || kind === 'loading' || kind === 'error') return null;
  if (freshest === undefined) return <span>no event yet</span>;
  return (
    <span>data {formatDuration(Math.max(1, Math.round((now - freshest) / 1000)) * 1000)} old</span>
  );
}

/** That what is shown may not be what is: since when, and why. */
export function StaleNotice(): ReactNode {
  const state = useMapState();
  const now = useNow();
  const zone = useZone();
  if (state.kind !== 'stale') return null;
  const since = `${formatClock(state.since, zone)} (${formatAge(state.since, now)})`;
  return (
    <Notice look="warning">
      <strong className="font-semibold">Stale. </strong>
      {state.why === 'lost'
        ? `The server is not heard since ${since}; the map shows how it was then. Trying again…`
        : `No event has come since ${since}: what is shown may not be what is.`}
    </Notice>
  );
}

/** That the file of the map has faults, and an older map is shown. */
export function FaultNotice(): ReactNode {
  const faults = useMapNow()?.problems.filter(({ kind }) => kind === 'file') ?? [];
  const [first] = faults;
  if (!first) return null;
  return (
    <Notice
      look={faults.some(({ severity }) => severity === 'error') ? 'critical' : 'warning'}
      action={
        <Link to="/map/problems" className="font-semibold text-accent underline">
          See {faults.length === 1 ? 'it' : `all ${faults.length}`}
        </Link>
      }
    >
      <strong className="font-semibold">{counted(faults.length, 'fault')} in the file. </strong>
      {first.place && `${first.place.file}:${first.place.line}:${first.place.column}: `}
      {first.message}
    </Notice>
  );
}
