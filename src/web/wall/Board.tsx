import type { ReactNode } from 'react';
import { useNow } from '../kit/clock.ts';
import { type MapModel, useFreshest, useMapModel, useMapState } from '../map/store.ts';
import { dataAge } from './data-age.ts';
import { sideFor } from './parts-in-turn.ts';
import { Picture, useWallDrawing } from './Picture.tsx';
import { ProcessTiles } from './ProcessTiles.tsx';
import { WallFoot, WallLoud } from './WallScreen.tsx';

/** What hangs on the wall: the processes, the picture, the clock and the age of it all. */
export function Board({ rotation }: { readonly rotation: number | undefined }): ReactNode {
  const now = useNow();
  const model = useMapModel();
  const state = useMapState();
  const found = useWallDrawing(model);
  const side = sideFor(found.data && { x: 0, y: 0, ...found.data }, model?.processes.length ?? 0);
  const { text, loud } = dataAge(state, useFreshest(), now);
  return (
    <div className="wall-frame" data-loud={loud !== undefined}>
      {loud !== undefined && <WallLoud>{loud}</WallLoud>}
      <div className="wall-body" data-side={side}>
        <ProcessTiles now={now} />
        <div className="wall-picture">
          {model ? <Content model={model} found={found} rotation={rotation} /> : <Waiting />}
        </div>
      </div>
      <WallFoot title={model?.title ?? ''} age={text} isLoud={loud !== undefined} now={now} />
    </div>
  );
}

function Content(props: {
  readonly model: MapModel;
  readonly found: ReturnType<typeof useWallDrawing>;
  readonly rotation: number | undefined;
}): ReactNode {
  if (props.model.nodes.length === 0)
    return <p className="wall-nothing">No map is declared yet: there is no map.yaml.</p>;
  return <Picture {...props} />;
}

const Waiting = (): ReactNode => <p className="wall-nothing">Asking Territory…</p>;
