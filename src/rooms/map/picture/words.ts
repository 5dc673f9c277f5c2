import type { HealthState } from '../health.ts';
import type { EdgeKind, Quadrant } from '../model.ts';

/** The quadrants as people read them. */
export const quadrantTitles: Readonly<Record<Quadrant, string>> = {
  development: 'Development',
  pipeline: 'Delivery pipeline',
  production: 'Production',
  support: 'User issues and support',
};

/** The states as people read them. */
export const stateWords: Readonly<Record<HealthState, string>> = {
  ok: 'ok',
  'at-risk': 'at risk',
  degraded: 'degraded',
  down: 'down',
  'no-evidence': 'no evidence',
};

export const edgeWords: Readonly<Record<EdgeKind, string>> = {
  flow: 'flow',
  hard: 'needs',
  soft: 'can do without',
  member: 'needs some of',
  escalation: 'escalates to',
};
