import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Builds } from '../../../server/api/contract-builds.ts';
import type { Where } from '../../../server/api/contract-releases.ts';
import { ApiError, request } from '../../kit/api.ts';
import { useNow } from '../../kit/clock.ts';
import { requestAs } from '../../map/live/request-as.ts';
import { Message } from '../Message.tsx';
import { tokenIn } from '../search.ts';
import { useHash } from '../use-board.ts';
import { WallScreen } from '../WallScreen.tsx';
import { redKeys, turnedRed } from './board-data.ts';
import { BuildBoard } from './BuildBoard.tsx';
import { type Siren, openSiren } from './siren.ts';
import './builds.css';

const refreshMs = 3_000;
const afreshMs = 30_000;

/** Builds and deploys for a screen on the wall: big, and loud when one turns red. */
export function BuildBoardPage(): ReactNode {
  const search = useSearch({ from: '/wall/builds' });
  const token = tokenIn(useHash());
  const builds = useAnswer<Builds>('/api/v1/builds', token);
  const where = useAnswer<Where>('/api/v1/releases/where', token);
  const siren = useSiren(search.sound === 'on', builds.data);
  const now = useNow();
  const error = builds.error ?? where.error;
  const isShutOut =
    error instanceof ApiError && (error.status === 401 || error.status === 403) && !builds.data;
  return (
    <WallScreen title="Builds" theme={search.theme}>
      {isShutOut ? (
        <Message error={error} hasToken={token !== undefined} path="/wall/builds" />
      ) : (
        <BuildBoard
          builds={builds.data}
          where={where.data}
          askedAt={Math.min(builds.dataUpdatedAt, where.dataUpdatedAt)}
          error={error}
          sound={siren}
          now={now}
        />
      )}
    </WallScreen>
  );
}

/** Asks again and again, by the token of the address or by the session of this browser. */
function useAnswer<T>(path: string, token: string | undefined) {
  return useQuery({
    queryKey: ['wall', path, token ?? ''],
    queryFn: async ({ signal }) => {
      const response = await (token === undefined
        ? request(path, { signal })
        : requestAs(token, path, { signal }));
      return (await response.json()) as T; // the server's own schema made it
    },
    refetchInterval: ({ state }) => (state.status === 'error' ? afreshMs : refreshMs),
    refetchIntervalInBackground: true,
    retry: false,
  });
}

/** Sounds when something turned red; says whether it can be heard, undefined where it is not wanted. */
function useSiren(isWanted: boolean, builds: Builds | undefined): boolean | undefined {
  const siren = useRef<Siren>(undefined);
  const before = useRef<ReadonlySet<string>>(undefined);
  const [isHeard, setHeard] = useState(false);
  useEffect(() => {
    if (!isWanted) return undefined;
    const opened = openSiren();
    siren.current = opened;
    const look = (): void => setHeard(opened.isHeard());
    const timer = setInterval(look, refreshMs);
    const onClick = (): void => opened.sound();
    addEventListener('click', onClick);
    look();
    return () => {
      clearInterval(timer);
      removeEventListener('click', onClick);
      siren.current = undefined;
      opened.close();
    };
  }, [isWanted]);
  useEffect(() => {
    if (!builds) return;
    const red = redKeys(builds.builds);
    if (turnedRed(before.current, red).length > 0) siren.current?.sound();
    before.current = red;
  }, [builds]);
  return isWanted ? isHeard : undefined;
}
