import { useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { MapFeed, MapFeedContext, type MapState, useMapState } from '../map/store.ts';
import { Board } from './Board.tsx';
import { isShutOut } from './data-age.ts';
import { Message } from './Message.tsx';
import { rotationOf, tokenIn } from './search.ts';
import { useHash } from './use-board.ts';
import { WallScreen } from './WallScreen.tsx';

/** A feed that was refused is made anew after so long: a wall has nobody to reload it. */
const afreshMs = 30_000;

/** The map for a screen on the wall: signed in by nobody, read from five metres, running for months. */
export function WallPage(): ReactNode {
  const search = useSearch({ from: '/wall' });
  const token = tokenIn(useHash());
  const [attempt, setAttempt] = useState(0);
  return (
    <WallScreen title="Wallboard" theme={search.theme}>
      <Feed
        key={`${token ?? ''} ${attempt}`}
        token={token}
        rotation={rotationOf(search)}
        onAfresh={() => setAttempt((was) => was + 1)}
      />
    </WallScreen>
  );
}

interface FeedProps {
  readonly token: string | undefined;
  readonly rotation: number | undefined;
  readonly onAfresh: () => void;
}

/** One connection: by the token of the address, or by the session of this browser. */
function Feed({ token, rotation, onAfresh }: FeedProps): ReactNode {
  const feed = useMemo(() => new MapFeed(token), [token]);
  return (
    <MapFeedContext value={feed}>
      <Shown hasToken={token !== undefined} rotation={rotation} onAfresh={onAfresh} />
    </MapFeedContext>
  );
}

function Shown(props: {
  readonly hasToken: boolean;
  readonly rotation: number | undefined;
  readonly onAfresh: () => void;
}): ReactNode {
  const { hasToken, rotation, onAfresh } = props;
  const state = useMapState();
  const isRefused = state.kind === 'error';
  useEffect(() => {
    if (!isRefused) return undefined;
    const timer = setTimeout(onAfresh, afreshMs);
    return () => clearTimeout(timer);
  }, [isRefused, onAfresh]);
  if (isShutOut(state)) return <Message error={errorOf(state)} hasToken={hasToken} path="/wall" />;
  return <Board rotation={rotation} />;
}

const errorOf = (state: MapState): unknown => (state.kind === 'error' ? state.error : undefined);
