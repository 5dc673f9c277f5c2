import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { ApiError } from '../kit/api.ts';
import { queries, sessionQuery } from '../kit/queries.ts';
import { FailureAlone, NotFoundAlone, Pending } from './Failure.tsx';
import { Shell } from './Shell.tsx';

export const root = createRootRoute({
  notFoundComponent: NotFoundAlone,
  errorComponent: FailureAlone,
});

/** Everything behind the sign-in. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    try {
      await queries.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: { next: location.href } });
    }
  },
  component: Shell,
  errorComponent: FailureAlone,
  pendingComponent: Pending,
});
