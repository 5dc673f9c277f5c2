import { type ReactNode, useState } from 'react';
import { formatAge, formatClockMs, formatTime, zoneName } from './format.ts';
import { useZone } from './preferences.ts';
import { useFromNow } from './clock.ts';

interface TimeTextProps {
  /** ms since the epoch */
  readonly at: number;
  readonly form?: 'clock' | 'full';
}

/** A time in the chosen zone; pointing at it says how long ago that is. */
export function TimeText({ at, form = 'full' }: TimeTextProps): ReactNode {
  const zone = useZone();
  const [title, setTitle] = useState<string>();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only fills the title
    <time
      dateTime={new Date(at).toISOString()}
      title={title}
      onMouseEnter={() =>
        setTitle(`${formatAge(at, Date.now())} · ${formatTime(at, zone)} ${zoneName(zone)}`)
      }
    >
      {form === 'clock' ? formatClockMs(at, zone) : formatTime(at, zone)}
    </time>
  );
}

/** How long ago it was, kept up to date. */
export function AgeText({ at }: { readonly at: number }): ReactNode {
  const text = useFromNow((now) => formatAge(at, now));
  const zone = useZone();
  return (
    <time dateTime={new Date(at).toISOString()} title={`${formatTime(at, zone)} ${zoneName(zone)}`}>
      {text}
    </time>
  );
}

/** When something that is planned is due; `now` from then on until it is planned anew. */
export function DueText({ at }: { readonly at: number }): ReactNode {
  return useFromNow((now) => at - now < 1500) ? 'now' : <AgeText at={at} />;
}
