import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import { formatClock, formatDay } from '../../kit/format.ts';
import { useZone } from '../../kit/preferences.ts';
import { keyMove } from './key-move.ts';
import { within } from './moments.ts';
import { Axis, Strip } from './Strip.tsx';
import { placeIn } from './strip-shapes.ts';

const day = 24 * 3_600_000;
/** Part of the width. */
const nowFrom = 0.995;

interface TrackProps {
  readonly timeline: TimelineAnswer;
  readonly moments: readonly number[];
  /** Where the thumb stands, ms since the epoch; undefined: now. */
  readonly at: number | undefined;
  /** The window ends now: beyond its right end the map is live. */
  readonly endsNow: boolean;
  /** The window is of one's own: keys do not lead out of it. */
  readonly isFixed: boolean;
  /** The thumb in words. */
  readonly valueText: string;
  /** undefined: now. */
  readonly onMove: (to: number | undefined) => void;
}

/** The strip with its thumb: drag, click, or arrows from change to change. */
export function Track(props: TrackProps): ReactNode {
  const { timeline, moments, endsNow, isFixed, at, valueText, onMove } = props;
  const zone = useZone();
  const box = useRef<HTMLDivElement>(null);
  const { from, to } = timeline;
  const stands = at ?? to;
  const place = placeIn(timeline, stands);
  const toPointer = (e: PointerEvent): void => {
    const rect = box.current?.getBoundingClientRect();
    if (!rect || rect.width === 0) return;
    const part = (e.clientX - rect.left) / rect.width;
    // The right end is now, whatever moment the strip was drawn at.
    if (endsNow && part > nowFrom) onMove(undefined);
    else onMove(Math.round(within(from + part * (to - from), timeline)));
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    // With another key they are the browser's: back, the next tab.
    if (e.altKey || e.ctrlKey || e.metaKey) return;
    const moves = keyMove(e.key, { at, window: timeline, moments, endsNow, isFixed });
    if (moves === undefined) return;
    e.preventDefault();
    onMove(moves.to);
  };
  return (
    <div
      ref={box}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an input can't step from change to change
      role="slider"
      tabIndex={0}
      aria-label="Time of the map"
      aria-orientation="horizontal"
      aria-valuemin={from}
      aria-valuemax={to}
      aria-valuenow={within(stands, timeline)}
      aria-valuetext={valueText}
      onKeyDown={onKeyDown}
      onPointerDown={(e) => {
        if (e.button !== 0) return;
        e.currentTarget.setPointerCapture(e.pointerId);
        toPointer(e);
      }}
      onPointerMove={(e) => {
        if (e.currentTarget.hasPointerCapture(e.pointerId)) toPointer(e);
      }}
      className="relative cursor-ew-resize touch-pan-y select-none"
    >
      <Strip timeline={timeline} />
      <Axis timeline={timeline} />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute top-1 h-[2.9rem] w-0.5 -translate-x-1/2 bg-ink"
        style={{ left: `${100 * place}%` }}
      >
        <span className="absolute -top-1 left-1/2 size-3 -translate-x-1/2 rounded-full border-2 border-page bg-ink" />
        <span
          className={`absolute -bottom-4 rounded-small bg-ink px-1 text-tiny whitespace-nowrap text-page ${place > 0.9 ? '-right-0.5' : place < 0.1 ? '-left-0.5' : 'left-1/2 -translate-x-1/2'}`}
        >
          {at === undefined
            ? 'now'
            : to - from > day
              ? `${formatDay(at, zone).slice(5)} ${formatClock(at, zone).slice(0, 5)}`
              : formatClock(at, zone)}
        </span>
      </span>
    </div>
  );
}
