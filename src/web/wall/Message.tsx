import type { ReactNode } from 'react';
import { ApiError } from '../kit/api.ts';
import type { MapState } from '../map/store.ts';

/** Why nothing is shown, and what somebody with a keyboard does about it. */
export function Message(props: {
  readonly state: MapState;
  readonly hasToken: boolean;
}): ReactNode {
  const { state, hasToken } = props;
  const error = state.kind === 'error' ? state.error : undefined;
  const status = error instanceof ApiError ? error.status : undefined;
  return (
    <div className="wall-message" role="alert">
      <h1>{titleOf(status, hasToken)}</h1>
      <p>A wallboard shows the map by a token that may read and nothing else. Make one:</p>
      <pre>territory token create wall --may read</pre>
      <p>
        and open <code>{location.origin}/wall#token=tty_…</code> on this screen. What stands after
        the # never leaves the browser in an address.
      </p>
      {error instanceof Error && <p className="wall-faint">The answer was: {error.message}</p>}
      <p className="wall-faint">It is tried again every 30 s.</p>
    </div>
  );
}

function titleOf(status: number | undefined, hasToken: boolean): string {
  if (!hasToken) return 'This wallboard is not signed in';
  return status === 403
    ? 'The token of this wallboard may not read'
    : 'The token of this wallboard is not valid';
}
