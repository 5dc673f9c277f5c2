import type { ReactNode } from 'react';
import { ApiError } from '../kit/api.ts';

/** Why nothing is shown, and what somebody with a keyboard does about it. */
export function Message(props: {
  readonly error: unknown;
  readonly hasToken: boolean;
  /** Of the wallboard: /wall */
  readonly path: string;
}): ReactNode {
  const { error, hasToken, path } = props;
  const status = error instanceof ApiError ? error.status : undefined;
  return (
    <div className="wall-message" role="alert">
      <h1>{titleOf(status, hasToken)}</h1>
      <p>A wallboard is shown by a token that may read and nothing else. Make one:</p>
      <pre>territory token create wall --may read</pre>
      <p>
        and open{' '}
        <code>
          {location.origin}
          {path}#token=tty_…
        </code>{' '}
        on this screen. What stands after the # never leaves the browser in an address.
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
