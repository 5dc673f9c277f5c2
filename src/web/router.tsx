import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { exploreSearch } from './explore/search.ts';
import { ApiError } from './kit/api.ts';
import { pickText } from './kit/pick-text.ts';
import { queries, sessionQuery } from './kit/queries.ts';
import { Failure, FailureAlone, NotFound, NotFoundAlone, Pending } from './shell/Failure.tsx';
import { Shell } from './shell/Shell.tsx';
import { SignIn } from './shell/SignIn.tsx';
import { streamSearch } from './stream/search.ts';
import { StreamPage } from './stream/StreamPage.tsx';

const root = createRootRoute({ notFoundComponent: NotFoundAlone, errorComponent: FailureAlone });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['next']),
  component: SignIn,
});

/** Everything behind the sign-in. */
const inside = createRoute({
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

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/stream', replace: true });
  },
});

const stream = createRoute({
  getParentRoute: () => inside,
  path: '/stream',
  validateSearch: streamSearch,
  component: StreamPage,
});

const explore = createRoute({
  getParentRoute: () => inside,
  path: '/explore',
  validateSearch: exploreSearch,
  component: lazyRouteComponent(() => import('./explore/ExplorePage.tsx'), 'ExplorePage'),
});

const itself = createRoute({
  getParentRoute: () => inside,
  path: '/itself',
  component: lazyRouteComponent(() => import('./itself/ItselfPage.tsx'), 'ItselfPage'),
});

/** Addresses are plain texts (`?where=…&by=host,service`), so that people can read and write them. */
export const router = createRouter({
  routeTree: root.addChildren([signIn, inside.addChildren([home, stream, explore, itself])]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const kept = Object.entries(search).flatMap(([k, v]) =>
      v === undefined || v === '' ? [] : [[k, String(v)]],
    );
    const text = new URLSearchParams(kept).toString();
    return text && `?${text}`;
  },
  defaultPreload: 'intent',
  defaultPendingComponent: Pending,
  defaultErrorComponent: Failure,
  defaultNotFoundComponent: NotFound,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
