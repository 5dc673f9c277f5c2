import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { advance, momentBefore } from './moments.ts';

/** How often the thumb moves, ms. */
const tickMs = 100;
/** Where not every change is known, the map is asked for so often while playing, ms. */
const blindMs = 1_000;

export const speeds = ['1', '10', '60', '300', '600'] as const;
export type Speed = (typeof speeds)[number];

interface PlaybackProps {
  /** Where the thumb stands, ms since the epoch; undefined: now. */
  readonly at: number | undefined;
  readonly moments: readonly number[];
  /** There are changes that `moments` does not have. */
  readonly cut: boolean;
  readonly from: number;
  readonly to: number;
  /** The thumb alone. */
  readonly onSlide: (at: number) => void;
  /** The map as it became at this moment. */
  readonly onMoment: (at: number) => void;
  /** The end of the window was reached. */
  readonly onEnd: () => void;
}

/** Playing, and what there is to choose of it. */
export interface Playback {
  readonly isPlaying: boolean;
  readonly speed: Speed;
  readonly skipsQuiet: boolean;
  readonly toggle: () => void;
  readonly stop: () => void;
  readonly setSpeed: (speed: Speed) => void;
  readonly setSkipsQuiet: (skips: boolean) => void;
}

/** Plays the recording: the thumb goes on evenly, the map changes when it really did. */
export function usePlayback(props: PlaybackProps): Playback {
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>('60');
  const [skipsQuiet, setSkipsQuiet] = useState(true);
  const asked = useRef(0);
  const tick = useEffectEvent((elapsed: number) => {
    const { moments, from, to, cut } = props;
    const at = props.at ?? from;
    const next = advance(
      { at, speed: Number(speed), moments, end: to, skipsQuiet: skipsQuiet && !cut },
      elapsed,
    );
    props.onSlide(next);
    const moment = momentBefore(moments, next);
    const isPassed = moment !== undefined && moment > at;
    if (isPassed) props.onMoment(moment);
    else if (cut && performance.now() - asked.current > blindMs) {
      asked.current = performance.now();
      props.onMoment(Math.round(next));
    }
    if (next >= to) {
      setPlaying(false);
      props.onEnd();
    }
  });
  useEffect(() => {
    if (!isPlaying) return undefined;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      // A tab behind others is woken once a second: it must not jump then.
      tick(Math.min(now - last, 5 * tickMs));
      last = now;
    }, tickMs);
    return () => clearInterval(timer);
  }, [isPlaying]);
  return {
    isPlaying,
    speed,
    skipsQuiet,
    toggle: () => setPlaying((was) => !was),
    stop: () => setPlaying(false),
    setSpeed,
    setSkipsQuiet,
  };
}
