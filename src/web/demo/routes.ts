import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { inside } from '../shell/inside.ts';

const demo = createRoute({
  getParentRoute: () => inside,
  path: '/demo',
  component: lazyRouteComponent(() => import('./DemoPage.tsx'), 'DemoPage'),
});

/** The page of the demo. */
export const demoRoutes = [demo] as const;
