import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { Button } from '../kit/Button.tsx';
import { Icon } from '../kit/Icon.tsx';
import { Legend } from './canvas/Legend.tsx';
import { type CanvasHandle, MapCanvas } from './canvas/MapCanvas.tsx';
import { ZoomButtons } from './canvas/ZoomButtons.tsx';
import { groupName, toggled } from './expand.ts';
import { MapSearchField } from './MapSearchField.tsx';
import { OpenGroups } from './OpenGroups.tsx';
import { ProcessBar } from './ProcessBar.tsx';
import type { MapSearch } from './search.ts';
import { Skeleton } from './Skeleton.tsx';
import { type MapModel, useMapState } from './store.ts';
import { useDrawing } from './use-drawing.ts';

const NodeDrawer = lazy(async () => ({
  default: (await import('./drawer/NodeDrawer.tsx')).NodeDrawer,
}));

interface PictureProps {
  readonly model: MapModel;
  readonly search: MapSearch;
  readonly change: (next: { readonly [K in keyof MapSearch]?: string | undefined }) => void;
}

/** The processes, the picture below them, and beside it the drawer of what is chosen. */
export function Picture({ model, search, change }: PictureProps): ReactNode {
  const canvas = useRef<CanvasHandle>(null);
  const sought = useRef<string>(undefined);
  const found = useDrawing(search.expand ?? '');
  const drawing = found.data;
  const { process, node } = search;
  const isPast = useMapState().kind === 'past';
  useEffect(() => {
    // A node in a group that had to be opened first.
    const id = sought.current;
    sought.current = undefined;
    if (id !== undefined) canvas.current?.goTo(id);
  }, [drawing]);
  const toggle = (group: string): void =>
    change({ expand: toggled(search.expand, group, drawing?.expanded ?? []) });
  const find = (id: string): void => {
    const box = drawing?.boxes.find(({ nodes }) => nodes.includes(id));
    if (box?.id === id) canvas.current?.goTo(id);
    else if (box) {
      sought.current = id;
      toggle(groupName(box.id));
    }
  };
  const close = (): void => {
    change({ node: undefined });
    if (node !== undefined) canvas.current?.goTo(node);
  };
  return (
    <div className="flex min-h-0 grow flex-col overflow-y-auto sm:overflow-clip">
      <ProcessBar
        model={model}
        focus={process}
        onFocus={(next) => change({ process: next })}
        onOpen={(id) => change({ node: id })}
      />
      <div className="relative flex min-h-[22rem] grow sm:min-h-0">
        <div
          className={`relative flex min-w-0 grow flex-col ${isPast ? 'border-4 border-double border-ink' : ''}`}
        >
          <div className="flex items-center gap-2 border-b border-line px-3 py-1.5 sm:hidden">
            <Link
              to="/map/table"
              className="inline-flex h-10 grow items-center gap-1.5 font-semibold text-accent"
            >
              <Icon name="table" />
              Read it as a table
            </Link>
            <MapSearchField model={model} onFind={find} className="w-40" />
          </div>
          <div className="relative min-h-0 grow overflow-clip">
            <Asking of={found} />
            {!drawing && found.isPending && <Skeleton />}
            {drawing && (
              <>
                <MapCanvas
                  ref={canvas}
                  drawing={drawing}
                  model={model}
                  process={process}
                  selected={node}
                  onOpen={(id) => change({ node: id })}
                  onToggle={toggle}
                  onLeave={() => change({ process: undefined })}
                />
                <p id="map-keys" className="sr-only">
                  Tab leads to a box, arrow keys along its lines, Enter opens it. On the picture
                  itself arrows pan, plus and minus zoom, 0 shows all of it.
                </p>
                <div className="absolute top-3 left-3 flex max-w-[calc(100%-1.5rem)] flex-wrap items-center gap-1.5 print:hidden">
                  <MapSearchField model={model} onFind={find} className="w-56 max-sm:hidden" />
                  <OpenGroups
                    drawing={drawing}
                    onToggle={(group) => toggle(groupName(group))}
                    onAll={(isOpen) => change({ expand: isOpen ? '*' : undefined })}
                  />
                  {process !== undefined && (
                    <Button icon="close" onClick={() => change({ process: undefined })}>
                      {`Only ${model.process(process)?.title ?? process}`}
                    </Button>
                  )}
                </div>
                <Legend />
                <ZoomButtons
                  onZoom={(factor) => canvas.current?.zoomBy(factor)}
                  onFit={() => canvas.current?.fit()}
                />
              </>
            )}
          </div>
        </div>
        {node !== undefined && (
          <Suspense fallback={null}>
            <NodeDrawer id={node} onClose={close} onOpen={(id) => change({ node: id })} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
