import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { Asking } from '../kit/Asking.tsx';
import { Icon } from '../kit/Icon.tsx';
import { MapCanvas } from './canvas/MapCanvas.tsx';
import { ZoomButtons } from './canvas/ZoomButtons.tsx';
import { ProcessBar } from './ProcessBar.tsx';
import type { MapSearch } from './search.ts';
import { Skeleton } from './Skeleton.tsx';
import { type MapModel, useMapState } from './store.ts';
import type { Change, PictureParts } from './use-picture.ts';

const NodeDrawer = lazy(async () => ({
  default: (await import('./drawer/NodeDrawer.tsx')).NodeDrawer,
}));

interface PictureProps {
  readonly parts: PictureParts;
  readonly model: MapModel;
  readonly search: MapSearch;
  readonly change: Change;
}

/** The processes, the picture below them, and beside it the drawer of what is chosen. */
export function Picture({ parts, model, search, change }: PictureProps): ReactNode {
  const { canvas, found, toggle } = parts;
  const { process, node } = search;
  const isPast = useMapState().kind === 'past';
  return (
    <div className="flex min-h-0 grow flex-col overflow-y-auto sm:overflow-clip">
      <ProcessBar
        model={model}
        focus={process}
        onFocus={(next) => change({ process: next })}
        onOpen={(id) => change({ node: id })}
      />
      <Link
        to="/map/table"
        className="mx-3 inline-flex h-12 shrink-0 items-center gap-1.5 font-semibold text-accent sm:hidden"
      >
        <Icon name="table" />
        Read it as a table
      </Link>
      <div
        // As high as the whole picture is where the page scrolls.
        style={{ aspectRatio: found.data && `${found.data.width} / ${found.data.height}` }}
        className="flex min-h-48 shrink-0 grow sm:aspect-auto! sm:min-h-0 sm:shrink"
      >
        <div
          className={`relative min-w-0 grow overflow-clip ${isPast ? 'border-4 border-double border-ink' : ''}`}
        >
          <Asking of={found} />
          {!found.data && found.isPending && <Skeleton />}
          {found.data && (
            <>
              <MapCanvas
                ref={canvas}
                drawing={found.data}
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
              <ZoomButtons
                onZoom={(factor) => canvas.current?.zoomBy(factor)}
                onFit={() => canvas.current?.fit()}
              />
            </>
          )}
        </div>
        {node !== undefined && (
          <Suspense fallback={null}>
            <NodeDrawer
              id={node}
              onOpen={(id) => change({ node: id })}
              onClose={() => {
                change({ node: undefined });
                canvas.current?.goTo(node);
              }}
            />
          </Suspense>
        )}
      </div>
    </div>
  );
}
