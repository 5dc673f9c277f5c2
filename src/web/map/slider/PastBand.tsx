import type { ReactNode } from 'react';
import { Button } from '../../kit/Button.tsx';
import { useNow } from '../../kit/clock.ts';
import { formatAge, formatTime, zoneName } from '../../kit/format.ts';
import { Icon } from '../../kit/Icon.tsx';
import { useZone } from '../../kit/preferences.ts';

interface PastBandProps {
  /** ms since the epoch */
  readonly at: number;
  /** Nothing was recorded at that time. */
  readonly isUnrecorded: boolean;
  readonly onNow: () => void;
}

/** Says that what is seen is over: nobody may take the past for the present. */
export function PastBand({ at, isUnrecorded, onNow }: PastBandProps): ReactNode {
  const now = useNow();
  const zone = useZone();
  return (
    <div className="flex min-h-10 shrink-0 items-center gap-3 bg-ink px-3 py-1 text-page sm:px-5 print:border print:border-ink">
      <Icon name="clock" />
      <p className="grow">
        <strong className="font-semibold">The past.</strong>{' '}
        {isUnrecorded ? 'Nothing was recorded at ' : 'The map as it was at '}
        <time dateTime={new Date(at).toISOString()} className="font-semibold">
          {formatTime(at, zone)}
        </time>{' '}
        {zoneName(zone)}, {formatAge(at, now)}
        {isUnrecorded && ': how anything was then is not known'}
      </p>
      <Button onClick={onNow} className="print:hidden">
        Back to now
      </Button>
    </div>
  );
}
