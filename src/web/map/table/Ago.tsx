import type { ReactNode } from 'react';
import { useNow } from '../../kit/clock.ts';
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
  const before = past - at;
  return (
    <time dateTime={new Date(at).toISOString()}>
      {before < 1_000 ? 'just then' : `${roughly(before)} before`}
    </time>
  );
}

interface LastingProps {
  /** ms since the epoch; null: it is not known, since it was so when the recording began. */
  readonly since: number | null;
  readonly past: number | undefined;
}

/** For how long it has been so. */
export function Lasting({ since, past }: LastingProps): ReactNode {
  const now = useNow();
  if (since === null) return 'since before the recording';
  return (
    <time dateTime={new Date(since).toISOString()}>
      for {roughly(Math.max(1_000, (past ?? now) - since))}
    </time>
  );
}

/** To the second, and from ten minutes on without what is smaller than the unit: `2 h`, `4 min 10 s`. */
function roughly(ms: number): string {
  const text = formatDuration(Math.round(ms / 1_000) * 1_000);
  return ms > 600_000 ? text.replace(/ \d+ \w+$/, '') : text;
}
