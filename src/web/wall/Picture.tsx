import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { DrawingAnswer } from '../../server/api/contract-map-drawing.ts';
import { useNow } from '../kit/clock.ts';
import { Frames } from '../map/canvas/Frames.tsx';
import { Lines } from '../map/canvas/Lines.tsx';
import { GroupBox, NodeBox } from '../map/canvas/NodeBox.tsx';
import { type MapModel, useMapFeed } from '../map/store.ts';
import { quadrantWords } from '../map/table/words.ts';
import { type Part, partsOf, scaleOf, shownOf, turnAt, viewBoxOf } from './parts-in-turn.ts';
import '../map/canvas/canvas.css';

/** From here on the smaller text of a box is 24 px on the wall. */
const nearFrom = 24 / 13;
const nothing: ReadonlySet<string> = new Set();
const retryMs = 10_000;

/** The drawing of the map that is declared; asked for until it is answered. */
export function useWallDrawing(model: MapModel | undefined): UseQueryResult<DrawingAnswer> {
  const feed = useMapFeed();
  return useQuery({
    queryKey: ['map', 'wall', feed.identity, model?.version?.hash],
    queryFn: ({ signal }) => feed.get<DrawingAnswer>('/api/v1/map/drawing', signal),
    enabled: model !== undefined && model.nodes.length > 0,
    // Another map is another question.
    staleTime: Infinity,
    refetchInterval: (query) => (query.state.data ? false : retryMs),
  });
}

interface PictureProps {
  readonly model: MapModel;
  readonly found: UseQueryResult<DrawingAnswer>;
  /** How long each quadrant stands, ms; undefined: the whole map all the time. */
  readonly rotation: number | undefined;
}

/** The map as large as fits; the quadrants in turn where that was asked for. */
export function Picture({ model, found, rotation }: PictureProps): ReactNode {
  const now = useNow();
  const { data, error } = found;
  if (!data)
    return (
      <p className="wall-nothing">{error ? `No picture: ${error.message}` : 'Drawing the map…'}</p>
    );
  const parts = partsOf(data, rotation !== undefined);
  const part = parts[turnAt(now, rotation, parts.length)];
  return part && <Drawn drawing={data} model={model} part={part} />;
}

/** Nothing in it can be reached or pressed: it is for looking at. */
function Drawn(props: {
  readonly drawing: DrawingAnswer;
  readonly model: MapModel;
  readonly part: Part;
}): ReactNode {
  const { drawing, model, part } = props;
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 1340, height: 920 });
  useEffect(() => {
    const into = box.current;
    if (!into) return undefined;
    const watch = new ResizeObserver(() =>
      setSize({ width: into.clientWidth || 1, height: into.clientHeight || 1 }),
    );
    watch.observe(into);
    return () => watch.disconnect();
  }, []);
  const { width, height } = size;
  const { frames, boxes, lines } = shownOf(drawing, part);
  return (
    <div ref={box} inert className="wall-drawn">
      {part.quadrant && <p className="wall-quadrant">{quadrantWords[part.quadrant]}</p>}
      <svg
        className="map-picture size-full"
        viewBox={viewBoxOf(part, width, height)}
        data-detail={scaleOf(part, width, height) >= nearFrom ? 'near' : 'far'}
      >
        <Frames drawing={{ ...drawing, frames }} />
        <Lines lines={lines} focus={undefined} chain={nothing} near={undefined} />
        {boxes.map((one) => {
          const Box = one.id.startsWith('group:') ? GroupBox : NodeBox;
          return (
            <Box
              key={one.id}
              box={one}
              titleOf={model.titleOf}
              isTabStop={false}
              isFaded={false}
              isOnChain={false}
              isSelected={false}
            />
          );
        })}
      </svg>
    </div>
  );
}
