import type { ReactNode } from 'react';
import { formatDuration } from '../../kit/format.ts';
import { AgeText } from '../../kit/TimeText.tsx';

interface AgoProps {
  /** ms since the epoch */
  readonly at: number;
  /** The past that is looked at, ms; undefined: now. */
  readonly past: number | undefined;
}

/** How long ago it was; of the past, how long before the time that is looked at. */
export function Ago({ at, past }: AgoProps): ReactNode {
  if (past === undefined) return <AgeText at={at} />;
  return (
    <time dateTime={new Date(at).toISOString()}>
      {formatDuration(Math.max(0, Math.round((past - at) / 1000) * 1000))} before
    </time>
  );
}
