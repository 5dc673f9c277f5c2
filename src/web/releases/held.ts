import type { StandingGate } from '../gates/standing.ts';

/**
 * What keeps deploys out of a place now, the first in the order of the rules. Scopes are texts as the
 * API writes them: `all`, `production`, `shop@all`, `shop@production`.
 */
export const heldBy = (
  gates: readonly StandingGate[],
  app: string,
  environment: string,
): StandingGate | undefined =>
  gates.find(({ state, scope }) => state === 'warning' && covers(scope, app, environment));

function covers(scope: string, app: string, environment: string): boolean {
  const at = scope.lastIndexOf('@');
  const place = scope.slice(at + 1);
  return (at < 0 || scope.slice(0, at) === app) && (place === 'all' || place === environment);
}
