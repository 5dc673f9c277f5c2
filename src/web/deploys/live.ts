import { useEffect, useState } from 'react';
import type { Deploy, LogPiece } from '../../server/api/contract-deploys.ts';
import { type ApiError, request } from '../kit/api.ts';
import { follow } from '../stream/follow.ts';
import { followPath } from './api.ts';

/** A page keeps so much of a log, characters; the rest is on the server. */
const keptCharacters = 1_000_000;

/** A deploy as it is, and as much of its log as a page keeps. */
export interface LiveDeploy {
  readonly deploy: Deploy | undefined;
  readonly log: string;
  /** Bytes at its beginning that are not kept here. */
  readonly cut: boolean;
  readonly logEnded: boolean;
  /** Since when it is not followed any more, ms since the epoch; undefined: it is. */
  readonly lostAt: number | undefined;
  /** Why it is not tried again. */
  readonly refusal: ApiError | undefined;
}

const nothing: LiveDeploy = {
  deploy: undefined,
  log: '',
  cut: false,
  logEnded: false,
  lostAt: undefined,
  refusal: undefined,
};

/** One message of the stream taken in. */
export function heard(
  before: LiveDeploy,
  { event, data }: { readonly event: string; readonly data: string },
): LiveDeploy {
  if (event === 'deploy') return { ...before, deploy: JSON.parse(data) as Deploy }; // by the server's schema
  if (event !== 'log') return before;
  const piece = JSON.parse(data) as LogPiece; // likewise
  const all = before.log + piece.text;
  const isLong = all.length > keptCharacters;
  return {
    ...before,
    // From a line's beginning on.
    log: isLong ? all.slice(all.indexOf('\n', all.length - keptCharacters) + 1) : all,
    cut: before.cut || isLong,
    logEnded: piece.ended,
  };
}

/** Follows one deploy for as long as it is shown; whoever shows another one gives it another `key`. */
export function useLiveDeploy(id: string): LiveDeploy {
  const [live, setLive] = useState(nothing);
  useEffect(() => {
    const ending = new AbortController();
    void follow(
      {
        open: (signal, lastId) =>
          request(followPath(id, 0), {
            signal,
            headers: lastId === '' ? {} : { 'last-event-id': lastId },
          }),
        onOpen: () => setLive((was) => ({ ...was, lostAt: undefined, refusal: undefined })),
        onMessage: (message) => setLive((was) => heard(was, message)),
        onLost: ({ refusal }) =>
          setLive((was) => ({ ...was, refusal, lostAt: was.lostAt ?? Date.now() })),
      },
      ending.signal,
    );
    return () => ending.abort();
  }, [id]);
  return live;
}
