import { Link, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError } from '../kit/api.ts';
import { Button } from '../kit/Button.tsx';
import { EmptyState } from '../kit/EmptyState.tsx';
import { Page } from '../kit/Page.tsx';
import { queries } from '../kit/queries.ts';

/** A page broke, or the server could not be asked: says which, and offers to try again. */
export function Failure({ error, reset }: { error: unknown; reset?: () => void }): ReactNode {
  const router = useRouter();
  const silent = error instanceof ApiError && error.problem === undefined;
  const again = (): void => {
    queries.removeQueries({ predicate: (q) => q.state.status === 'error' });
    reset?.();
    void router.invalidate();
  };
  return (
    <Page title={silent ? 'No answer' : 'This page failed'}>
      <EmptyState
        title={silent ? 'The server does not answer' : 'Something went wrong on this page'}
        actions={
          <Button look="primary" onClick={again}>
            Try again
          </Button>
        }
      >
        <p>{error instanceof Error ? error.message : String(error)}</p>
        <p>
          {silent
            ? 'Check that “territory serve” is running and that this browser can reach it. Nothing that was acknowledged is lost.'
            : 'The rest of the console still works. If it happens again, the message above is what to report.'}
        </p>
      </EmptyState>
    </Page>
  );
}

/** No route has this address. */
export function NotFound(): ReactNode {
  return (
    <Page title="Not found">
      <EmptyState
        title="There is no page at this address"
        actions={
          <Link to="/map" className="font-semibold text-accent underline">
            Go to the map
          </Link>
        }
      >
        <p className="font-mono wrap-anywhere">{location.pathname}</p>
      </EmptyState>
    </Page>
  );
}

/** As `Failure`, where there is no shell around it. */
export const FailureAlone = (props: { error: unknown; reset?: () => void }): ReactNode => (
  <main className="h-full">
    <Failure {...props} />
  </main>
);

/** As `NotFound`, where there is no shell around it. */
export const NotFoundAlone = (): ReactNode => (
  <main className="h-full">
    <NotFound />
  </main>
);

/** While a page's code or the session is on its way. */
export function Pending(): ReactNode {
  return (
    <output className="block p-5 text-soft">
      <span className="breathe">Loading…</span>
    </output>
  );
}
