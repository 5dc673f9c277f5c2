import { ApiError } from '../kit/api.ts';
import { formatDuration } from '../kit/format.ts';
import type { MapState } from '../map/store.ts';

/** Data that is older is told of so that nobody can miss it, ms. */
const loudAfterMs = 30_000;

/** How old what is on the wall is. */
export interface DataAge {
  /** For the corner. */
  readonly text: string;
  /** What is wrong, for the band over everything; undefined: nothing is. */
  readonly loud: string | undefined;
}

/** `freshest`: when the newest event came, in this browser's clock; all times ms since the epoch. */
export function dataAge(state: MapState, freshest: number | undefined, now: number): DataAge {
  const age = freshest === undefined ? undefined : Math.max(0, now - freshest);
  const text = age === undefined ? 'no data yet' : `data ${seconds(age)} old`;
  if (state.kind === 'error')
    return { text, loud: `Not in contact with Territory: ${messageOf(state.error)}` };
  if (state.kind === 'stale' && state.why === 'lost')
    return {
      text,
      loud: `Connection lost for ${seconds(now - state.since)}: what you see is old`,
    };
  if (age === undefined)
    return { text, loud: state.kind === 'loading' ? undefined : 'No event has come yet' };
  if (age <= loudAfterMs) return { text, loud: undefined };
  return { text, loud: `No event has come for ${seconds(age)}: what you see may be old` };
}

const seconds = (ms: number): string =>
  formatDuration(Math.round(ms / 1000) * 1000 || 0).replace('0 ms', '0 s');

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Whether the wallboard itself is not let in, which waiting alone will hardly mend. */
export function isShutOut(state: MapState): boolean {
  if (state.kind !== 'error' || !(state.error instanceof ApiError)) return false;
  return state.error.status === 401 || state.error.status === 403;
}
