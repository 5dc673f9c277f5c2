import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Scrollable } from '../kit/Scrollable.tsx';
import { Legend } from './canvas/Legend.tsx';
import { groupName } from './expand.ts';
import { MapFrame } from './MapFrame.tsx';
import { MapSearchField } from './MapSearchField.tsx';
import { DataAge } from './Notices.tsx';
import { OpenGroups } from './OpenGroups.tsx';
import { Picture } from './Picture.tsx';
import { PrintNote } from './print/PrintNote.tsx';
import { ProcessNews } from './ProcessNews.tsx';
import type { MapSearch } from './search.ts';
import { type MapModel, useMapFeed } from './store.ts';
import type { Shown } from './use-moment.ts';
import { type Change, usePicture } from './use-picture.ts';

const TimeSlider = lazy(async () => ({
  default: (await import('./slider/TimeSlider.tsx')).TimeSlider,
}));

interface DrawnMapProps {
  readonly model: MapModel;
  readonly search: MapSearch;
  readonly change: Change;
  readonly moment: Shown;
  /** What is to be said before the picture. */
  readonly notices: ReactNode;
}

/** There is room for the time below the picture without asking. */
const isHigh = (): boolean => matchMedia('(min-height: 60rem) and (min-width: 40rem)').matches;

/** The map where one is declared: what can be done with it on top, the picture, the time below. */
export function DrawnMap({ model, search, change, moment, notices }: DrawnMapProps): ReactNode {
  const { ahead } = useMapFeed();
  const parts = usePicture(search, change);
  const isPast = moment.at !== undefined;
  // Who comes back from the past still has the slider that brought him there.
  const [isTimeOpen, setTimeOpen] = useState(() => isPast || isHigh());
  const { process } = search;
  return (
    <MapFrame
      title="Map"
      isFixed
      status={<DataAge />}
      actions={
        <>
          {process !== undefined && (
            <Button icon="close" onClick={() => change({ process: undefined })}>
              {`Only ${model.process(process)?.title ?? process}`}
            </Button>
          )}
          {parts.found.data && (
            <div className="flex flex-wrap items-center gap-2 max-sm:hidden">
              <OpenGroups
                drawing={parts.found.data}
                onToggle={(group) => parts.toggle(groupName(group))}
                onAll={(isOpen) => change({ expand: isOpen ? '*' : undefined })}
              />
            </div>
          )}
          <MapSearchField model={model} onFind={parts.find} className="w-48 sm:w-52" />
          <Legend />
          <Button
            icon="clock"
            aria-pressed={isTimeOpen || isPast}
            onClick={() => setTimeOpen(!isTimeOpen)}
            because={isPast ? 'The past is shown: go back to now first' : undefined}
          >
            <span className="max-sm:sr-only">Look back</span>
          </Button>
        </>
      }
    >
      {notices}
      <ProcessNews model={model} />
      {model.nodes.length > 0 ? (
        <Picture parts={parts} model={model} search={search} change={change} />
      ) : (
        <NoMapThen />
      )}
      <PrintNote />
      {(isTimeOpen || isPast) && (
        <Suspense fallback={null}>
          <TimeSlider at={moment.at} onMove={moment.move} onAhead={ahead} titleOf={model.titleOf} />
        </Suspense>
      )}
    </MapFrame>
  );
}

function NoMapThen(): ReactNode {
  return (
    <Scrollable label="No map then" className="min-h-0 grow overflow-y-auto">
      <EmptyState title="No map was declared at that time">
        <p>So nothing is known of how anything was. Move the slider on, or go back to now.</p>
      </EmptyState>
    </Scrollable>
  );
}
