import { useEffect, useState } from 'react';
import { showAt } from '../store.ts';

/** A time of an address, ms since the epoch: RFC 3339, or ms; undefined: now, or no time at all. */
export function timeOf(at: string | undefined): number | undefined {
  if (at === undefined || at === '') return undefined;
  const time = /^\d{9,}$/.test(at) ? Number(at) : Date.parse(at);
  return Number.isFinite(time) ? time : undefined;
}

/** Shows the map as it was at the time of the address for as long as the page is there. Gives what went wrong. */
export function useShownTime(at: string | undefined): Error | undefined {
  const [failed, setFailed] = useState<{
    readonly time: number | undefined;
    readonly error: Error;
  }>();
  const time = timeOf(at);
  useEffect(() => {
    let isWanted = true;
    showAt(time).catch((cause: unknown) => {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      if (isWanted) setFailed({ time, error });
    });
    return () => {
      isWanted = false;
    };
  }, [time]);
  useEffect(() => () => void showAt(undefined), []);
  return failed?.time === time ? failed?.error : undefined;
}
