import { useEffect, useRef, useState } from 'react';
import { useMapFeed } from './store.ts';

/** An address is no film: it is written when the hand rests, ms. */
const writeAfterMs = 400;

/** What moment is shown, and how another one is. */
export interface Shown {
  /** ms since the epoch; undefined: now. */
  readonly at: number | undefined;
  readonly error: unknown;
  readonly move: (at: number | undefined) => void;
}

/** RFC 3339, or ms since the epoch; undefined: neither. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(at) ? at : undefined;
}

/** Shows the map as it was at the time of the address, for as long as the page is open. */
export function useMoment(
  inAddress: string | undefined,
  write: (at: string | undefined) => void,
): Shown {
  const feed = useMapFeed();
  const [at, setAt] = useState(() => timeOf(inAddress));
  const [seen, setSeen] = useState(inAddress);
  const [written, setWritten] = useState<string>();
  const [error, setError] = useState<unknown>();
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (seen !== inAddress) {
    setSeen(inAddress);
    if (inAddress !== written) setAt(timeOf(inAddress));
  }
  useEffect(() => {
    feed.showAt(at).then(
      () => setError(undefined),
      (failed: unknown) => setError(failed),
    );
  }, [feed, at]);
  useEffect(
    () => () => {
      clearTimeout(waiting.current);
      void feed.showAt(undefined);
    },
    [feed],
  );
  return {
    at,
    error,
    move: (to) => {
      setAt(to);
      clearTimeout(waiting.current);
      waiting.current = setTimeout(
        () => {
          const text = to === undefined ? undefined : new Date(to).toISOString();
          setWritten(text);
          write(text);
        },
        to === undefined ? 0 : writeAfterMs,
      );
    },
  };
}
