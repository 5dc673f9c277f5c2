import { memo, type ReactNode, useId } from 'react';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import { counted, formatClock, formatTime } from '../../kit/format.ts';
import { useZone, type Zone } from '../../kit/preferences.ts';
import { stateWords } from '../table/words.ts';
import { toldOf } from './moments.ts';
import { heightOf, marksOf, placeIn, statesOf, ticksOf, unrecorded } from './strip-shapes.ts';
import './slider.css';

/** Height of the states, px; above them the ticks of map versions, below the marks of changes. */
const statesHeight = 34;
const top = 8;
const marksHeight = 7;
const height = top + statesHeight + marksHeight;

const percent = (part: number): string => `${(100 * part).toFixed(3)}%`;

interface StripProps {
  readonly timeline: TimelineAnswer;
}

/** What was recorded, from left to right: the worst process by height, fill and colour. */
export const Strip = memo(function Strip({ timeline }: StripProps): ReactNode {
  const zone = useZone();
  const hatch = useId();
  const time = (at: number): string => formatTime(at, zone);
  return (
    <svg aria-hidden="true" width="100%" height={height} className="block overflow-visible">
      <defs>
        <pattern
          id={hatch}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 0V6" stroke="var(--line-strong)" strokeWidth="1.5" />
        </pattern>
      </defs>
      <rect y={top} width="100%" height={statesHeight} className="fill-sunken" />
      {statesOf(timeline).map(({ left, width, state, from, to, changes }) => (
        <rect
          key={from}
          x={percent(left)}
          width={percent(width)}
          y={top + statesHeight * (1 - heightOf[state])}
          height={statesHeight * heightOf[state]}
          className={`strip-${state}`}
        >
          <title>{`${stateWords[state]}, ${time(from)} to ${time(to)}, ${counted(changes, 'change')}`}</title>
        </rect>
      ))}
      {unrecorded(timeline).map(({ left, width, from, to }) => (
        <g key={from}>
          <rect
            x={percent(left)}
            width={percent(width)}
            y={top}
            height={statesHeight}
            className="fill-page"
          />
          <rect
            x={percent(left)}
            width={percent(width)}
            y={top}
            height={statesHeight}
            fill={`url(#${hatch})`}
          >
            <title>{`not recorded, ${time(from)} to ${time(to)}`}</title>
          </rect>
          {width > 0.16 && (
            <text
              x={percent(left + width / 2)}
              y={top + statesHeight / 2 + 4}
              textAnchor="middle"
              className="fill-ink stroke-page text-tiny [paint-order:stroke] [stroke-width:4px]"
            >
              not recorded
            </text>
          )}
        </g>
      ))}
      <line
        x2="100%"
        y1={top + statesHeight + 0.5}
        y2={top + statesHeight + 0.5}
        className="stroke-line-strong"
      />
      {marksOf(
        timeline,
        toldOf(timeline).map((change) => change.time),
      ).map((place) => (
        <rect
          key={place}
          x={percent(place)}
          y={top + statesHeight + 2}
          width="1.5"
          height={marksHeight - 2}
          className="fill-ink"
        />
      ))}
      {timeline.versions.map(({ offset, time: at, by }) => (
        <svg key={offset} x={percent(placeIn(timeline, at))} overflow="visible">
          <path
            d={`M0 ${top + statesHeight}V3M-3.5 0h7L0 5z`}
            className="fill-accent stroke-accent"
          >
            <title>{`another map, by ${by}, ${time(at)}`}</title>
          </path>
        </svg>
      ))}
    </svg>
  );
});

/** Round times under the strip. */
export const Axis = memo(function Axis({ timeline }: StripProps): ReactNode {
  const zone = useZone();
  const offset = zone === 'utc' ? 0 : -60_000 * new Date(timeline.to).getTimezoneOffset();
  const isLong = timeline.to - timeline.from > 48 * 3_600_000;
  return (
    <div aria-hidden="true" className="relative h-4 overflow-hidden text-tiny text-faint">
      {ticksOf(timeline, 6, offset).map((at) => (
        <span
          key={at}
          className="absolute -translate-x-1/2 whitespace-nowrap"
          style={{ left: percent(placeIn(timeline, at)) }}
        >
          {tickText(at, zone, isLong)}
        </span>
      ))}
    </div>
  );
});

function tickText(at: number, zone: Zone, isLong: boolean): string {
  const clock = formatClock(at, zone).slice(0, 5);
  const day = formatTime(at, zone).slice(5, 10);
  return isLong || clock === '00:00' ? `${day} ${clock === '00:00' ? '' : clock}`.trim() : clock;
}
