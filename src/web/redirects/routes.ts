import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { pickText } from '../kit/pick-text.ts';
import { inside } from '../shell/inside.ts';

const redirectPages = () => import('./pages.ts');

const redirects = createRoute({
  getParentRoute: () => inside,
  path: '/redirects',
  component: lazyRouteComponent(redirectPages, 'RedirectsPage'),
});

const redirectMap = createRoute({
  getParentRoute: () => inside,
  path: '/redirects/$name',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['rule', 'days']),
  component: lazyRouteComponent(redirectPages, 'RedirectMapPage'),
});

/** The pages of redirect maps. */
export const redirectRoutes = [redirects, redirectMap] as const;
