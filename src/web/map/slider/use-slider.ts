import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import { timelineQuery } from './api.ts';
import { momentsOf, stepFrom } from './moments.ts';
import { type Playback, usePlayback } from './use-playback.ts';
import { useThumb } from './use-thumb.ts';
import { type Chosen, fittingWindow } from './window.ts';

/** The map is fetched ahead for so many of the next changes while playing. */
const ahead = 3;
/** An end that is so close to now is now, ms. */
const nowWithinMs = 120_000;
const day: Chosen = { name: '24h' };
const nothing: TimelineAnswer = {
  from: 0,
  to: 0,
  first: null,
  gaps: [],
  versions: [],
  changes: [],
  cut: false,
  buckets: [],
};

interface SliderProps {
  /** The time that the map is shown of, ms since the epoch; undefined: now. */
  readonly at: number | undefined;
  readonly onMove: (at: number | undefined) => void;
  /** The map of these times will be wanted soon. */
  readonly onAhead: (times: readonly number[]) => void;
  /** ms since the epoch */
  readonly now: number;
}

interface Slider {
  readonly found: UseQueryResult<TimelineAnswer>;
  /** Undefined until it was answered. */
  readonly timeline: TimelineAnswer | undefined;
  readonly moments: readonly number[];
  /** The window ends now: beyond it the map is live. */
  readonly endsNow: boolean;
  /** Where the thumb stands; undefined: now. */
  readonly at: number | undefined;
  readonly chosen: Chosen;
  readonly playback: Playback;
  readonly choose: (chosen: Chosen) => void;
  readonly move: (to: number | undefined) => void;
  readonly toNow: () => void;
  readonly play: () => void;
}

/** The window that is chosen, and what was recorded in it. */
function useTimeline(at: number | undefined) {
  const [asked, setChosen] = useState<Chosen>();
  const [fitting, setFitting] = useState<Chosen>();
  const chosen = asked ?? fitting ?? day;
  // The window stays where it was while the past is looked at: it must not slide under the hand.
  const [around, setAround] = useState(at);
  const found = useQuery(timelineQuery({ chosen, around }));
  if (isOutside(at, found) && around !== at) setAround(at);
  if (!fitting && found.data) setFitting(fittingWindow(found.data));
  return { chosen, setChosen, setAround, found };
}

/** What the slider knows and does: the window, the thumb, and playing. */
export function useSlider({ at, onMove, onAhead, now }: SliderProps): Slider {
  const thumb = useThumb(at, onMove);
  const { chosen, setChosen, setAround, found } = useTimeline(at);
  const timeline = found.data ?? nothing;
  const moments = useMemo(() => momentsOf(timeline), [timeline]);
  const endsNow = now - timeline.to < nowWithinMs;

  const goAhead = (after: number): void =>
    onAhead(moments.filter((moment) => moment > after).slice(0, ahead));
  const toNow = (): void => {
    playback.stop();
    setAround(undefined);
    if ('span' in chosen) setChosen(day);
    thumb.move(undefined);
  };
  const playback = usePlayback({
    at: thumb.at,
    moments,
    cut: timeline.cut,
    from: timeline.from,
    to: timeline.to,
    onSlide: thumb.slide,
    onMoment: (moment) => {
      onMove(moment);
      goAhead(moment);
    },
    onEnd: () => (endsNow ? toNow() : thumb.move(timeline.to)),
  });
  return {
    found,
    timeline: found.data,
    moments,
    endsNow,
    at: thumb.at,
    chosen,
    playback,
    toNow,
    choose: (next) => {
      setChosen(next);
      setAround(thumb.at);
    },
    move: (to) => {
      if (to === undefined || to >= now) return toNow();
      playback.stop();
      setAround((was) => was ?? timeline.to);
      thumb.move(to);
    },
    play: () => {
      if (playback.isPlaying) thumb.move(thumb.at === undefined ? undefined : Math.round(thumb.at));
      else {
        const start = startOf(thumb.at, timeline.from, moments);
        setAround((was) => was ?? timeline.to);
        thumb.slide(start);
        onMove(start);
        goAhead(start);
      }
      playback.toggle();
    },
  };
}

/** The address leads to a time that the window does not hold. */
function isOutside(at: number | undefined, found: UseQueryResult<TimelineAnswer>): boolean {
  const { data, isPlaceholderData } = found;
  return at !== undefined && !!data && !isPlaceholderData && (at < data.from || at > data.to);
}

/** Where playing begins: where the thumb stands, or from the left when nothing comes after it. */
function startOf(at: number | undefined, from: number, moments: readonly number[]): number {
  if (at === undefined) return from;
  return stepFrom(moments, at, 'forward') === undefined && moments.length > 0 ? from : at;
}
