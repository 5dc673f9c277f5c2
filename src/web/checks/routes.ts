import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { pickText } from '../kit/pick-text.ts';
import { inside } from '../shell/inside.ts';

const checkPages = () => import('./pages.ts');

const checks = createRoute({
  getParentRoute: () => inside,
  path: '/checks',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['q', 'only']),
  component: lazyRouteComponent(checkPages, 'ChecksPage'),
});

const check = createRoute({
  getParentRoute: () => inside,
  path: '/checks/$id',
  component: lazyRouteComponent(checkPages, 'CheckPage'),
});

const checkRun = createRoute({
  getParentRoute: () => inside,
  path: '/checks/$id/runs/$slot',
  component: lazyRouteComponent(checkPages, 'RunPage'),
});

const features = createRoute({
  getParentRoute: () => inside,
  path: '/checks/features',
  component: lazyRouteComponent(checkPages, 'FeaturesPage'),
});

const feature = createRoute({
  getParentRoute: () => inside,
  path: '/checks/feature',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['file', 'line']),
  component: lazyRouteComponent(checkPages, 'FeaturePage'),
});

const steps = createRoute({
  getParentRoute: () => inside,
  path: '/checks/steps',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['q']),
  component: lazyRouteComponent(checkPages, 'StepsPage'),
});

const flakes = createRoute({
  getParentRoute: () => inside,
  path: '/checks/flakes',
  component: lazyRouteComponent(checkPages, 'FlakesPage'),
});

const budgets = createRoute({
  getParentRoute: () => inside,
  path: '/checks/budgets',
  validateSearch: (raw: Record<string, unknown>) => pickText(raw, ['q']),
  component: lazyRouteComponent(checkPages, 'BudgetsPage'),
});

/** The pages of checks. */
export const checkRoutes = [
  checks,
  check,
  checkRun,
  features,
  feature,
  steps,
  flakes,
  budgets,
] as const;
