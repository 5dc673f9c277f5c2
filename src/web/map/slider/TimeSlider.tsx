import type { ReactNode } from 'react';
import type { TimelineAnswer } from '../../../server/api/contract-map-detail.ts';
import { Asking } from '../../kit/Asking.tsx';
import { useNow } from '../../kit/clock.ts';
import { counted, formatCount } from '../../kit/format.ts';
import { useZone } from '../../kit/preferences.ts';
import { Scrollable } from '../../kit/Scrollable.tsx';
import { ChangeList } from './ChangeList.tsx';
import { Controls } from './Controls.tsx';
import { countOf, momentBefore, toldOf } from './moments.ts';
import { Track } from './Track.tsx';
import { useSlider } from './use-slider.ts';
import { type TitleOf, valueText } from './words.ts';

interface TimeSliderProps {
  /** The time that the map is shown of, ms since the epoch; undefined: now. */
  readonly at: number | undefined;
  readonly onMove: (at: number | undefined) => void;
  /** The map of these times will be wanted soon. */
  readonly onAhead: (times: readonly number[]) => void;
  readonly titleOf: TitleOf;
}

/** Shows the map as it was at any moment of the recorded past, and plays it forward. */
export function TimeSlider({ at, onMove, onAhead, titleOf }: TimeSliderProps): ReactNode {
  const zone = useZone();
  const now = useNow();
  const slider = useSlider({ at, onMove, onAhead, now });
  const { timeline, playback } = slider;
  return (
    <section aria-label="Time" className="shrink-0 border-t border-line bg-panel pt-2 print:hidden">
      <div className="px-3 sm:px-5">
        {timeline && (
          <Controls
            {...playback}
            onPlay={slider.play}
            onSpeed={playback.setSpeed}
            onSkipsQuiet={playback.setSkipsQuiet}
            chosen={slider.chosen}
            span={timeline}
            onChoose={slider.choose}
            isPast={slider.at !== undefined}
            onNow={slider.toNow}
          />
        )}
        <Asking of={slider.found} />
        {timeline && (
          <div className="pt-2 pb-1">
            <Track
              timeline={timeline}
              moments={slider.moments}
              endsNow={slider.endsNow}
              isFixed={'span' in slider.chosen}
              at={slider.at}
              valueText={valueText({ at: slider.at, timeline, zone, now, titleOf })}
              onMove={slider.move}
            />
          </div>
        )}
      </div>
      {timeline && (
        <details className="pb-2">
          <summary className="min-h-6 cursor-pointer px-3 text-soft sm:px-5">
            {countText(timeline)}
          </summary>
          <Scrollable
            label="Changes in this window"
            className="max-h-36 overflow-y-auto sm:max-h-[min(16rem,35vh)]"
          >
            <ChangeList
              timeline={timeline}
              titleOf={titleOf}
              at={momentBefore(
                toldOf(timeline).map(({ time }) => time),
                slider.at ?? timeline.to,
              )}
              onGo={slider.move}
            />
          </Scrollable>
        </details>
      )}
    </section>
  );
}

function countText(timeline: TimelineAnswer): string {
  const rest = timeline.cut
    ? `; the newest ${formatCount(timeline.changes.length)} are stepped through`
    : '';
  return `${counted(countOf(timeline), 'change')} in this window${rest}`;
}
