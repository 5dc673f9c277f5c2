import { useEffect, useEffectEvent, useRef, useState } from 'react';

/** While the thumb moves, the map is asked for this long after it stopped, ms. */
const settleMs = 120;

interface Thumb {
  /** Where it stands, ms since the epoch; undefined: now. */
  readonly at: number | undefined;
  /** Moves it at once, and the map when it has come to rest. */
  readonly move: (to: number | undefined) => void;
  /** Moves it alone: the map is the same there. */
  readonly slide: (to: number) => void;
}

/**
 * The thumb of the slider: it follows the hand at once, while what is shown (`at`) follows when the
 * hand rests, so that dragging over a week does not ask for a thousand maps.
 */
export function useThumb(at: number | undefined, onMove: (at: number | undefined) => void): Thumb {
  const [held, setHeld] = useState<{ readonly to: number | undefined }>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const settle = useEffectEvent(onMove);
  useEffect(() => () => clearTimeout(timer.current), []);
  // What is shown has caught up: from now on the address leads again (back, forward).
  if (held && held.to === at) setHeld(undefined);
  return {
    at: held ? held.to : at,
    move: (to) => {
      setHeld({ to });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => settle(to), settleMs);
    },
    slide: (to) => setHeld({ to }),
  };
}
